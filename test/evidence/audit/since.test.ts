import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Canonical } from '../../../src/base/json.ts';
import { renderCheckpoint, signedCheckpoint } from '../../../src/evidence/audit/checkpoint.ts';
import { noteKeyOf, signNote } from '../../../src/evidence/audit/note.ts';
import { openCheckpoints, verifySince } from '../../../src/evidence/audit/since.ts';
import type { Ledger } from '../../../src/store/ledger.ts';
import type { SqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { LedgerFile } from '../../../src/store/sqlite/swap.ts';
import { anAct, emptyLedger, temporaryFolder, withStore } from '../../helpers/ledger-folder.ts';
import { AuditFile, someActs } from './audit-file.ts';

const signer = { name: `dsr.ledger/${'ab'.repeat(16)}`, seed: Buffer.alloc(32, 7) };
const key = noteKeyOf(signer);
let file: LedgerFile;

beforeEach(() => {
  file = emptyLedger();
});

async function act(to: LedgerFile, name: string, facts: Record<string, Canonical> = {}): Promise<void> {
  await withStore(to, (store) => store.act({ ...anAct(name), facts }, async () => {}));
}

async function checkpointOf(of: LedgerFile, origin = signer.name): Promise<string> {
  const head = await withStore(of, (store) => store.read((tx) => tx.auditHead()));
  return signNote(renderCheckpoint({ origin, ...head }), { ...signer, name: origin });
}

async function verify(of: LedgerFile, notes: string, origin = signer.name) {
  const kept = openCheckpoints(notes, noteKeyOf({ ...signer, name: origin }));
  return withStore(of, (store) => store.read((tx) => verifySince(tx, kept, origin)));
}

function copyOf(of: LedgerFile): LedgerFile {
  const folder = temporaryFolder();
  const copy = { path: join(folder, 'dsr.db'), keyPath: join(folder, 'dsr.db.key') };
  copyFileSync(of.path, copy.path);
  copyFileSync(of.keyPath, copy.keyPath);
  return copy;
}

describe('a log that only grew', () => {
  test('goes on from each checkpoint that was kept, also from that of nothing', async () => {
    let notes = await checkpointOf(file);
    for (let nth = 0; nth < 9; nth += 1) {
      await act(file, 'test.done', { nth });
      notes += await checkpointOf(file);
    }
    const verdict = await verify(file, notes);
    expect(verdict).toMatchObject({ ok: true, size: 9, problems: [] });
    expect(verdict.since.map(({ size, state }) => [size, state])).toEqual(
      Array.from({ length: 10 }, (_, size) => [size, 'extends']),
    );
  });
});

describe('what verifying by itself cannot find', () => {
  test('a tail that was cut off with its head put back', async () => {
    await act(file, 'test.done');
    const earlier = copyOf(file);
    await act(file, 'test.done');
    const note = await checkpointOf(file);
    expect(await verify(earlier, await checkpointOf(earlier))).toMatchObject({ ok: true });
    const verdict = await verify(earlier, note);
    expect(verdict.problems).toEqual([
      {
        seq: undefined,
        code: 'tail-cut',
        message:
          'the checkpoint is of 2 entries, the log has 1: its tail was cut off, or an older copy of the ledger was put back',
      },
    ]);
    expect(verdict).toMatchObject({ ok: false, problemCount: 1, since: [{ state: 'tail-cut' }] });
  });

  test('two ledgers that went on from one copy, whichever is longer', async () => {
    await act(file, 'test.done');
    const [one, other] = [copyOf(file), copyOf(file)];
    await act(one, 'test.done', { way: 1 });
    await act(other, 'test.done', { way: 2 });
    const before = await checkpointOf(file);
    expect(await verify(one, before + (await checkpointOf(one)))).toMatchObject({ ok: true });
    expect((await verify(other, before + (await checkpointOf(one)))).since.map(({ state }) => state)).toEqual(
      ['extends', 'forked'],
    );
    await act(one, 'test.done');
    expect((await verify(one, await checkpointOf(other))).problems).toMatchObject([{ code: 'forked' }]);
    expect((await verify(other, await checkpointOf(one))).problems).toMatchObject([{ code: 'tail-cut' }]);
  });

  test('an entry that was rewritten with its leaf and all of the head', async () => {
    const forged = new AuditFile(file);
    forged.append(someActs(5));
    const note = await checkpointOf(file);
    const acts = someActs(5).map((entry, index) => (index === 2 ? { ...entry, reason: 'other' } : entry));
    forged.db.exec(
      "DELETE FROM audit; DELETE FROM audit_nonce; DELETE FROM meta WHERE name = 'audit_frontier'",
    );
    forged.append(acts);
    forged.db.close();
    expect(await verify(file, await checkpointOf(file))).toMatchObject({ ok: true });
    expect((await verify(file, note)).problems).toMatchObject([{ code: 'forked' }]);
  });
});

describe('a ledger that was lost and restored', () => {
  const second = `${signer.name}/2`;
  const facts = { previous_origin: signer.name, previous_size: 2, lost_from: 3, lost_to: null };

  beforeEach(async () => {
    await act(file, 'test.done');
    await act(file, 'test.done');
  });

  async function recover(): Promise<void> {
    await act(file, 'ledger.recovered', facts);
    await act(file, 'test.done');
  }

  test('is said to be, and is no problem', async () => {
    await recover();
    expect(await verify(file, await checkpointOf(file, second), second)).toMatchObject({
      ok: true,
      problems: [],
      recovered: [{ seq: 3, previousOrigin: signer.name, previousSize: 2, lostFrom: 3, lostTo: null }],
    });
  });

  test('names the size that it goes on from, and no other', async () => {
    await act(file, 'ledger.recovered', { ...facts, previous_size: 1 });
    const { problems } = await verify(file, await checkpointOf(file, second), second);
    expect(problems).toMatchObject([{ seq: 3, code: 'recovery-differs' }]);
  });

  test('goes on from what was kept of before', async () => {
    const note = await checkpointOf(file);
    await recover();
    expect(await verify(file, note, second)).toMatchObject({
      ok: true,
      since: [{ size: 2, state: 'extends' }],
    });
  });

  test('has lost what a later checkpoint of before is of: no fork', async () => {
    const lost = copyOf(file);
    await act(lost, 'test.done', { lost: true });
    const note = await checkpointOf(lost);
    await recover();
    expect(await verify(file, note, second)).toMatchObject({
      ok: true,
      problems: [],
      since: [{ size: 3, state: 'lost' }],
    });
  });

  test('has what was before byte for byte, or is another', async () => {
    const other = emptyLedger();
    await act(other, 'test.done', { other: true });
    await act(other, 'test.done');
    await recover();
    expect((await verify(file, await checkpointOf(other), second)).problems).toMatchObject([
      { code: 'forked' },
    ]);
  });

  test('is not to be replaced by a copy from before, nor does it go without saying', async () => {
    const before = copyOf(file);
    await recover();
    expect((await verify(before, await checkpointOf(file, second))).problems).toMatchObject([
      { code: 'tail-cut' },
    ]);
    expect((await verify(before, await checkpointOf(before), second)).problems).toMatchObject([
      { code: 'forked' },
    ]);
  });
});

describe('a checkpoint is refused', () => {
  test.each([
    ['of another ledger', `dsr.ledger/${'cd'.repeat(16)}`, 'this is a checkpoint of another ledger'],
    ['of no ledger', 'example.org/log', 'this is a checkpoint of another ledger'],
    ['of a name that only begins alike', `${signer.name}0`, 'this is a checkpoint of another ledger'],
  ])('%s', async (_name, origin, message) => {
    const foreign = await checkpointOf(file, origin);
    expect(() => openCheckpoints(foreign, key)).toThrow(message);
    const own = await checkpointOf(file);
    expect(() => openCheckpoints(own + foreign, key)).toThrow(message);
  });

  test('that another key signed', async () => {
    const forged = signNote(renderCheckpoint({ origin: signer.name, size: 0, root: 'ab'.repeat(32) }), {
      ...signer,
      seed: Buffer.alloc(32, 8),
    });
    expect(() => openCheckpoints(forged, key)).toThrow('the note is not signed with this key');
  });

  test('with one changed bit', async () => {
    const bytes = Buffer.from(await checkpointOf(file));
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => openCheckpoints(changed.toString('utf8'), key)).toThrow();
    }
  });
});

describe('nothing is signed', () => {
  const ledger = (store: SqliteStore) =>
    ({ store, origin: signer.name, keys: { signingSeed: signer.seed } }) as unknown as Ledger;
  const sign = (store: SqliteStore) => store.read((tx) => signedCheckpoint(tx, ledger(store)));

  async function issued(size: number, root: string): Promise<void> {
    await withStore(file, (store) =>
      store.act(anAct(), (tx) =>
        tx.add('checkpoint', {
          state: 'issued',
          subject: undefined,
          at: '2026-01-02T00:00:00Z',
          size,
          root,
          to: 'file',
        }),
      ),
    );
  }

  test('but the newest, which goes on from the last', async () => {
    await act(file, 'test.done');
    const head = await withStore(file, (store) => store.read((tx) => tx.auditHead()));
    await issued(head.size, head.root);
    const { size, root, note } = await withStore(file, sign);
    expect(openCheckpoints(note, key)).toEqual([{ origin: signer.name, size, root }]);
    expect(size).toBe(2);
  });

  test.each([
    [
      'where the log is shorter than the last checkpoint',
      9,
      'the audit log has 2 entries, the last checkpoint was of 9',
    ],
    [
      'where it is another at the same size',
      2,
      'the first 2 entries of the audit log are not those of the last checkpoint',
    ],
    [
      'where it is another before that',
      1,
      'the first 1 entries of the audit log are not those of the last checkpoint',
    ],
  ])('%s', async (_name, size, message) => {
    await act(file, 'test.done');
    await issued(size, 'ab'.repeat(32));
    await expect(withStore(file, sign)).rejects.toMatchObject({
      exit: 20,
      code: 'log-inconsistent',
      message,
    });
  });

  test('where entries before the last checkpoint are gone, leaves and all', async () => {
    await act(file, 'test.done');
    await act(file, 'test.done');
    const head = await withStore(file, (store) => store.read((tx) => tx.auditHead()));
    await issued(head.size, head.root);
    const forged = new AuditFile(file);
    forged.db.exec('DELETE FROM audit WHERE seq = 1');
    forged.db.close();
    await expect(withStore(file, sign)).rejects.toMatchObject({ exit: 20 });
  });
});
