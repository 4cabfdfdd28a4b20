import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import { suppressionDigest } from '../../src/people/digests.ts';
import { compileReach } from '../../src/people/identities.ts';
import { resolve } from '../../src/people/resolve.ts';
import { tableSource } from '../../src/policy/find.ts';
import type { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { anAct, emptyLedger, SNAPSHOT_END, withStore } from '../helpers/ledger-folder.ts';
import { id, KEYS, rowsOf, SITE } from './helpers/memory-people.ts';

/** Loads rows of one source; the first value of each is its key. */
async function load(store: SqliteStore, name: string, columns: readonly string[], rows: readonly Json[][]) {
  const source = tableSource(SITE, name);
  if (source === undefined) throw new Error(name);
  const reach = compileReach(source, SITE, KEYS.hasher, columns);
  const loader = await store.load({
    source: name,
    file: `${name}.csv`,
    takenAt: '2026-01-01T00:00:00Z',
    loadedAt: '2026-01-02T00:00:00Z',
    policyVersion: 1,
    columns,
  });
  await loader.putRecords(
    rows.map((values, i) => ({
      key: String(values[0]),
      line: i + 2,
      at: undefined,
      body: JSON.stringify(values),
      reach: reach(values),
    })),
  );
  await loader.publish({ ...SNAPSHOT_END, sha256: name }, anAct('import.published'));
}

function find(store: SqliteStore, start: string | number) {
  return store.read((reader) =>
    resolve(
      { reader, policy: SITE, decisions: [], keys: KEYS },
      typeof start === 'number' ? start : id(start),
    ),
  );
}

describe('in a ledger', () => {
  test('a person is found, numbered, erased, and found again by digest', async () => {
    await withStore(emptyLedger(), async (store) => {
      const columns = ['id', 'name', 'email', 'email_ok', 'parent_email'];
      await load(store, 'users', columns, [
        ['1', 'ada', 'Ada@example.org', '1', 'mum@example.org'],
        ['2', 'bob', 'bob@example.org', '1', 'mum@example.org'],
      ]);
      await load(store, 'newsletter', ['n', 'email', 'sid'], [['a', 'ada@example.org', 'c']]);

      const first = await find(store, 'cookie:c');
      if (first.kind !== 'person') throw new Error(first.kind);
      expect(rowsOf(first.person)).toEqual(['newsletter/a subject', 'users/1 subject']);
      const mum = await find(store, 'email:mum@example.org');
      expect(mum.kind === 'person' && rowsOf(mum.person)).toEqual(['users/1 parent', 'users/2 parent']);

      const number = await store.act(anAct('subject.numbered'), (tx) => tx.addSubject(first.person.anchor));
      const again = await find(store, number);
      expect(again.kind === 'person' && again.person).toEqual({
        ...first.person,
        subject: number,
        subjects: [number],
      });

      await store.act(anAct('erasure.applied'), async (tx) => {
        await tx.eraseRecords(first.person.records.map(({ record }) => record.id));
        const identifier = id('email:ada@example.org');
        const digest = suppressionDigest(KEYS.suppression, identifier);
        const since = '2026-01-03T00:00:00Z';
        const entry = { kind: 'email', subject: number, reason: 'erased', request: 1, since } as const;
        await tx.addSuppressions([{ ...entry, until: undefined, tag: KEYS.hasher.tag(identifier), digest }]);
      });
      for (const start of ['email:ada@example.org', number]) {
        const erased = await find(store, start);
        expect(erased.kind === 'person' && erased.person).toMatchObject({
          subject: number,
          erased: true,
          records: [],
        });
      }
      expect((await find(store, 'cookie:c')).kind).toBe('nobody');
    });
  });
});
