import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { policyDigest } from '../../src/policy/digest.ts';
import { initLedger, ledgerFiles, openLedger } from '../../src/store/open.ts';

const now = '2026-01-05T09:00:00Z';
const actor = { name: 'ada', login: 'ada' };
const textFor = (name: string) => `
controller: { name: ${name}, contact: privacy@lumen.example, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users: { files: "users*.csv", format: csv, mode: snapshot, key: [id], subject: { user_id: id }, category: account }
categories:
  account: { on_delete: erase }
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsr-compiled-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

test('a ledger keeps what its policy means, of the version in force and no other', async () => {
  const files = ledgerFiles(join(folder, 'dsr.db'));
  const open = (write: boolean) => openLedger({ files, actor, now, asOf: false, write });
  const first = await initLedger({
    files,
    policyText: textFor('One'),
    policyFile: 'dsr.yaml',
    actor,
    now,
    rehearsal: false,
  });
  const text = textFor('Two');
  const version = { version: 2, digest: policyDigest(text, {}), appliedAt: now, text, files: {} };
  expect((await first.store.read((tx) => tx.policyInForce()))?.compiled).toContain('"One"');
  await first.store.act({ act: 'policy.applied', at: now, actor }, (tx) => tx.addPolicy(version));
  await first.store.close();

  // Who only reads finds the new text, keeps nothing, and understands it all the same.
  const reader = await open(false);
  expect(reader.policy.controller.name).toBe('Two');
  expect((await reader.store.read((tx) => tx.policyInForce()))?.compiled).toBeUndefined();
  await reader.store.close();

  const writer = await open(true);
  expect((await writer.store.read((tx) => tx.policyInForce()))?.compiled).toContain('"Two"');
  await writer.store.close();

  const again = await open(false);
  expect([again.policyVersion, again.policy]).toEqual([2, reader.policy]);
  await again.store.close();
});
