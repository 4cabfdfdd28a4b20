import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planBatch } from '../../../src/requests/batch/batch-plan.ts';
import { type BatchRunOptions, runBatch } from '../../../src/requests/batch/batch-run.ts';
import { openAll } from '../../../src/requests/opening/open.ts';
import { verifyRequest } from '../../../src/requests/verification/verify.ts';
import type { Ledger } from '../../../src/store/ledger.ts';
import { ledgerFiles, openLedger } from '../../../src/store/open.ts';
import { temporaryFolder } from '../../helpers/ledger-folder.ts';
import { dsr } from '../../helpers/program.ts';

const NOW = '2026-01-05T09:00:00Z';
const POLICY = `
controller: { name: Lumen, contact: privacy@lumen.example, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users: { files: "users*.csv", format: csv, mode: snapshot, account: true, key: [id], subject: { user_id: id, email: email }, category: account }
categories:
  account: { on_delete: erase }
`;

const USERS = `id,email\n${['ada', 'bruno', 'chen', 'dana'].map((name, at) => `${at + 1},${name}@people.example\n`).join('')}`;

async function withLedger<T>(folder: string, fn: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await openLedger({
    files: ledgerFiles(join(folder, 'dsr.db')),
    actor: { name: 'ada', login: 'ada' },
    now: NOW,
    asOf: false,
    write: true,
  });
  try {
    return await fn(ledger);
  } finally {
    await ledger.store.close();
  }
}

/** A ledger with four people who all want to be erased, and are verified. */
async function fourDeletions(): Promise<string> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'dsr.yaml'), POLICY);
  writeFileSync(join(folder, 'users.csv'), USERS);
  await dsr(['init', '--policy', 'dsr.yaml'], { cwd: folder, now: NOW });
  await dsr(['ingest', 'users.csv'], { cwd: folder, now: NOW });
  await withLedger(folder, async (ledger) => {
    const openings = [1, 2, 3, 4].map((id) => ({
      types: ['delete'] as const,
      who: [{ kind: 'user_id', value: String(id) }],
      receivedOn: undefined,
      regime: undefined,
      channel: undefined,
      requester: 'self',
      level: 'specific' as const,
      parental: undefined,
      parent: undefined,
      note: undefined,
    }));
    await openAll(ledger, openings);
    for (const id of [1, 2, 3, 4]) await verifyRequest(ledger, id, { method: 'account' });
  });
  return folder;
}

class Killed extends Error {}

test('a batch that dies half-way goes on where it was, and its bytes are proven at its end', async () => {
  const folder = await fourDeletions();
  const options: BatchRunOptions = { radius: { requests: 4, share: 100 }, folderOf: () => '/nowhere' };
  const { batch } = await withLedger(folder, (ledger) =>
    planBatch(ledger, { ids: [], type: undefined, state: undefined, bundle: undefined }),
  );
  const { id = 0, digest = '' } = batch ?? {};
  const dying = withLedger(folder, (ledger) =>
    runBatch(ledger, id, digest, {
      ...options,
      onProgress: (done) => {
        if (done === 2) throw new Killed();
      },
    }),
  );
  await expect(dying).rejects.toThrow(Killed);

  await withLedger(folder, async (ledger) => {
    const bytes = await ledger.store.read(async (tx) =>
      (await tx.entries('request')).map(({ outcome }) => outcome?.bytes),
    );
    expect(bytes).toEqual(['pending', 'pending', undefined, undefined]);
    const run = await runBatch(ledger, id, digest, options);
    expect(run.steps.map(({ result }) => result)).toEqual(['done-before', 'done-before', 'done', 'done']);
    expect(run.end?.proofs.map(({ state, epoch }) => [state, epoch])).toEqual(Array(4).fill(['clean', 2]));
    expect(run.batch.state).toBe('applied');

    // Once more it finds nothing to do, and writes nothing.
    const before = await ledger.store.read((tx) => tx.auditHead());
    const again = await runBatch(ledger, id, digest, options);
    expect([again.end, await ledger.store.read((tx) => tx.auditHead())]).toEqual([undefined, before]);
  });
});
