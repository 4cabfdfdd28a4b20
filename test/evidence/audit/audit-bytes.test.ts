import { afterEach, beforeEach, expect, test } from 'vitest';
import { EntriesFile } from '../../../src/evidence/audit/export-folder.ts';
import { leafHash } from '../../../src/evidence/audit/tree-proof.ts';
import { verifyAudit } from '../../../src/evidence/audit/verify.ts';
import { emptyLedger } from '../../helpers/ledger-folder.ts';
import { AuditFile, someActs, writeEntry } from './audit-file.ts';

let file: AuditFile;

beforeEach(() => {
  file = new AuditFile(emptyLedger());
  file.append(someActs(4));
});

afterEach(() => {
  file.db.close();
});

const BITS = [1, 2, 4, 8, 16, 32, 64, 128];

test('each other byte in each place of an exported entry is found', async () => {
  const bytes = Buffer.concat([file.entry(1), Buffer.from('\n')]);
  const head = { size: 1, root: leafHash(file.entry(1)).toString('hex') };
  expect(await verifyAudit(new EntriesFile(bytes, head))).toMatchObject({ ok: true, size: 1 });
  const survivors: string[] = [];
  // The last line feed is not of the log; the digests of an export cover it.
  for (const [at, byte] of bytes.subarray(0, -1).entries()) {
    for (let change = 1; change < 256; change += 1) {
      bytes[at] = byte ^ change;
      if ((await verifyAudit(new EntriesFile(bytes, head))).ok) survivors.push(`${at}: ${change}`);
    }
    bytes[at] = byte;
  }
  expect(survivors).toEqual([]);
});

test('each bit of each entry is found', async () => {
  expect(await survivorsOf([1, 2, 3, 4])).toEqual([]);
});

test('each byte that goes missing is found, and each that comes in', async () => {
  const bytes = file.entry(4);
  for (let at = 0; at <= bytes.length; at += 1) {
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    for (const changed of [
      Buffer.concat([before, after.subarray(1)]),
      Buffer.concat([before, Buffer.of(0), after]),
      Buffer.concat([before, Buffer.from(' '), after]),
    ])
      if (!changed.equals(bytes))
        expect((await file.verifyAfter((db) => writeEntry(db, 4, changed))).ok, changed.toString()).toBe(
          false,
        );
  }
});

test('each bit of each leaf is found, and a leaf that is longer or shorter', async () => {
  const stored = file.db.prepare('SELECT leaf FROM audit WHERE seq = 2').pluck().get() as Buffer;
  const set = file.db.prepare('UPDATE audit SET leaf = ? WHERE seq = 2');
  const changes = [...Array(256).keys()].map((bit) => {
    const leaf = Buffer.from(stored);
    leaf.writeUInt8(leaf.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return leaf;
  });
  for (const leaf of [...changes, stored.subarray(1), Buffer.concat([stored, Buffer.of(0)]), Buffer.of()]) {
    const { problems } = await file.verifyAfter(() => set.run(leaf));
    expect(problems.map(({ seq, code }) => [seq, code])).toEqual([[2, 'leaf-differs']]);
  }
});

test('bytes that move from one leaf to the next are found in both', async () => {
  const leaves = file.db.prepare('SELECT leaf FROM audit ORDER BY seq').pluck().all() as Buffer[];
  const both = Buffer.concat(leaves.slice(0, 2));
  const set = file.db.prepare('UPDATE audit SET leaf = ? WHERE seq = ?');
  const { problems } = await file.verifyAfter(() => {
    set.run(both.subarray(0, 31), 1);
    set.run(both.subarray(31), 2);
  });
  expect(problems.map(({ seq, code }) => [seq, code])).toEqual([
    [1, 'leaf-differs'],
    [2, 'leaf-differs'],
  ]);
});

test('each removal is found, of one entry and of any tail', async () => {
  for (let seq = 1; seq <= 4; seq += 1) {
    for (const condition of [`seq = ${seq}`, `seq >= ${seq}`, `seq <= ${seq}`])
      expect((await file.verifyAfter((db) => db.exec(`DELETE FROM audit WHERE ${condition}`))).ok).toBe(
        false,
      );
  }
});

test('entries that are stored in another order are found', async () => {
  const verdict = await file.verifyAfter((db) =>
    db.exec(
      'UPDATE audit SET seq = -seq; UPDATE audit SET seq = CASE seq WHEN -2 THEN 3 WHEN -3 THEN 2 ELSE -seq END',
    ),
  );
  expect(verdict.problems.map(({ seq, code }) => [seq, code])).toEqual([
    [2, 'wrong-number'],
    [3, 'wrong-number'],
    [undefined, 'root-differs'],
  ]);
});

/** The bits of entries that can be turned without the verifier finding it. */
async function survivorsOf(seqs: readonly number[]): Promise<readonly string[]> {
  const survivors: string[] = [];
  for (const seq of seqs) {
    const bytes = file.entry(seq);
    for (const [at, byte] of bytes.entries()) {
      for (const bit of BITS) {
        bytes[at] = byte ^ bit;
        if ((await file.verifyAfter((db) => writeEntry(db, seq, bytes))).ok)
          survivors.push(`entry ${seq}, byte ${at}: ${byte} → ${byte ^ bit}`);
      }
      bytes[at] = byte;
    }
  }
  return survivors;
}
