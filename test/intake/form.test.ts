import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderProblem } from '../../src/base/errors.ts';
import { readForm } from '../../src/intake/form-file.ts';
import { policyOf } from './policy-of.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsr-form-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const defaults = {
  types: undefined,
  receivedOn: undefined,
  regime: undefined,
  channel: undefined,
  requester: 'self',
  level: 'specific',
} as const;

function read(text: string, policy = policyOf(), more: Partial<Parameters<typeof readForm>[2]> = {}) {
  const file = join(folder, 'form.csv');
  writeFileSync(file, text);
  return readForm(file, policy, { ...defaults, ...more });
}

const INTAKE = policyOf(
  `intake: { columns: { type: Wish, received: When, email: Mail, foreign_id: No, note: Text }, types: { "Delete my account": delete, "Copy": access }, received: "DD.MM.YYYY HH:mm" }\n`,
);

describe('the CSV of a web form', () => {
  test('without intake has columns that are named like the flags', async () => {
    const { rows, problems } = await read(
      'email,type,received,regime,level,note\nada@example.org,"access,delete",2026-01-05,ccpa,categories,both\n',
    );
    expect(problems).toEqual([]);
    expect(rows).toMatchObject([
      {
        line: 2,
        opening: {
          types: ['access', 'delete'],
          who: [{ kind: 'email', value: 'ada@example.org' }],
          receivedOn: '2026-01-05',
          regime: 'ccpa',
          level: 'categories',
          channel: 'web-form',
          note: 'both',
        },
      },
    ]);
  });

  test("goes by the policy's intake, and leaves the form's own columns alone", async () => {
    const { rows } = await read(
      'No;Browser;When;Wish;Mail;Text\nF-1;Lynx;05.01.2026 00:30;delete MY account;Ada@Example.org;\n',
      INTAKE,
    );
    expect(rows[0]?.opening).toMatchObject({ types: ['delete'], receivedOn: '2026-01-05', note: undefined });
    expect(rows[0]?.opening.foreign).toMatchObject({ protocol: 'form', id: 'F-1' });
  });

  test('names a person by everything that a row has, the strongest first', async () => {
    const { rows } = await read('email,user_id,type\nada@example.org,42,access\n');
    expect(rows[0]?.opening.who.map((one) => 'kind' in one && one.kind)).toEqual(['user_id', 'email']);
  });

  test.each([
    ['an e-mail that is none', 'ada,access,,', 'form.csv:2:1: it is no email'],
    [
      'a type that is none',
      'ada@example.org,erase,,',
      'form.csv:2:17: the type must be one of: access, edit',
    ],
    ['two types that cannot come together', 'ada@example.org,"access,unclear",,', 'form.csv:2:17: '],
    ['no type', 'ada@example.org,,,', 'form.csv:2:17: it does not say what is asked for'],
    ['a day that is none', 'ada@example.org,access,2026-02-30,', 'form.csv:2:24: it is no date'],
    ['a regime that is none', 'ada@example.org,access,,moon', 'form.csv:2:25: no such regime'],
    ['a field too few', 'ada@example.org,access,', 'form.csv:2: 3 fields where the header has 4'],
  ])('says where %s stands, and not what', async (_what, row, words) => {
    const { problems, rows } = await read(`email,type,received,regime\n${row}\n`);
    expect(rows).toEqual([]);
    expect(problems.map(renderProblem).join()).toContain(words);
    expect(problems.map(renderProblem).join()).not.toMatch(/ada|moon|erase,/);
  });

  test.each([
    ['a column that a request does not have', 'email,recieved\n', policyOf(), 'form.csv:1:7'],
    ['a column of the policy that is missing', 'No,When,Wish,Text\n', INTAKE, 'for email is not there'],
  ])('with %s is refused', async (_what, text, policy, words) => {
    await expect(read(text, policy)).rejects.toMatchObject({ code: 'form-columns', exit: 65 });
    const problems = await read(text, policy).catch((error) => error.problems);
    expect(problems.map(renderProblem).join()).toContain(words);
  });

  test('a row that says its day is the same in any file; one that does not, in the same file alone', async () => {
    const idOf = async (text: string) =>
      (await read(text, policyOf(), { types: ['access'] })).rows[0]?.opening.foreign?.id;
    const dated = 'email,received\nada@example.org,2026-01-05\n';
    expect(await idOf(dated)).toBe(await idOf(`${dated}bea@example.org,2026-01-05\n`));
    const undated = 'email\nada@example.org\n';
    expect(await idOf(undated)).toBe(await idOf(undated));
    expect(await idOf(undated)).not.toBe(await idOf(`${undated}bea@example.org\n`));
  });
});
