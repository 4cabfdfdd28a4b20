import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readKeyFile } from '../../src/store/key-files.ts';
import { BackedUp, ERASED_VALUES } from '../evidence/backup/backed-up-ledger.ts';

const CHILD = fileURLToPath(new URL('../evidence/backup/restore-child.ts', import.meta.url));
const hasStrace = spawnSync('strace', ['-V']).status === 0;
/** Kills for each system call; the full sweep takes them all. */
const KILLS = Number(process.env.DSR_RESTORE_KILLS ?? 1);
const RESTORE = ['restore', 'one.db', '--identity', 'identity.txt', '--yes'];

/** Restores in a process that dies at the nth call of its own; says whether it came that far. */
function killAt(ledger: BackedUp, argv: readonly string[], call: string, nth: number): boolean {
  const inject = [
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${call}:signal=KILL:when=${nth}`,
  ];
  const child = spawnSync('strace', [...inject, process.execPath, CHILD, ledger.folder, ...argv], {
    encoding: 'utf8',
    // Node keeps compiled code by renaming files of its own.
    env: { ...process.env, DSR_NOW: '', DSR_LEDGER: '', NODE_DISABLE_COMPILE_CACHE: '1' },
  });
  if (child.status === 0) return false;
  expect(child.stderr).toBe('');
  return true;
}

const leftovers = (ledger: BackedUp) =>
  readdirSync(ledger.folder).filter((name) => /^dsr\.db\.(\d|restoring|books)/.test(name));

async function lastAct(ledger: BackedUp): Promise<string> {
  return ledger.within(({ store }) =>
    store.read(async (tx) => {
      const { size } = await tx.auditHead();
      const [row] = await tx.auditRows(size - 1, 1);
      return (JSON.parse(row?.entry ?? '{}') as { act: string }).act;
    }),
  );
}

describe.skipIf(!hasStrace)('a restore that is killed (needs strace)', () => {
  it.each([
    ['rename', 1],
    ['fsync,fdatasync', 5],
    ['pwrite64', 67],
    ['unlink', 4],
  ])('%s: leaves the ledger as it was, or restored', { timeout: 600_000 }, async (call, step) => {
    let [kills, restored] = [0, 0];
    for (let nth = 1; kills < KILLS; nth += step) {
      const ledger = await BackedUp.lived();
      const before = await lastAct(ledger);
      if (!killAt(ledger, RESTORE, call, nth)) break;
      kills += 1;
      const act = await lastAct(ledger);
      expect([before, 'ledger.restored']).toContain(act);
      restored += Number(act === 'ledger.restored');
      expect((await ledger.json('audit', 'verify')).ok).toBe(true);
      expect(ERASED_VALUES.filter((value) => ledger.bytes().includes(value))).toEqual([]);
      expect((await ledger.restore()).exit).toBe(0);
      expect(leftovers(ledger)).toEqual([]);
      expect(readKeyFile(ledger.path('dsr.db.key')).next).toBeUndefined();
    }
    expect(kills).toBeGreaterThan(0);
    console.info(`restore: ${kills} kills at ${call}, ${restored} of them after it was in place`);
  });

  it.each([
    ['rename', 1],
    ['fsync,fdatasync', 3],
  ])('%s: makes the lost ledger whole or not at all', { timeout: 600_000 }, async (call, step) => {
    let kills = 0;
    for (let nth = 1; kills < KILLS; nth += step) {
      const ledger = await BackedUp.lived();
      await ledger.done('journal', 'dsr.journal');
      for (const name of ['dsr.db', 'dsr.db.key']) renameSync(ledger.path(name), ledger.path(`lost-${name}`));
      if (!killAt(ledger, [...RESTORE, '--journal', 'dsr.journal'], call, nth)) break;
      kills += 1;
      if (existsSync(ledger.path('dsr.db'))) {
        expect(await lastAct(ledger)).toBe('ledger.recovered');
        continue;
      }
      rmSync(ledger.path('dsr.db.key'), { force: true });
      expect((await ledger.restore('--journal', 'dsr.journal')).exit).toBe(0);
      expect(await lastAct(ledger)).toBe('ledger.recovered');
      expect(leftovers(ledger)).toEqual([]);
    }
    expect(kills).toBeGreaterThan(0);
  });
});
