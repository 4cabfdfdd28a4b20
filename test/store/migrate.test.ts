import { expect, test } from 'vitest';
import { openCurrent } from '../../src/store/sqlite/swap.ts';
import { emptyLedger, withStore } from '../helpers/ledger-folder.ts';

interface Entry {
  readonly kind: string;
  readonly id: number;
  readonly state: string;
  readonly [member: string]: unknown;
}

/** Makes a ledger what dsr 0.1.0 wrote: schema 2, with these entries of its registers. */
function asSchema2(entries: readonly Entry[]) {
  const file = emptyLedger();
  const { db } = openCurrent(file);
  for (const index of ['state', 'request', 'due', 'mark', 'covering'])
    db.exec(`DROP INDEX register_${index}`);
  for (const column of ['request', 'due_on', 'mark']) db.exec(`ALTER TABLE register DROP COLUMN ${column}`);
  for (const column of ['files', 'compiled']) db.exec(`ALTER TABLE policy DROP COLUMN ${column}`);
  db.pragma('user_version=2');
  const add = db.prepare('INSERT INTO register(kind, id, state, subject, body) VALUES(?, ?, ?, ?, ?)');
  for (const { kind, id, state, ...more } of entries)
    add.run(kind, id, state, 1, JSON.stringify({ id, state, subject: 1, ...more }));
  db.close();
  return file;
}

test('a ledger of schema 2 is found by the new indexes: who waits, what belongs to a request, corrections', async () => {
  const outcome = {
    at: '2026-01-02T00:00:00Z',
    applied: [],
    remains: [],
    artifacts: [],
    orders: 1,
    bytes: 'proven',
  };
  const file = asSchema2([
    { kind: 'request', id: 1, state: 'verified', dueOn: '2026-02-05' },
    { kind: 'request', id: 2, state: 'received' },
    { kind: 'request', id: 3, state: 'withdrawn', dueOn: '2026-01-20' },
    { kind: 'request', id: 4, state: 'ordered-upstream', dueOn: '2026-01-21', outcome },
    { kind: 'request', id: 5, state: 'planned', dueOn: '2026-01-30' },
    { kind: 'plan', id: 1, state: 'open', request: 5 },
    { kind: 'work-order', id: 1, state: 'ordered', request: 4, action: 'change', record: 77 },
    { kind: 'work-order', id: 2, state: 'ordered', request: 4, action: 'delete', record: 78 },
  ]);
  await withStore(file, (store) =>
    store.read(async (tx) => {
      const due = await tx.entriesDue('request', 10);
      expect(due.map(({ id, attentionOn }) => [id, attentionOn])).toEqual([
        [5, '2026-01-30'],
        [1, '2026-02-05'],
        [2, '9999-12-31'],
      ]);
      const rest = await tx.entriesAtRest('request', 10);
      expect(rest.map(({ id }) => id)).toEqual([4, 3]);
      expect((await tx.entries('plan', { request: 5 })).map(({ id }) => id)).toEqual([1]);
      const corrections = await tx.entries('work-order', { mark: 'record:77', state: 'ordered' });
      expect(corrections.map(({ id, mark }) => [id, mark])).toEqual([[1, 'record:77']]);
      expect(await tx.entries('work-order', { mark: 'record:78' })).toEqual([]);
    }),
  );
});
