import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packBody, packTags } from '../../src/store/shelf.ts';
import type { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { LoadEnd, NewRecord } from '../../src/store/store.ts';
import { anAct, emptyLedger, SNAPSHOT_END, withStore } from '../helpers/ledger-folder.ts';

const COLUMNS = ['id', 'email'];

function row(id: string, email: string, reach: number[] = [Number(id)]): NewRecord {
  return { key: id, line: Number(id) + 1, at: undefined, body: JSON.stringify([id, email]), reach };
}

const END: LoadEnd = { ...SNAPSHOT_END, reachOf: (fields) => [Number(fields.get('id'))] };

async function begin(store: SqliteStore) {
  return store.load({
    source: 'users',
    file: 'users.csv',
    takenAt: '2026-01-01T00:00:00Z',
    loadedAt: '2026-01-02T00:00:00Z',
    policyVersion: 1,
    columns: COLUMNS,
  });
}

async function snapshot(store: SqliteStore, rows: readonly NewRecord[]) {
  const loader = await begin(store);
  const fates = await loader.putRecords(rows);
  const result = await loader.publish(END, anAct('import.published'));
  return { fates, result };
}

describe('records', () => {
  it('are invisible before publish and visible after it', async () => {
    await withStore(emptyLedger(), async (store) => {
      const loader = await begin(store);
      expect(await loader.putRecords([row('1', 'ada@example.org')])).toEqual(['new']);
      expect(await store.read((tx) => tx.recordByKey('users', '1'))).toBeUndefined();
      expect(await store.read((tx) => tx.recordsReached([1]))).toEqual([]);
      await loader.publish(END, anAct('import.published'));
      const found = await store.read((tx) => tx.recordsReached([1]));
      expect(found.map((record) => Object.fromEntries(record.fields))).toEqual([
        { id: '1', email: 'ada@example.org' },
      ]);
    });
  });

  it('a key seen twice in one load is told, and stored once', async () => {
    await withStore(emptyLedger(), async (store) => {
      const first = await snapshot(store, [row('1', 'a@example.org'), row('1', 'b@example.org')]);
      expect(first.fates).toEqual(['new', 'contradicted']);
      const second = await snapshot(store, [row('1', 'a@example.org'), row('1', 'a@example.org')]);
      expect(second.fates).toEqual(['same', 'repeated']);
    });
  });

  it('a changed row is replaced at publish, with its reach', async () => {
    await withStore(emptyLedger(), async (store) => {
      await snapshot(store, [row('1', 'a@example.org', [7])]);
      const { fates } = await snapshot(store, [row('1', 'b@example.org', [8])]);
      expect(fates).toEqual(['changed']);
      expect(await store.read((tx) => tx.recordsReached([7]))).toEqual([]);
      const [record] = await store.read((tx) => tx.recordsReached([8]));
      expect(record?.version).toBe(2);
      expect(record?.fields.get('email')).toBe('b@example.org');
    });
  });

  it('a vanished row is restricted, counted again when missed again, and restored when it is back', async () => {
    await withStore(emptyLedger(), async (store) => {
      const both = [row('1', 'a@example.org'), row('2', 'b@example.org')];
      await snapshot(store, both);
      expect((await snapshot(store, both.slice(0, 1))).result).toMatchObject({ vanished: 1, restored: 0 });
      expect(await store.read((tx) => tx.recordByKey('users', '2'))).toMatchObject({
        state: 'restricted',
        missed: 1,
      });
      await snapshot(store, both.slice(0, 1));
      expect(await store.read((tx) => tx.recordByKey('users', '2'))).toMatchObject({
        state: 'restricted',
        missed: 2,
      });
      expect((await snapshot(store, both)).result).toMatchObject({ vanished: 0, restored: 1 });
      expect(await store.read((tx) => tx.recordByKey('users', '2'))).toMatchObject({
        state: 'active',
        missed: 0,
      });
    });
  });

  it('a correction survives the old value, retires on the new one, and ends on a third', async () => {
    await withStore(emptyLedger(), async (store) => {
      await snapshot(store, [row('1', 'old@example.org')]);
      const [record] = await store.read((tx) => tx.recordsReached([1]));
      const overlay = { field: 'email', old: 'old@example.org', new: 'new@example.org', request: 4 };
      await store.act(anAct(), (tx) => tx.overlayRecord(record?.id ?? 0, [overlay], [1]));
      const again = await snapshot(store, [row('1', 'old@example.org')]);
      expect(again.result.edits).toMatchObject([{ field: 'email', request: 4, verdict: 'old-value-again' }]);
      expect((await store.read((tx) => tx.recordByKey('users', '1')))?.fields.get('email')).toBe(
        'new@example.org',
      );
      const third = await snapshot(store, [row('1', 'third@example.org')]);
      expect(third.result.edits).toMatchObject([{ verdict: 'new-value' }]);
      expect((await store.read((tx) => tx.recordByKey('users', '1')))?.fields.get('email')).toBe(
        'third@example.org',
      );
    });
  });

  it('a retained row keeps its fields alone, is reached no more, and takes no update', async () => {
    await withStore(emptyLedger(), async (store) => {
      await snapshot(store, [row('1', 'ada@example.org')]);
      await store.act(anAct(), (tx) =>
        tx.retainRecord(1, ['id'], { until: '2030-12-31', basis: 'tax', subject: 9, keepKey: true }),
      );
      const [record] = await store.read((tx) => tx.recordsRetainedFor(9));
      expect([...(record?.fields ?? [])]).toEqual([['id', '1']]);
      expect(await store.read((tx) => tx.recordsReached([1]))).toEqual([]);
      expect((await snapshot(store, [row('1', 'back@example.org')])).fates).toEqual(['kept-out']);
      expect((await store.read((tx) => tx.recordsRetainedFor(9)))[0]?.fields.has('email')).toBe(false);
    });
  });

  it('an abandoned load leaves nothing, and the next one works', async () => {
    await withStore(emptyLedger(), async (store) => {
      const loader = await begin(store);
      await loader.putRecords([row('1', 'a@example.org')]);
      await loader.abandon();
      expect(await store.read((tx) => tx.imports())).toEqual([]);
      expect((await snapshot(store, [row('1', 'a@example.org')])).fates).toEqual(['new']);
    });
  });
});

describe('acts', () => {
  it('leave exactly one audit entry with the data, or neither', async () => {
    await withStore(emptyLedger(), async (store) => {
      await store.act(anAct('one'), (tx) => tx.addSubject({ anchor: Buffer.from('a'), hint: 1 }));
      await expect(
        store.act(anAct('two'), async (tx) => {
          await tx.addSubject({ anchor: Buffer.from('b'), hint: 2 });
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect(await store.read((tx) => tx.subjectOf(Buffer.from('b')))).toBeUndefined();
      const rows = await store.read((tx) => tx.auditRows(0, 10));
      expect(rows.map(({ entry }) => (JSON.parse(entry) as { act: string }).act)).toEqual(['one']);
    });
  });

  it('name a person only by an HMAC whose nonce can be erased', async () => {
    await withStore(emptyLedger(), async (store) => {
      await store.act({ ...anAct(), subject: 42 }, async () => {});
      await store.act({ ...anAct(), subject: 42 }, async () => {});
      const entries = (await store.read((tx) => tx.auditRows(0, 10))).map(
        (audit) => JSON.parse(audit.entry) as { subject: string },
      );
      expect(new Set(entries.map(({ subject }) => subject)).size).toBe(2);
      expect((await store.read((tx) => tx.auditNonce(1)))?.subject).toBe(42);
    });
  });
});

describe('blocks', () => {
  it('are found by tag, and days are dropped but for spared tags', async () => {
    await withStore(emptyLedger(), async (store) => {
      const block = (tag: number, day: number) => ({
        shelf: tag >>> 24,
        day,
        lines: 2,
        minAt: day * 86_400,
        maxAt: day * 86_400 + 1,
        tags: packTags([tag]),
        body: packBody(Buffer.from('x\ny\n')),
      });
      const loader = await store.load({
        source: 'log',
        file: 'a.log',
        takenAt: '2026-01-01T00:00:00Z',
        loadedAt: '2026-01-01T00:00:00Z',
        policyVersion: 1,
        columns: [],
      });
      await loader.putBlocks([
        block(0x01000001, 1),
        block(0x01000002, 1),
        block(0x02000001, 1),
        block(0x01000001, 5),
      ]);
      await loader.publish({ ...END, snapshot: false }, anAct());
      expect(await store.read((tx) => tx.blocksTagged('log', 0x01000001))).toHaveLength(2);
      const result = await store.act(anAct(), (tx) => tx.dropBlocksBefore('log', 5, new Set([0x01000002])));
      expect(result).toEqual({ lines: 4, toFilter: [2] });
      expect(await store.read((tx) => tx.blocks({ source: 'log' }, 0, 10))).toHaveLength(2);
    });
  });
});

describe('scrub', () => {
  it('leaves the same content under a new key, and nothing of an erased row', async () => {
    const file = emptyLedger();
    await withStore(file, async (store) => {
      await snapshot(store, [row('1', 'ada@example.org'), row('2', 'bob@example.org')]);
      await store.act(anAct(), (tx) => tx.eraseRecords([1]));
      const before = readFileSync(file.keyPath, 'latin1');
      expect((await store.read((tx) => tx.info())).bytesPending).toBe(true);
      expect(await store.scrub()).toBe('scrubbed');
      const info = await store.read((tx) => tx.info());
      expect(info).toMatchObject({ bytesPending: false, epoch: 2 });
      expect(readFileSync(file.keyPath, 'latin1')).not.toBe(before);
      expect((await store.read((tx) => tx.recordByKey('users', '2')))?.fields.get('email')).toBe(
        'bob@example.org',
      );
      expect(await store.read((tx) => tx.auditRows(0, 10))).toHaveLength(2);
    });
  });

  it('is pending while another connection is open, and changes nothing', async () => {
    const file = emptyLedger();
    await withStore(file, async (store) => {
      await withStore(file, async () => {
        expect(await store.scrub()).toBe('in-use');
      });
      expect((await store.read((tx) => tx.info())).epoch).toBe(1);
      expect(await store.scrub()).toBe('scrubbed');
    });
  });

  it('leaves no byte of a person in the file', async () => {
    const file = emptyLedger();
    const secret = randomBytes(12).toString('hex');
    await withStore(file, async (store) => {
      await snapshot(store, [row('1', `${secret}@example.org`)]);
      expect(readFileSync(file.path).includes(secret)).toBe(false);
      expect(readFileSync(`${file.path}-wal`).includes(secret)).toBe(false);
    });
  });
});
