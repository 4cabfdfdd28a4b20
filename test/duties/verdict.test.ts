import { describe, expect, it } from 'vitest';
import { type Circumstances, judgeOrder, type Sighting } from '../../src/duties/verdict.ts';
import type { WorkOrder } from '../../src/store/registers.ts';

type Judged = Parameters<typeof judgeOrder>[0];

const DELETE: Judged = {
  action: 'delete',
  fields: [],
  state: 'ordered',
  orderedAt: '2026-05-01T00:00:00Z',
  endedAt: undefined,
};
const KEEP: Judged = { ...DELETE, action: 'keep-fields', fields: ['amount'] };
const ANONYMISE: Judged = { ...DELETE, action: 'anonymise', fields: ['from'], naming: { from: 'd1' } };
const END: Judged = { ...DELETE, action: 'end-sign-in' };
const CONFIRMED: Judged = { ...DELETE, state: 'confirmed', endedAt: '2026-05-20T00:00:00Z' };

/** A whole snapshot, taken after the order, of which nobody else vanished. */
const WHOLE: Circumstances = {
  takenAt: '2026-05-10T00:00:00Z',
  kind: 'snapshot',
  keyColumns: ['id'],
  missingColumns: [],
  isRemapped: false,
  isShort: false,
  isTorn: false,
  hasUnreadable: false,
  vanished: 'none',
};

function row(filled: readonly string[], naming: Sighting['naming'] = []): Sighting {
  return { digest: 'd', key: '1', line: 2, filled, naming };
}

const NAMED = row(['id', 'from'], [{ column: 'from', digest: 'd1' }]);
const OTHER = row(['id', 'from'], [{ column: 'from', digest: 'd2' }]);
const ELSEWHERE = row(['id', 'to'], [{ column: 'to', digest: 'd1' }]);

const OLDER = { takenAt: '2026-04-30T23:59:59Z' };
const SAME = { takenAt: '2026-05-01T00:00:00Z' };

type Case = readonly [
  name: string,
  order: Judged,
  sighting: Sighting | undefined,
  given: Partial<Circumstances>,
  verdict: string,
  why?: string,
];

const CASES: readonly Case[] = [
  ['a row to delete that a whole export lacks', DELETE, undefined, {}, 'gone'],
  ['a row to delete that is there', DELETE, row(['id']), {}, 'still-there'],
  ['the same in a short, torn export', DELETE, row(['id']), { isShort: true, isTorn: true }, 'still-there'],
  ['an export taken before', DELETE, undefined, OLDER, 'not-provable', 'export-older'],
  ['one taken before that has the row', DELETE, row(['id']), OLDER, 'not-provable', 'export-older'],
  ['one taken in the same second', DELETE, undefined, SAME, 'not-provable', 'export-older'],
  ['a file of additions', DELETE, undefined, { kind: 'append' }, 'not-provable', 'append'],
  ['a file of additions that has the row', DELETE, row(['id']), { kind: 'append' }, 'still-there'],
  ['a log', DELETE, undefined, { kind: 'log' }, 'not-provable', 'by-hand'],
  ['another mapping', DELETE, undefined, { isRemapped: true }, 'not-provable', 'columns-changed'],
  ['far fewer rows', DELETE, undefined, { isShort: true }, 'not-provable', 'row-count-fell'],
  ['a row without key', DELETE, undefined, { hasUnreadable: true }, 'not-provable', 'too-many-rejects'],
  ['only the oldest vanished', DELETE, undefined, { vanished: 'oldest' }, 'not-provable', 'filter-changed'],
  ['nothing after it is there', DELETE, undefined, { vanished: 'all-after' }, 'not-provable', 'cut-short'],
  ['it ends in mid-line', DELETE, undefined, { isTorn: true }, 'not-provable', 'cut-short'],
  ['others vanished too, rows after it are there', DELETE, undefined, { vanished: 'some' }, 'gone'],
  ['only what is kept is filled', KEEP, row(['id', 'amount']), {}, 'changed-as-ordered'],
  ['not even that is filled', KEEP, row(['id']), {}, 'changed-as-ordered'],
  ['more than what is kept is filled', KEEP, row(['id', 'amount', 'name']), {}, 'still-there'],
  ['the row of what is kept is gone', KEEP, undefined, {}, 'gone'],
  [
    'a column to empty that the whole file lacks',
    KEEP,
    row(['id', 'amount']),
    { missingColumns: ['name'] },
    'not-provable',
    'columns-changed',
  ],
  [
    'a kept column that the whole file lacks',
    KEEP,
    row(['id']),
    { missingColumns: ['amount'] },
    'changed-as-ordered',
  ],
  ['the person is still named', ANONYMISE, NAMED, {}, 'still-there'],
  ['nobody is named', ANONYMISE, row(['id']), {}, 'changed-as-ordered'],
  ['a stand-in is named', ANONYMISE, OTHER, {}, 'changed-as-ordered'],
  ['the person is named in another place', ANONYMISE, ELSEWHERE, {}, 'changed-as-ordered'],
  [
    'the naming column is missing altogether',
    ANONYMISE,
    row(['id']),
    { missingColumns: ['from'] },
    'not-provable',
    'columns-changed',
  ],
  [
    'no column names them',
    { ...ANONYMISE, fields: [], naming: {} },
    row(['id']),
    {},
    'not-provable',
    'by-hand',
  ],
  ['a sign-in that ended', END, undefined, {}, 'not-provable', 'by-hand'],
  ['a sign-in, the row there', END, row(['id']), {}, 'not-provable', 'by-hand'],
  ['a confirmed row that is back', { ...CONFIRMED, confirmedBy: 'import' }, row(['id']), {}, 'still-there'],
  [
    'a row that staff saw gone after the export was taken',
    { ...CONFIRMED, confirmedBy: 'staff' },
    row(['id']),
    {},
    'not-provable',
    'export-older',
  ],
  [
    'a row that staff saw gone, in a later export',
    { ...CONFIRMED, confirmedBy: 'staff' },
    row(['id']),
    { takenAt: '2026-05-21T00:00:00Z' },
    'still-there',
  ],
];

describe('an order and an export', () => {
  for (const [name, order, sighting, given, verdict, why] of CASES) {
    it(name, () => {
      expect(judgeOrder(order, sighting, { ...WHOLE, ...given })).toEqual({ verdict, why });
    });
  }

  it('never says gone or changed of an export that was taken before the order', () => {
    const actions: readonly WorkOrder['action'][] = ['delete', 'keep-fields', 'anonymise', 'end-sign-in'];
    for (const action of actions)
      for (const sighting of [undefined, row(['id'])])
        expect(judgeOrder({ ...DELETE, action }, sighting, { ...WHOLE, ...OLDER }).verdict).toBe(
          'not-provable',
        );
  });
});
