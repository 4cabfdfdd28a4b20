import { describe, expect, test } from 'vitest';
import { type Beside, pictureOf, renderPicture } from '../../src/cli/masked-picture.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import type { SubjectView } from '../../src/rights/view.ts';
import type { LegalHold } from '../../src/store/registers.ts';
import type { StoredRecord } from '../../src/store/store.ts';
import { aRequest } from '../helpers/request.ts';

const policy = parsePolicy(
  `
controller: { name: Example, contact: privacy@example.org, zone: America/New_York, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users: { files: u, format: csv, mode: snapshot, account: true, key: id, subject: { user_id: id }, birth_date: { column: born, format: M/D/YYYY }, grounds: { staff: { column: role, in: [admin] }, ban: { column: role, in: [banned] } }, category: all }
  players: { files: p, format: csv, mode: snapshot, account: true, key: id, subject: { user_id: id }, age: { column: age, as_of: joined }, category: all }
  payments: { files: y, format: csv, mode: append, key: id, subject: { user_id: user }, payment: true, category: all }
  log: { files: l, format: common, subject: { user_id: user }, category: all }
  messages: { files: m, format: csv, mode: append, key: id, parties: { author: { user_id: author } }, category: all }
categories: { all: { on_delete: erase } }
`,
  'dsr.yaml',
);
const NOW = '2026-01-05T03:00:00Z';
/** In the zone of the controller. */
const TODAY = '2026-01-04';

const HOLD: LegalHold = {
  id: 1,
  state: 'placed',
  subject: undefined,
  matter: '2026-7',
  category: undefined,
  source: undefined,
  reason: 'litigation',
  reviewOn: undefined,
  placedAt: NOW,
  placedBy: 'grace',
  releasedAt: undefined,
  releasedBy: undefined,
};

let ids = 0;
function row(source: string, fields: Record<string, string>, at?: number, role = 'subject') {
  ids += 1;
  const record: StoredRecord = {
    id: ids,
    source,
    key: String(ids),
    version: 1,
    state: 'active',
    import: 1,
    line: 1,
    at,
    missed: 0,
    retained: undefined,
    overlays: [],
    fields: new Map(Object.entries(fields)),
  };
  return { record, role };
}

function view(part: Partial<SubjectView>): SubjectView {
  return { subject: 1, subjects: [1], rows: [], lines: [], identifiers: [], wanted: [], notes: [], ...part };
}

const pictured = (part: Partial<SubjectView>, beside: Beside = { holds: [], requests: [] }) =>
  pictureOf(view(part), policy, NOW, beside);

describe('the masked picture of a person', () => {
  const minors: readonly (readonly [string, SubjectView['rows'], boolean | undefined])[] = [
    ['who turns 18 tomorrow, by the controller’s calendar', [row('users', { born: '1/5/2008' })], true],
    ['who turned 18 today', [row('users', { born: '1/4/2008' })], false],
    ['whose birth date is none', [row('users', { born: 'soon' })], undefined],
    ['who is said to be born tomorrow', [row('users', { born: '1/5/2027' })], undefined],
    ['who said 15 three years ago', [row('players', { age: '15', joined: '2022-06-01' })], false],
    ['who said 15 two years ago', [row('players', { age: '15', joined: '2023-06-01' })], true],
    ['who said 15 on a day unknown', [row('players', { age: '15', joined: '' })], true],
    ['who said no age', [row('players', { age: '', joined: '2022-06-01' })], undefined],
    [
      'of whom one account says 40 and one 12',
      [row('users', { born: '1/1/1986' }), row('players', { age: '12', joined: '' })],
      true,
    ],
    ['of whom nothing says', [row('messages', {}, undefined, 'author')], undefined],
  ];

  test.each(minors)('tells whether somebody is a minor: %s', (_name, rows, minor) => {
    expect(pictured({ rows }).minor).toBe(minor);
  });

  test('shows the newest date of rows and lines, on the controller’s calendar', () => {
    const rows = [row('messages', {}, 1_767_000_000, 'author'), row('payments', {})];
    expect(pictured({ rows }).lastActivity).toBe('2025-12-29');
    const lines = [{ source: 'log', lines: 1, lastAt: 1_767_582_000 }];
    expect(pictured({ rows, lines }).lastActivity).toBe('2026-01-04');
    expect(pictured({}).lastActivity).toBeUndefined();
  });

  test('counts a row once, whatever the roles in it', () => {
    const message = row('messages', {}, undefined, 'author');
    const picture = pictured({ rows: [message, { ...message, role: 'recipient' }, row('payments', {})] });
    expect(picture.counts).toEqual([
      { source: 'messages', count: 1, unit: 'row' },
      { source: 'payments', count: 1, unit: 'row' },
    ]);
    expect(picture.paid).toBe(true);
  });

  test('has nothing in it to learn somebody by', () => {
    const identifiers = [
      { kind: 'email', value: 'ada@example.org' },
      { kind: 'phone', value: '+441632960001' },
      { kind: 'user_id', value: '123456' },
    ];
    const text = renderPicture(
      pictured({ identifiers, rows: [row('users', { born: '12/10/1990' })] }),
      TODAY,
    );
    expect(text).toContain('email:a…@example.org  phone:…01  user_id:1…');
    expect(text).not.toMatch(/ada|96000|123456|1990/);
  });

  test.each([
    ['admin', true, ['staff']],
    ['banned', false, ['ban']],
    ['member', false, []],
  ])('tells staff and other grounds: %s', (role, staff, marks) => {
    expect(pictured({ rows: [row('users', { role })] })).toMatchObject({ staff, marks });
  });

  test('tells since when, by the account where that has a date', () => {
    const paid = row('payments', {}, 1_700_000_000);
    expect(pictured({ rows: [paid, row('users', {}, 1_767_000_000)] }).knownSince).toBe('2025-12-29');
    expect(pictured({ rows: [paid, row('users', {})] }).knownSince).toBe('2023-11-14');
  });

  test.each([
    ['2026-01-04T20:00:00Z', '2026-01-04, 0 days ago'],
    ['2026-01-04T02:00:00Z', '2026-01-03, 1 day ago'],
  ])('counts the days since %s by the calendar of the controller', (at, words) => {
    const picture = pictured({ rows: [row('users', {}, Date.parse(at) / 1000)] });
    expect(renderPicture(picture, TODAY)).toContain(`last activity  ${words}`);
  });

  test('tells what else is open: holds over something of theirs, other requests', () => {
    const hold = { ...HOLD, source: 'payments' };
    const request = aRequest({ id: 3, type: 'access' });
    const beside = { holds: [hold, { ...hold, source: 'messages', matter: '2026-8' }], requests: [request] };
    const picture = pictured({ rows: [row('payments', {})] }, beside);
    expect(picture).toMatchObject({ holds: ['2026-7'], requests: ['R-000003 access'] });
    expect(renderPicture(picture, TODAY)).toContain(
      'legal hold     2026-7\n  also asks for  R-000003 access',
    );
  });

  test('of nobody says so', () => {
    expect(renderPicture(pictured({}), TODAY)).toBe(
      [
        '  known by       nothing any more',
        '  last activity  unknown',
        '  known since    unknown',
        '  paid           no',
        '  staff          no',
        '  under 18       unknown',
        '  held           nothing',
      ].join('\n'),
    );
  });
});
