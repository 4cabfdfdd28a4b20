import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { readKeyFile } from '../../src/store/key-files.ts';
import type { LedgerFile } from '../../src/store/sqlite/swap.ts';
import { openCurrent } from '../../src/store/sqlite/swap.ts';
import { anAct, emptyLedger, withStore } from '../helpers/ledger-folder.ts';

const CHILD = fileURLToPath(new URL('./swap-child.ts', import.meta.url));
const ROUNDS = Number(process.env.DSR_FAULT_ROUNDS ?? 4);
const hasStrace = spawnSync('strace', ['-V']).status === 0;

interface Ended {
  readonly out: string;
  readonly err: string;
  readonly signal: NodeJS.Signals | null;
}

function run(file: LedgerFile, args: readonly string[], killAfter?: number): Promise<Ended> {
  const child = spawn(process.execPath, [CHILD, file.path, ...args]);
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString();
  });
  if (killAfter !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfter);
  return new Promise((resolve) => child.on('close', (_code, signal) => resolve({ out, err, signal })));
}

async function actsOf(file: LedgerFile): Promise<string[]> {
  return withStore(file, (store) =>
    store.read(async (tx) =>
      (await tx.auditRows(0, 100_000)).map(({ entry }) => (JSON.parse(entry) as { act: string }).act),
    ),
  );
}

function integrity(file: LedgerFile): unknown {
  const { db } = openCurrent(file);
  const answer: unknown = db.pragma('integrity_check', { simple: true });
  db.close();
  return answer;
}

describe('the swap', () => {
  it('loses no acknowledged entry while two writers work and scrubs are killed at random', {
    timeout: 120_000,
  }, async () => {
    const file = emptyLedger();
    const acknowledged: string[] = [];
    let killed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const writers = [0, 1].map((w) => run(file, ['write', `r${round}w${w}`, '1500']));
      for (let n = 0; n < 4; n++) {
        const scrub = await run(file, ['scrub'], Math.random() < 0.8 ? 150 + Math.random() * 350 : undefined);
        if (scrub.signal !== null) killed += 1;
        else expect(['scrubbed\n', 'in-use\n', '']).toContain(scrub.out);
      }
      for (const writer of await Promise.all(writers)) {
        expect(writer.err).toBe('');
        acknowledged.push(...writer.out.split('\n').filter((line) => line !== ''));
      }
    }
    expect(integrity(file)).toBe('ok');
    const present = new Set(await actsOf(file));
    expect(acknowledged.filter((act) => !present.has(act))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(0);
    console.info(`swap: ${acknowledged.length} entries acknowledged, ${killed} scrubs killed`);
  });

  describe.skipIf(!hasStrace)('killed at the nth system call (needs strace)', () => {
    it.each([
      ['rename', 1],
      ['unlink,unlinkat', 1],
      ['fsync,fdatasync', 2],
      ['ftruncate', 1],
      ['pwrite64', 41],
    ])(
      '%s: the ledger opens, holds what was acknowledged, and the next scrub ends well',
      { timeout: 240_000 },
      async (call, step) => {
        let faults = 0;
        for (let nth = 1; ; nth += step) {
          const file = emptyLedger();
          await withStore(file, (store) => store.act(anAct('kept.safe'), async () => {}));
          const inject = [
            '-f',
            '-qq',
            '-o',
            '/dev/null',
            '-e',
            `trace=${call}`,
            '-e',
            `inject=${call}:signal=KILL:when=${nth}`,
          ];
          const struck = spawnSync('strace', [...inject, process.execPath, CHILD, file.path, 'scrub'], {
            encoding: 'utf8',
          });
          if (struck.stdout === 'scrubbed\n') break;
          faults += 1;
          expect(integrity(file)).toBe('ok');
          expect(await withStore(file, (store) => store.scrub())).toBe('scrubbed');
          expect(await actsOf(file)).toEqual(['kept.safe']);
          expect(leftovers(file)).toEqual([]);
          expect(readKeyFile(file.keyPath).next).toBeUndefined();
        }
        console.info(`swap: ${faults} kills at ${call}`);
      },
    );
  });
});

/** Files beside the ledger that are neither it nor its keys. */
function leftovers(file: LedgerFile): string[] {
  return readdirSync(dirname(file.path)).filter((name) => /^dsr\.db\.\d/.test(name));
}

it('a key that is not the ledger’s is named for what it is, and nothing is made up', () => {
  const file = emptyLedger();
  const other = emptyLedger();
  expect(() => openCurrent({ ...file, keyPath: other.keyPath })).toThrow('does not open with its key file');
  expect(new Database(file.path).close()).toBeDefined();
});
