import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { NewRecord } from '../../src/store/store.ts';
import { anAct, emptyLedger, SNAPSHOT_END, withStore } from '../helpers/ledger-folder.ts';

const ROWS: readonly NewRecord[] = ['1', '2'].map((id) => ({
  key: id,
  line: Number(id),
  at: undefined,
  body: JSON.stringify([id]),
  reach: [Number(id)],
}));

async function snapshot(store: SqliteStore, rows: readonly NewRecord[]): Promise<void> {
  const loader = await store.load({
    source: 'users',
    file: 'users.csv',
    takenAt: '2026-01-01T00:00:00Z',
    loadedAt: '2026-01-02T00:00:00Z',
    policyVersion: 1,
    columns: ['id'],
  });
  await loader.putRecords(rows);
  await loader.publish({ ...SNAPSHOT_END, reachOf: () => [] }, anAct('import.published'));
}

const step = fc.oneof(
  fc.constantFrom('stop', 'vanish', 'come back'),
  fc.tuple(fc.constantFrom('restrict', 'release'), fc.integer({ min: 1, max: 3 })),
);

test('a row is in use just while it is there, not stopped, and under no restriction', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
      await withStore(emptyLedger(), async (store) => {
        await snapshot(store, ROWS);
        const model = { isStopped: false, isGone: false, restrictions: new Set<number>() };
        for (const one of steps) {
          const id = (await store.read((tx) => tx.recordByKey('users', '1')))?.id ?? 0;
          if (one === 'stop') {
            await store.act(anAct(), (tx) => tx.stopRecords([id]));
            model.isStopped = true;
          } else if (one === 'vanish' || one === 'come back') {
            model.isGone = one === 'vanish';
            await snapshot(store, model.isGone ? ROWS.slice(1) : ROWS);
          } else {
            const [what, number] = one;
            if (what === 'restrict') model.restrictions.add(number);
            else model.restrictions.delete(number);
            await store.act(anAct(), (tx) =>
              what === 'restrict' ? tx.restrictRecords([id], number) : tx.releaseRecords([id], number),
            );
          }
          const row = await store.read((tx) => tx.recordByKey('users', '1'));
          const isHeld = model.isStopped || model.restrictions.size > 0;
          expect(row?.state).toBe(isHeld || model.isGone ? 'restricted' : 'active');
          expect(row?.restrictedBy).toEqual(
            isHeld ? { isStopped: model.isStopped, restrictions: [...model.restrictions] } : undefined,
          );
        }
        expect((await store.read((tx) => tx.recordByKey('users', '2')))?.state).toBe('active');
      });
    }),
    { numRuns: 5 },
  );
});

test('a restriction changes no version, so that a plan stays what it was; a stop does', async () => {
  await withStore(emptyLedger(), async (store) => {
    await snapshot(store, ROWS);
    const versions: (number | undefined)[] = [];
    const note = async () => versions.push((await store.read((tx) => tx.recordByKey('users', '1')))?.version);
    const id = (await store.read((tx) => tx.recordByKey('users', '1')))?.id ?? 0;
    await store.act(anAct(), (tx) => tx.restrictRecords([id], 1));
    await note();
    await store.act(anAct(), (tx) => tx.releaseRecords([id], 1));
    await note();
    await store.act(anAct(), (tx) => tx.stopRecords([id]));
    await note();
    expect(versions).toEqual([1, 1, 2]);
  });
});
