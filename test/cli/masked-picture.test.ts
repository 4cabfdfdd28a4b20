import { describe, expect, test } from 'vitest';
import { pictureOf, renderPicture } from '../../src/cli/masked-picture.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import type { SubjectView } from '../../src/rights/view.ts';
import type { StoredRecord } from '../../src/store/store.ts';

const policy = parsePolicy(
  `
controller: { name: Example, contact: privacy@example.org, zone: America/New_York, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users: { files: u, format: csv, mode: snapshot, account: true, key: id, subject: { user_id: id }, birth_date: { column: born, format: M/D/YYYY }, category: all }
  players: { files: p, format: csv, mode: snapshot, account: true, key: id, subject: { user_id: id }, age: { column: age, as_of: joined }, category: all }
  payments: { files: y, format: csv, mode: append, key: id, subject: { user_id: user }, payment: true, category: all }
  messages: { files: m, format: csv, mode: append, key: id, parties: { author: { user_id: author } }, category: all }
categories: { all: { on_delete: erase } }
`,
  'dsr.yaml',
);
const NOW = '2026-01-05T03:00:00Z';

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

const pictured = (part: Partial<SubjectView>) => pictureOf(view(part), policy, NOW);

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
    const text = renderPicture(pictured({ identifiers, rows: [row('users', { born: '12/10/1990' })] }), NOW);
    expect(text).toContain('email:a…@example.org  phone:…01  user_id:1…');
    expect(text).not.toMatch(/ada|96000|123456|1990/);
  });

  test('of nobody says so', () => {
    expect(renderPicture(pictured({}), NOW)).toBe(
      [
        '  known by       nothing any more',
        '  last activity  unknown',
        '  paid           no',
        '  under 18       unknown',
        '  held           nothing',
      ].join('\n'),
    );
  });
});
