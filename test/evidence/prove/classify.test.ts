import { describe, expect, test } from 'vitest';
import { classifyHit, type HitClass, type RequestContext } from '../../../src/evidence/prove/classify.ts';
import type { LedgerHit, RowAbout } from '../../../src/evidence/prove/hits.ts';
import type { DeadPlace } from '../../../src/evidence/prove/places.ts';

const THEIRS = 7;
const OTHERS = 8;
const TAG = 111;

const context: RequestContext = {
  request: 5,
  subjects: new Set([THEIRS, 70]),
  tags: new Set([TAG, 112]),
  records: new Map([
    [20, 'held'],
    [21, 'left-to-another'],
  ]),
  lines: new Map([
    ['held_log', 'held'],
    ['shared_log', 'left-to-another'],
  ]),
};

const nothingHeld: RequestContext = { ...context, records: new Map(), lines: new Map() };

function classOf(place: LedgerHit['place'], within = context, value?: number): HitClass {
  const hit: LedgerHit = {
    request: 0,
    form: 'utf-8',
    value,
    file: 'dsr.db',
    page: 3,
    offset: 20_000,
    place,
  };
  return classifyHit(hit, within);
}

function classOfRow(about: RowAbout, within = context): HitClass {
  return classOf({ table: 't', index: undefined, rowid: 1, column: 'body', about }, within);
}

const record = (more: Partial<Extract<RowAbout, { is: 'record' }>>): RowAbout => ({
  is: 'record',
  record: 1,
  source: 'users',
  retainedFor: undefined,
  tags: [],
  ...more,
});
const line = (source: string, owner: number | undefined): RowAbout => ({
  is: 'line',
  source,
  owner,
});
const entry = (kind: string, subject: number | undefined): RowAbout => ({
  is: 'entry',
  kind,
  subject,
});

describe('a hit outside live rows is residue', () => {
  const places: readonly DeadPlace[] = [
    'gap in a leaf page',
    'free block',
    'free page',
    'unreachable page',
    'unreadable row',
    'write-ahead log',
    'rollback journal',
    'leftover copy',
    'overflow page',
  ];
  test.each(places)('%s', (place) => {
    expect(classOf(place)).toBe('residue');
  });
});

const rows: readonly (readonly [string, RowAbout, HitClass])[] = [
  ['a row retained for the person', record({ retainedFor: THEIRS, tags: [TAG] }), 'retained'],
  ['a row retained for the person under an earlier number', record({ retainedFor: 70 }), 'retained'],
  ['a row retained for somebody else', record({ retainedFor: OTHERS }), 'another'],
  [
    'a row retained for somebody else that the person reaches',
    record({ retainedFor: OTHERS, tags: [TAG] }),
    'residue',
  ],
  ['a held row', record({ record: 20, tags: [TAG] }), 'retained'],
  ['a row that the policy leaves to another party', record({ record: 21, tags: [TAG] }), 'another'],
  ['a live row that an erased identifier reaches', record({ tags: [1, TAG] }), 'residue'],
  ['a live row that only mentions the value', record({ tags: [1, 2] }), 'another'],
  ['a row that nothing reaches', record({}), 'another'],
  ['a line of the person', line('access_log', TAG), 'residue'],
  ['a held line of the person', line('held_log', TAG), 'retained'],
  ['a line of the person that is left to another', line('shared_log', TAG), 'another'],
  ['a line of somebody else', line('access_log', 9), 'another'],
  ['a line of which nobody can tell whose it is', line('held_log', undefined), 'residue'],
  ['the file of their request', entry('request', THEIRS), 'retained'],
  ['the file of a request that found nobody', entry('request', undefined), 'retained'],
  ["the file of somebody else's request", entry('request', OTHERS), 'another'],
  ['a letter of their request, which is part of its file', entry('letter', THEIRS), 'retained'],
  ['a letter of somebody else', entry('letter', OTHERS), 'another'],
  ['a plan of theirs', entry('plan', THEIRS), 'residue'],
  ['a work order of theirs', entry('work-order', THEIRS), 'residue'],
  ['an entry about nobody', entry('purge', undefined), 'residue'],
  ['words of the policy', { is: 'words' }, 'another'],
  ['a row that is nobody’s: a reject, a count, an audit entry', { is: 'nobodys' }, 'residue'],
];

describe('a hit in a live row is judged by whose it is', () => {
  test.each(rows)('%s', (_, about, expected) => {
    expect(classOfRow(about)).toBe(expected);
  });

  test('an identifier in the name of a file is residue, a word there is anybody’s', () => {
    const about: RowAbout = { is: 'file-name' };
    const place = { table: 'import', index: undefined, rowid: 1, column: 'file', about };
    expect(classOf(place)).toBe('residue');
    expect(classOf(place, context, 3)).toBe('another');
  });

  test('what staff linked remains while something is held, and no longer', () => {
    expect(classOfRow(entry('decision', THEIRS))).toBe('retained');
    expect(classOfRow(entry('decision', THEIRS), nothingHeld)).toBe('residue');
    expect(classOfRow(entry('decision', OTHERS), nothingHeld)).toBe('another');
  });
});
