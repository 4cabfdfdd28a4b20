import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { proveRequest } from '../../../src/evidence/erasure/proof.ts';
import type { Ledger } from '../../../src/store/ledger.ts';
import { ledgerFiles, openLedger } from '../../../src/store/open.ts';
import { dsr } from '../../helpers/program.ts';
import { makeService } from '../../helpers/service.ts';

const READER = resolve(import.meta.dirname, '../../faults/reader-child.ts');

let cwd: string;

beforeEach(async () => {
  cwd = await makeService();
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const run = async (...argv: readonly string[]) => {
  const { exit, stdout, stderr } = await dsr([...argv, '--json'], { cwd });
  return { exit, said: JSON.parse(stdout === '' ? stderr : stdout) as Record<string, unknown> };
};
const deleteAda = () => run('delete', 'user_id:1', '--method', 'account', '--yes');

/** A process that keeps the write-ahead log from being emptied. */
async function startReader() {
  const child = spawn(process.execPath, [READER, join(cwd, 'dsr.db')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return {
    async end() {
      const ended = once(child, 'close');
      child.stdin.end();
      await ended;
    },
  };
}

async function withLedger<T>(fn: (ledger: Ledger) => Promise<T>): Promise<T> {
  const actor = { name: 'tester', login: 'tester' };
  const files = ledgerFiles(join(cwd, 'dsr.db'));
  const ledger = await openLedger({ files, actor, now: '2026-01-06T09:00:00Z', asOf: false, write: true });
  try {
    return await fn(ledger);
  } finally {
    await ledger.store.close();
  }
}

describe('while another process reads', () => {
  test('the bytes are pending and are found, where the log keeps them; the next purge ends it', async () => {
    const reader = await startReader();
    const deleted = await deleteAda();
    expect(deleted.exit).toBe(11);
    expect(deleted.said).toMatchObject({ bytes: 'pending', bytes_delay: 'in-use', proofs: [] });

    // The positive control: what was not scrubbed is found.
    const found = await run('prove', 'R-000001');
    expect(found.exit).toBe(6);
    expect(found.said).toMatchObject({ clean: false, bytes: 'pending', proof: { state: 'residue' } });
    const { places } = found.said.proof as { places: { kind: string }[] };
    expect(places.map(({ kind }) => kind)).toContain('page that the write-ahead log replaces');

    expect((await run('purge', '--yes')).exit).toBe(11);
    await reader.end();
    const purged = await run('purge', '--yes');
    expect(purged).toMatchObject({ exit: 0, said: { bytes_delay: null, proofs: [{ state: 'clean' }] } });
    expect(await run('prove', 'R-000001')).toMatchObject({ exit: 0, said: { clean: true, bytes: 'proven' } });
  });
});

describe('a large ledger', () => {
  test('is scrubbed by the next purge, which proves all that wait in one go', async () => {
    const policy = readFileSync(join(cwd, 'policy.yaml'), 'utf8');
    writeFileSync(join(cwd, 'policy.yaml'), `${policy}limits: { scrub_at_once_below: 1KB }\n`);
    await run('policy', 'apply', 'policy.yaml', '--yes');
    for (const id of ['1', '2']) {
      const deleted = await run('delete', `user_id:${id}`, '--method', 'account', '--yes');
      expect(deleted).toMatchObject({ exit: 0, said: { bytes: 'pending', bytes_delay: 'large' } });
    }
    const purged = await run('purge', '--yes');
    expect(purged).toMatchObject({
      exit: 0,
      said: {
        proofs: [
          { request: 'R-000001', state: 'clean' },
          { request: 'R-000002', state: 'clean' },
        ],
      },
    });
  });
});

describe('the proof', () => {
  test('is noted with counts alone, and moves the request on what was seen', async () => {
    await deleteAda();
    await withLedger(async ({ store }) => {
      const { proofs, acts } = await store.read(async (tx) => ({
        proofs: await tx.entries('proof'),
        acts: (await tx.auditRows(0, 1000)).map(({ entry }) => JSON.parse(entry) as { act: string }),
      }));
      expect(proofs).toMatchObject([{ state: 'clean', request: 1, epoch: 2, hits: { residue: 0 } }]);
      expect(acts.at(-1)).toMatchObject({ act: 'bytes.proven', request: 1, facts: { epoch: 2, proof: 1 } });
      expect(JSON.stringify([proofs, acts])).not.toMatch(/ada|10115|203\.0/);
    });
  });

  test('sees a row that is back, whoever brought it', async () => {
    await deleteAda();
    await withLedger(async (ledger) => {
      await bringBack(ledger);
      const { proofs } = await proveRequest(ledger, 1, []);
      expect(proofs).toMatchObject([{ state: 'residue', places: [{ kind: 'row of record, body' }] }]);
    });
    expect((await run('request', 'show', 'R-000001')).said).toMatchObject({ outcome: { bytes: 'residue' } });
  });

  test('says that nobody can look again once the fingerprints are gone', async () => {
    await deleteAda();
    await withLedger(({ store, now, actor }) =>
      store.act({ act: 'test.done', at: now, actor }, (tx) => tx.dropFingerprints([1])),
    );
    expect(await run('prove', 'R-000001')).toMatchObject({
      exit: 4,
      said: { error: { code: 'fingerprints-gone' } },
    });
  });

  test('joins what a request erased before and after a hold', async () => {
    await run(
      'hold',
      'place',
      'user_id:1',
      '--source',
      'access_log',
      '--matter',
      '7',
      '--reason',
      'litigation',
    );
    expect((await deleteAda()).said).toMatchObject({ bytes: 'proven', request: { state: 'applied' } });
    const before = await fingerprintsOf(1);
    await run('hold', 'release', 'H-000001', '--reason', 'matter-closed');
    const { said } = await run('request', 'plan', 'R-000001');
    const { digest } = said.plan as { digest: string };
    const rest = await run('request', 'run', 'R-000001', '--yes', '--plan', digest);
    expect(rest).toMatchObject({ exit: 0, said: { bytes: 'proven', proofs: [{ state: 'clean' }] } });
    const after = await fingerprintsOf(1);
    expect(after.tags).toEqual(expect.arrayContaining([...before.tags]));
    expect(after.packed.length).toBeGreaterThanOrEqual(before.packed.length);
  });
});

describe('packages', () => {
  test('go with their person, also one whose process died; those of others stay', async () => {
    await run('access', 'user_id:1', '--method', 'account', '--yes', '--out', 'ada');
    await run('access', 'user_id:2', '--method', 'account', '--yes', '--out', 'bea');
    await withLedger(({ store, now, actor }) =>
      store.act({ act: 'test.done', at: now, actor }, async (tx) => {
        const [first] = await tx.entries('package');
        if (first !== undefined) await tx.put('package', { ...first, state: 'writing', manifest: undefined });
      }),
    );
    const partial = join(cwd, 'ada.partial-aB3dEf');
    await run('access', 'user_id:3', '--method', 'account', '--yes', '--out', 'ada.partial-aB3dEf');
    expect(existsSync(join(partial, 'data.json'))).toBe(true);

    expect(await deleteAda()).toMatchObject({ exit: 0, said: { packages: [{ removed: true }] } });
    expect(existsSync(join(cwd, 'ada'))).toBe(false);
    expect(existsSync(join(cwd, 'bea', 'manifest.json'))).toBe(true);
    expect(existsSync(join(partial, 'data.json'))).toBe(true);
    const states = await withLedger(({ store }) => store.read((tx) => tx.entries('package')));
    expect(states.map(({ state }) => state)).toEqual(['removed', 'written', 'written']);
  });
});

async function fingerprintsOf(request: number) {
  return withLedger(async ({ store }) => {
    const [found] = await store.read((tx) => tx.fingerprints([request]));
    if (found === undefined) throw new Error('no fingerprints');
    return found;
  });
}

/** The erased row once more, past the gate. */
async function bringBack({ store, now, actor, policyVersion }: Ledger): Promise<void> {
  const columns = ['id', 'name', 'email', 'born', 'zip'];
  const start = { source: 'users', file: 'users.csv', takenAt: now, loadedAt: now, policyVersion, columns };
  const load = await store.load(start);
  const body = JSON.stringify(['1', 'ada', 'ada@example.org', '1990-12-10', '10115']);
  await load.putRecords([{ key: '1', line: 2, at: undefined, body, reach: [] }]);
  const counts = {
    rows_read: 1,
    rows_kept: 1,
    rows_updated: 0,
    rows_vanished: 0,
    rows_rejected: 0,
    rows_suppressed: 0,
  };
  const end = {
    sha256: 'ab'.repeat(32),
    bytes: 40,
    head: 'cd'.repeat(32),
    continues: undefined,
    minAt: undefined,
    maxAt: undefined,
    snapshot: false,
    isAfterEdit: () => false,
    reachOf: () => [],
    counts,
  };
  await load.publish(end, { act: 'import.published', at: now, actor });
}
