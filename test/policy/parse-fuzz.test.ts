import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ExitCode, type Problem } from '../../src/base/errors.ts';
import { diffPolicies } from '../../src/policy/diff.ts';
import { policyFileForm } from '../../src/policy/file-form.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { STARTER_POLICY } from '../../src/policy/starter.ts';
import type { Policy } from '../../src/policy/types.ts';
import { faultOf, SKETCH } from './policy-texts.ts';

/** Parses, or refuses with problems that all stand inside the text. */
function expectJudged(text: string): void {
  const fault = faultOf(text);
  if (fault === undefined) return;
  expect(fault).toMatchObject({ code: 'policy-invalid', exit: ExitCode.badInput });
  expect(fault.problems.length).toBeGreaterThan(0);
  const lines = text.split('\n');
  for (const problem of fault.problems) expectInside(problem, lines);
}

function expectInside({ file, line, column, message }: Problem, lines: readonly string[]): void {
  expect(file).toBe('dsr.yaml');
  expect(line).toBeGreaterThanOrEqual(1);
  expect(line).toBeLessThanOrEqual(lines.length);
  expect(column).toBeGreaterThanOrEqual(1);
  expect(column).toBeLessThanOrEqual((lines[(line ?? 0) - 1] ?? '').length + 1);
  expect(message).not.toMatch(/Invalid|undefined|\[object/);
}

const TOKENS = [
  ...[
    '\n',
    '\n  ',
    '\n    ',
    ' ',
    ': ',
    '- ',
    ', ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '#',
    '&a ',
    '*a',
    '!!str ',
    '|',
    '>',
    '?',
    '%',
    '---',
    '\t',
  ],
  ...[
    'sources',
    'categories',
    'users',
    'format',
    'csv',
    'combined',
    'subject',
    'on_delete',
    'keep',
    'erase',
    'P7Y',
    '2005-01-05',
    '<<',
    '~',
    '1e3',
    '\0',
    '\ud800',
    '\ufeff',
    '\r',
    '__proto__',
    'constructor',
  ],
];
const token = fc.constantFrom(...TOKENS);

const edited = fc
  .record({
    text: fc.constantFrom(SKETCH, STARTER_POLICY),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.nat(12),
        add: fc.array(token, { maxLength: 3 }),
      }),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
  })
  .map(({ text, edits }) =>
    edits.reduce<string>((now, { at, cut, add }) => {
      const start = Math.floor(at * now.length);
      return now.slice(0, start) + add.join('') + now.slice(start + cut);
    }, text),
  );

type Tree = { [key: string]: unknown };

/** Replaces one value of a tree of plain data; the path is taken modulo what is there. */
function replaced(tree: unknown, path: readonly number[], value: unknown): unknown {
  if (path.length === 0 || typeof tree !== 'object' || tree === null) return value;
  const keys = Object.keys(tree);
  const key = keys[(path[0] ?? 0) % Math.max(1, keys.length)];
  if (key === undefined) return value;
  const inner = replaced((tree as Tree)[key], path.slice(1), value);
  return Array.isArray(tree) ? tree.with(Number(key), inner) : { ...tree, [key]: inner };
}

const value = fc.oneof(
  fc.constantFrom<fc.JsonValue[]>(
    null,
    true,
    7,
    1.5,
    '',
    'id',
    'subject',
    'retain',
    'P1Y',
    'network',
    [],
    {},
    ['a', 'a'],
    { column: 'x' },
    { a: { a: 'b' } },
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

const tree = policyFileForm(parsePolicy(SKETCH, 'dsr.yaml'));
const changedTree = fc
  .array(fc.record({ path: fc.array(fc.nat(30), { minLength: 1, maxLength: 6 }), value }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((changes) => changes.reduce<unknown>((now, change) => replaced(now, change.path, change.value), tree));

describe('any text', () => {
  it('parses or is refused, when it is made of the signs and words of YAML', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 60 }), (tokens) => expectJudged(tokens.join(''))),
      { numRuns: 500 },
    );
  });

  it('parses or is refused, when it is a policy with slips', () => {
    fc.assert(
      fc.property(edited, (text) => expectJudged(text)),
      { numRuns: 200 },
    );
  });

  it('parses or is refused, when it is a policy with other values in it', () => {
    fc.assert(
      fc.property(changedTree, (changed) => expectJudged(stringify(changed))),
      { numRuns: 300 },
    );
  });
});

/** Changes of the sketch that each leave a policy. */
const VALID_EDITS: readonly (readonly [string, string])[] = [
  [
    'files: "users*.csv"',
    'files: ["users*.csv", "people.csv"]\n    taken_at: people.csv-YYYYMMDD*\n    origin: a partner',
  ],
  [
    'birth_date: dob',
    'age: { column: dob, as_of: { column: seen, format: DD.MM.YYYY } }\n    grounds: { ban: { column: state, in: ["1", x] } }',
  ],
  [
    'free_text: [body]',
    'free_text: [body]\n    visible: [title, body]\n    ignore: [theme]\n    fields: { title: user, 7: user.name }',
  ],
  ['format: ndjson', 'format: { type: json, path: a.b, encoding: utf-16 }'],
  ['format: combined', 'format: { type: common, encoding: latin1 }'],
  ['weak: { ip: host }', 'weak: { ip: host }\n    taken_at: access.log-YYYY-MM-DD'],
  ['parties: {', 'date: { column: at, format: epoch-ms }\n    parties: {'],
  ['{ author: anonymise-author, recipient: keep }', 'anonymise, title: Messages'],
  [
    'P90D, source: controller, on_delete: { count_by: [hour, path, status] }',
    '{ after: P1Y, from: end-of-year }, source: law, on_delete: keep',
  ],
  ['amount, name, card]', 'amount, name, card, note]'],
  [
    'recipients:',
    'limits: { scrub_at_once_below: 1500MB, plan_valid: P1D, points_specific: 5 }\nrecipients:',
  ],
  [
    'recipients:',
    'identifiers: { phone: { country: US }, badge: { strength: device, normalise: fold-case } }\nrecipients:',
  ],
  ['recipients:', 'purposes: { ads: { title: Ads, basis: consent } }\ntransfers: [to the US]\nrecipients:'],
  [
    'subject: { user_id: user_id }',
    'subject: { user_id: user_id, phone: tel }\n    parties: { payer: { email: mail } }',
  ],
  ['holidays: US', 'holidays: US, complaint: [write, "call us"]'],
];

describe('a policy', () => {
  const sorted = (policy: Policy): unknown =>
    JSON.parse(JSON.stringify(policy), (key, list) => (key === 'columns' ? list.toSorted() : list));

  it('is the same when it is written out in full and parsed again', () => {
    fc.assert(
      fc.property(fc.subarray([...VALID_EDITS]), (edits) => {
        const text = edits.reduce((now, [from, to]) => now.replace(from, to), SKETCH);
        const policy = parsePolicy(text, 'dsr.yaml');
        const again = parsePolicy(stringify(policyFileForm(policy)), 'dsr.yaml');
        expect(sorted(again)).toEqual(sorted(policy));
        expect(diffPolicies(policy, again)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a hostile text', () => {
  const laughs = [
    'a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]',
    ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`)}]`),
  ].join('\n');

  it.each([
    ['a billion laughs', laughs],
    ['brackets without end', '['.repeat(200_000)],
    ['maps without end', '{a: '.repeat(60_000)],
    ['lists without end', '- '.repeat(100_000)],
    ['quotes without end', '"'.repeat(100_000)],
    ['anchors without end', '&a '.repeat(50_000)],
    ['twenty thousand unknown keys', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['thirty thousand wrong columns', `sources: { a: { fields: [${'1,'.repeat(30_000)}] } }`],
    ['more than a policy can be', '#'.repeat(300_000)],
  ])('is refused: %s', (_name, text) => {
    expect(faultOf(text)?.code).toBe('policy-invalid');
  });

  it('says what is wrong with a billion laughs', () => {
    expect(faultOf(laughs)?.problems).toEqual([
      {
        file: 'dsr.yaml',
        line: 1,
        column: 1,
        message: 'the file has more than 50000 values, aliases written out',
      },
    ]);
  });

  it('leaves what every object has untouched', () => {
    faultOf('__proto__: { polluted: 1 }\nsources: { constructor: { prototype: { polluted: 1 } } }\n');
    expect(({} as Tree).polluted).toBeUndefined();
  });
});
