import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closedOrder, placeOrder } from '../../src/duties/outbox.ts';
import { ingestPaths } from '../../src/ingest/ingest.ts';
import { exitOf } from '../../src/ingest/report.ts';
import type { WorkAction, WorkOrder } from '../../src/store/registers.ts';
import type { StoredRecord, Writer } from '../../src/store/store.ts';
import { aUser, type Desk, POLICY, POLICY_HEAD, users, usersFile, withDesk } from './table-loading.ts';

/** After the export of the first of May, before that of the second. */
const ORDERED_AT = '2026-05-01T12:00:00Z';
/** Lets everything through that a limit would stop. */
const ANYTHING = { maxVanished: 1, maxRejects: { share: 1 } };

function act<T>({ ledger }: Desk, fn: (tx: Writer) => Promise<T>): Promise<T> {
  return ledger.store.act({ act: 'test.done', at: ledger.now, actor: ledger.actor }, fn);
}

interface Ordered {
  readonly action?: WorkAction;
  readonly change?: Readonly<Record<string, true | null>>;
  readonly source?: string;
}

/** Orders something of a row, as a deletion does: what is to be deleted upstream is erased here. */
async function ordered(desk: Desk, key: string, what: Ordered = {}): Promise<WorkOrder> {
  const { action = 'delete', change = {}, source = 'users' } = what;
  const row = (await desk.record(source, key)) as StoredRecord;
  return act(desk, async (tx) => {
    if (action === 'delete') await tx.eraseRecords([row.id]);
    const place = { source, key, action, change, record: row.id, request: 7, subject: 1, row };
    return placeOrder(tx, { ...desk.ledger, now: ORDERED_AT }, place);
  });
}

async function orders(desk: Desk): Promise<readonly WorkOrder[]> {
  return desk.ledger.store.read((tx) => tx.entries('work-order'));
}

function usersBut(count: number, ...gone: readonly number[]): string[] {
  return users(count).filter((_, index) => !gone.includes(index + 1));
}

type Words = readonly (readonly [verdict: string, why: string | undefined])[];

function words(verdicts: readonly { readonly verdict: string; readonly why: string | undefined }[]): Words {
  return verdicts.map(({ verdict, why }) => [verdict, why]);
}

describe('a row that was ordered away', () => {
  it('is gone when a whole later export lacks it: confirmed, and the order forgets its key', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(10)));
      await ordered(desk, '4');
      const report = await desk.load('users.csv', usersFile(...usersBut(10, 4)), { day: 2 });
      expect(report.verdicts).toEqual([
        { source: 'users', request: 7, order: 1, verdict: 'gone', why: undefined, field: undefined },
      ]);
      expect(exitOf(report)).toBe(0);
      const [order] = await orders(desk);
      expect(order).toMatchObject({ state: 'confirmed', confirmedBy: 'import', judged: { verdict: 'gone' } });
      expect(order?.sealed).toBeUndefined();
      expect((await desk.acts()).at(-1)).toBe('import.published');
      const [entry] = (await desk.ledger.store.read((tx) => tx.auditRows(0, 100))).slice(-1);
      expect(JSON.parse(entry?.entry ?? '')).toMatchObject({ facts: { verdicts: { gone: 1 } } });
    });
  });

  it('also where it was the last one, and nothing else is missing', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(3)));
      await ordered(desk, '3');
      const { verdicts } = await desk.loaded('users.csv', usersFile(...users(2)), { day: 2 });
      expect(words(verdicts)).toEqual([['gone', undefined]]);
    });
  });

  it('is still there when the export has it, though the gate lets nothing of it in', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(10)));
      await ordered(desk, '4');
      const report = await desk.load('users.csv', usersFile(...users(10), aUser(11)), { day: 2 });
      expect(words(report.verdicts)).toEqual([['still-there', undefined]]);
      expect(exitOf(report)).toBe(6);
      expect(await orders(desk)).toMatchObject([{ state: 'ordered', judged: { verdict: 'still-there' } }]);
    });
  });

  it('is back after it was confirmed: a fresh order', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(10)));
      await ordered(desk, '4');
      await desk.loaded('users.csv', usersFile(...usersBut(10, 4)), { day: 2 });
      const report = await desk.load('users.csv', usersFile(...users(10)), { day: 3 });
      expect(report.verdicts).toMatchObject([{ order: 2, verdict: 'still-there' }]);
      expect(exitOf(report)).toBe(6);
      const [first, second] = await orders(desk);
      expect(first?.state).toBe('confirmed');
      expect(second).toMatchObject({ state: 'ordered', digest: first?.digest, request: 7 });
      expect(second?.sealed).toBeDefined();
      const again = await desk.load('users.csv', usersFile(...users(11)), { day: 4 });
      // The fresh order is younger than this export, and the confirmed one has had its say.
      expect(again.verdicts).toMatchObject([{ order: 2, why: 'export-older' }]);
      expect(await orders(desk)).toHaveLength(2);
      await act(desk, (tx) =>
        tx.put('work-order', closedOrder(second as WorkOrder, 'cancelled', desk.ledger)),
      );
      expect((await desk.load('users.csv', usersFile(...users(12)), { day: 5 })).verdicts).toEqual([]);
    });
  });

  it.each<readonly [string, readonly string[], number, string]>([
    ['an export taken before the order', usersBut(10, 4), 1, 'export-older'],
    ['half of the file', users(10).slice(0, 5).toSpliced(3, 1), 2, 'row-count-fell'],
    ['a file with a row that cannot be read', [...usersBut(10, 4), 'x'], 2, 'too-many-rejects'],
  ])('is not provable by %s', async (_name, rows, day, why) => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(10)));
      await ordered(desk, '4');
      const report = await desk.load('users.csv', usersFile(...rows), { day, ...ANYTHING });
      expect(words(report.verdicts)).toEqual([['not-provable', why]]);
      expect(exitOf(report)).toBe(0);
      expect(await orders(desk)).toMatchObject([{ state: 'ordered', judged: { why } }]);
    });
  });

  it('is not provable by half a file twice: it is measured by what the source had', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(10)));
      await ordered(desk, '8');
      const half = users(5);
      await desk.loaded('users.csv', usersFile(...half), { day: 2, ...ANYTHING });
      const { verdicts } = await desk.loaded('users.csv', usersFile(...half.slice(0, 5), aUser(11)), {
        day: 3,
        ...ANYTHING,
      });
      expect(words(verdicts)).toEqual([['not-provable', 'row-count-fell']]);
    });
  });

  it('is not provable where a few rows at the end are missing with it', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(60)));
      await ordered(desk, '59');
      const { verdicts } = await desk.loaded('users.csv', usersFile(...users(58)), { day: 2 });
      expect(words(verdicts)).toEqual([['not-provable', 'cut-short']]);
    });
  });

  it('is gone where others vanished too, and a row that stood after it is there', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(60)));
      await ordered(desk, '30');
      const { verdicts } = await desk.loaded('users.csv', usersFile(...usersBut(60, 30, 31)), { day: 2 });
      expect(words(verdicts)).toEqual([['gone', undefined]]);
    });
  });

  it('goes by the order of the file where it is not that of the first one', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(60)));
      await ordered(desk, '30');
      // Newest first, and cut short: 30 and the oldest rows are missing, rows after 30 in the first file are not.
      const rows = usersBut(60, 30).toReversed().slice(0, -1);
      const changed = rows.map((row) => row.replace('@example.org', '@example.com'));
      const { verdicts } = await desk.loaded('users.csv', usersFile(...changed), { day: 2 });
      expect(words(verdicts)).toEqual([['not-provable', 'cut-short']]);
    });
  });

  it('is not provable by an export with a date filter', async () => {
    await withDesk(async (desk) => {
      const dated = users(60).map((row, index) =>
        row.replace('2026-01-02', `20${10 + Math.floor(index / 3)}-01-02`),
      );
      await desk.loaded('users.csv', usersFile(...dated));
      await ordered(desk, '1');
      const { verdicts } = await desk.loaded('users.csv', usersFile(...dated.slice(6)), {
        day: 2,
        maxVanished: 0.5,
      });
      expect(words(verdicts)).toEqual([['not-provable', 'row-count-fell']]);
      // The fall is no news any more, the filter is.
      const few = await desk.loaded('users.csv', usersFile(...dated.slice(3)), { day: 3, maxVanished: 0.5 });
      expect(words(few.verdicts)).toEqual([['not-provable', 'filter-changed']]);
    });
  });

  it('is not provable by the first export after the source is mapped otherwise', async () => {
    const remapped = POLICY.replace('fields: [name]\n  payments', 'fields: [name, city]\n  payments');
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(10)));
      await ordered(desk, '4');
      const now = '2026-05-01T13:00:00Z';
      const version = { version: 2, digest: 'sha256:x', appliedAt: now, text: remapped, files: {} };
      await act(desk, (tx) => tx.addPolicy(version));
      const ledger = await desk.reopened();
      try {
        const file = usersFile(...usersBut(10, 4))
          .replace('name,', 'name,city,')
          .replaceAll(/(user \d+),/g, '$1,Rome,');
        const report = await ingestPaths(ledger, [desk.write('users.csv', file, 2)]);
        expect(words(report.verdicts)).toEqual([['not-provable', 'columns-changed']]);
        const next = await ingestPaths(ledger, [desk.write('users.csv', file.replace('Rome', 'Bonn'), 3)]);
        expect(words(next.verdicts)).toEqual([['gone', undefined]]);
      } finally {
        await ledger.store.close();
      }
    });
  });

  it('says nothing by its absence from a file of additions', async () => {
    await withDesk(async (desk) => {
      const message = (id: number) => JSON.stringify({ id, from: 1, to: 2, invited: null, body: 'b' });
      await desk.loaded('messages.ndjson', [1, 2, 3].map(message).join('\n'));
      await ordered(desk, '2', { source: 'messages' });
      const none = await desk.loaded('messages.ndjson', [4, 5].map(message).join('\n'), { day: 2 });
      expect(words(none.verdicts)).toEqual([['not-provable', 'append']]);
      const there = await desk.loaded('messages.ndjson', [2, 6].map(message).join('\n'), { day: 3 });
      expect(words(there.verdicts)).toEqual([['still-there', undefined]]);
    });
  });
});

describe('a row of which something stays', () => {
  const KEPT = aUser(4).replace('u4@example.org,1,1990-05-06,2026-01-02,', ',,,,');

  it('is as ordered when only that is filled', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(10)));
      await ordered(desk, '4', { action: 'keep-fields', change: { name: true } });
      const early = await desk.loaded('users.csv', usersFile(...users(10), aUser(11)), { day: 2 });
      expect(words(early.verdicts)).toEqual([['still-there', undefined]]);
      const rows = users(10).toSpliced(3, 1, KEPT);
      const done = await desk.load('users.csv', usersFile(...rows), { day: 3, ...ANYTHING });
      expect(words(done.verdicts)).toEqual([['changed-as-ordered', undefined]]);
      expect(await orders(desk)).toMatchObject([{ state: 'confirmed', confirmedBy: 'import' }]);
    });
  });

  it('is as ordered when its columns name somebody else or nobody', async () => {
    await withDesk(async (desk) => {
      const message = (id: number, from: number | null) =>
        JSON.stringify({ id, from, to: 2, invited: null, body: 'b' });
      await desk.loaded('messages.ndjson', [message(1, 1), message(2, 1), message(3, 1)].join('\n'));
      for (const key of ['1', '2', '3'])
        await ordered(desk, key, { source: 'messages', action: 'anonymise', change: { from: null } });
      const rows = [message(1, 1), message(2, 0), message(3, null)];
      const { verdicts } = await desk.loaded('messages.ndjson', rows.join('\n'), { day: 2 });
      expect(verdicts.map(({ order, verdict }) => [order, verdict])).toEqual([
        [1, 'still-there'],
        [2, 'changed-as-ordered'],
        [3, 'changed-as-ordered'],
      ]);
    });
  });

  it('is seen by a thread of its own as well', async () => {
    await withDesk(async (desk) => {
      const many = users(20_000);
      await desk.loaded('users.csv', usersFile(...many));
      await ordered(desk, '4');
      await ordered(desk, '19000');
      const later = await desk.loaded('users.csv', usersFile(...many.toSpliced(3, 1)), { day: 2 });
      expect(words(later.verdicts)).toEqual([
        ['gone', undefined],
        ['still-there', undefined],
      ]);
    });
  });
});

describe('a file that was cut short', () => {
  it('never says that a row is gone which the whole file has', async () => {
    const COUNT = 60;
    const cutFile = fc.record({
      // The last row is nobody's order and stays: without it a prefix could be a whole export of its own.
      ordered: fc.integer({ min: COUNT - 4, max: COUNT - 1 }),
      left: fc.integer({ min: 1, max: COUNT - 1 }),
      fresh: fc.integer({ min: 0, max: 2 }),
      isReversed: fc.boolean(),
      cut: fc.oneof(
        fc.record({ bytes: fc.integer({ min: 1, max: 3000 }), lines: fc.constant(0) }),
        fc.record({ bytes: fc.constant(0), lines: fc.integer({ min: 1, max: 4 }) }),
      ),
    });
    const run = async ({ ordered: id, left, fresh, isReversed, cut }: CutFile) => {
      const rows = usersBut(COUNT, ...(left === id ? [] : [left]));
      const before = usersFile(...(isReversed ? users(COUNT).toReversed() : users(COUNT)));
      const whole = usersFile(...(isReversed ? rows.toReversed() : [...rows, ...users(fresh, COUNT + 1)]));
      const key = String(isReversed ? COUNT + 1 - id : id);
      await withDesk(async (desk) => {
        await desk.loaded('users.csv', before);
        await ordered(desk, key);
        const lines = whole.split('\n').slice(0, -1 - cut.lines);
        const prefix = cut.lines > 0 ? `${lines.join('\n')}\n` : whole.slice(0, -cut.bytes);
        const report = await desk.load('users.csv', prefix, { day: 2, ...ANYTHING });
        expect(words(report.verdicts).filter(([verdict]) => verdict === 'gone')).toEqual([]);
      });
    };
    await fc.assert(fc.asyncProperty(cutFile, run), { numRuns: 25 });
  });

  it('in the last cell of the row before proves nothing, though nobody else is missing', async () => {
    const policy = `${POLICY_HEAD}
sources:
  users: { files: "users*.csv", format: csv, mode: snapshot, account: true, key: id, subject: { user_id: id }, category: account, fields: [name] }
categories: { account: { on_delete: erase } }
`;
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', 'id,name\n1,Ada\n2,Bea\n3,Cid\n');
      await ordered(desk, '3');
      const torn = await desk.loaded('users.csv', 'id,name\n1,Ada\n2,B', { day: 2 });
      expect(words(torn.verdicts)).toEqual([['not-provable', 'cut-short']]);
      // Whole, and without an end of line, as some programs write it.
      await desk.loaded('users.csv', 'id,name\n1,Ada\n2,Bea', { day: 3 });
      const whole = await desk.loaded('users.csv', 'id,name\n1,Eve\n2,Bea', { day: 4 });
      expect(words(whole.verdicts)).toEqual([['gone', undefined]]);
    }, policy);
  });
});

it('costs next to nothing for each of many orders, also when all of them are back', {
  timeout: 15_000,
}, async () => {
  const COUNT = 1000;
  await withDesk(async (desk) => {
    await desk.loaded('users.csv', usersFile(...users(COUNT + 1)));
    await act(desk, async (tx) => {
      for (let key = 1; key <= COUNT; key += 1) {
        const row = await tx.recordByKey('users', `${key}`);
        const place = {
          source: 'users',
          key: `${key}`,
          change: {},
          record: row?.id,
          request: 7,
          subject: 1,
          row,
        };
        await placeOrder(tx, { ...desk.ledger, now: ORDERED_AT }, { ...place, action: 'delete' });
        await tx.eraseRecords([row?.id ?? 0]);
      }
    });
    const left = usersFile(...users(1, COUNT + 1));
    const all = usersFile(...users(COUNT + 1));
    const gone = await desk.load('users.csv', left, { day: 2, ...ANYTHING });
    const again = await desk.load('users.csv', left, { day: 3, ...ANYTHING });
    const back = await desk.load('users.csv', all, { day: 4, ...ANYTHING });
    const counts = [gone, again, back].map(({ verdicts }) => verdicts.length);
    expect(counts).toEqual([COUNT, 0, COUNT]);
    expect((await orders(desk)).map(({ state }) => state)).toEqual([
      ...Array(COUNT).fill('confirmed'),
      ...Array(COUNT).fill('ordered'),
    ]);
  });
});

interface CutFile {
  readonly ordered: number;
  readonly left: number;
  readonly fresh: number;
  readonly isReversed: boolean;
  readonly cut: { readonly bytes: number; readonly lines: number };
}
