import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/policy/parse.ts';
import { STARTER_POLICY } from '../../src/policy/starter.ts';
import type { LogSource, Policy, TableSource } from '../../src/policy/types.ts';
import { faultOf, problemsOf, SKETCH } from './policy-texts.ts';

function table(policy: Policy, name: string): TableSource {
  const source = policy.sources[name];
  if (source?.type !== 'table') throw new Error(`${name} is no table`);
  return source;
}

describe('the sketch of the design', () => {
  const policy = parsePolicy(SKETCH, 'dsr.yaml');

  it('parses', () => {
    expect(problemsOf(SKETCH)).toEqual([]);
  });

  it('keeps dates as text', () => {
    expect(policy.effective).toBe('2005-01-05');
    expect(policy.recipients['card-processor']).toEqual({
      name: 'card-processor',
      role: 'processor',
      categories: ['payments'],
      since: '2004-01-01',
      agreement: true,
    });
  });

  it('stores the columns in the order of their first mention, and not what is dropped', () => {
    expect(table(policy, 'users').columns).toEqual([
      'id',
      'email',
      'email_ok',
      'user',
      'dob',
      'postcode',
      'name',
    ]);
    expect(table(policy, 'users').never).toEqual(['password_hash', 'card_number']);
    expect(table(policy, 'messages').columns).toEqual(['id', 'from', 'to', 'body']);
  });

  it('puts the strongest identifier first and keeps the order of equals', () => {
    expect(table(policy, 'users').parties).toEqual([
      {
        role: 'subject',
        identifiers: [
          { kind: 'user_id', column: 'id' },
          { kind: 'username', column: 'user' },
          { kind: 'email', column: 'email', confirmed: 'email_ok' },
        ],
      },
    ]);
    expect((policy.sources.access_log as LogSource).identifiers).toEqual([
      { kind: 'username', column: 'user' },
      { kind: 'cookie', column: 'query.sid' },
      { kind: 'ip', column: 'host' },
    ]);
  });

  it('writes the short forms out and fills the defaults in', () => {
    const users = table(policy, 'users');
    expect(users.format).toEqual({ type: 'csv', delimiter: ',', quote: '"', encoding: 'utf-8' });
    expect(users.birthDate).toEqual({ column: 'dob', format: 'iso' });
    expect(users).toMatchObject({
      freeText: [],
      visible: [],
      ignore: [],
      payment: false,
      grounds: [],
      account: true,
    });
    expect(users).not.toHaveProperty('takenAt');
    expect(table(policy, 'payments')).toMatchObject({
      format: { type: 'csv', delimiter: ';', quote: '"', encoding: 'latin1' },
      date: { column: 'date', format: 'M/D/YYYY' },
      fields: {},
    });
    expect(policy.limits).toEqual({
      batchAtMost: 500,
      planValid: 'P14D',
      scrubAtOnceBelow: 2_000_000_000,
      rejectsKept: 'P90D',
      requestFileKept: 'P24M',
      digestsKept: 'P3Y',
      backupsKept: 'P35D',
      pointsSpecific: 3,
      pointsCategories: 2,
    });
    expect(Object.keys(policy.identifiers)).toEqual([
      'user_id',
      'username',
      'email',
      'phone',
      'cookie',
      'ip',
    ]);
  });

  it('says what a deletion does for every role', () => {
    expect(policy.categories.messages?.onDelete).toEqual({ author: 'anonymise', recipient: 'keep' });
    expect(policy.categories.account?.onDelete).toEqual({ subject: 'erase' });
    expect(policy.categories.server_log).toEqual({
      name: 'server_log',
      onDelete: { subject: 'erase' },
      countBy: { by: ['hour', 'path', 'status'] },
      keep: [],
      expire: { after: 'P90D', from: 'date', source: 'controller' },
      purposes: [],
    });
    expect(policy.categories.account?.keep).toEqual([
      {
        fields: ['name', 'email'],
        when: ['dispute', 'chargeback', 'ban'],
        basis: 'legal-claims',
        for: 'P3Y',
        from: 'deletion',
        source: 'controller',
      },
    ]);
  });
});

describe('forms of the policy file', () => {
  const head =
    'controller: { name: A, contact: a@example.org, zone: UTC, regimes: [gdpr] }\neffective: 2026-01-01\n';
  const parse = (body: string): Policy => parsePolicy(head + body, 'dsr.yaml');

  it('gives one action to every role of the sources of a category', () => {
    const policy = parse(`categories: { a: { on_delete: erase }, unused: { on_delete: keep } }
sources:
  t: { files: t.csv, format: csv, mode: append, key: id, category: a, parties: { author: { user_id: x }, reader: { email: y } } }
  l: { files: l.log, format: common, category: a, weak: { ip: host } }
`);
    expect(policy.categories.a?.onDelete).toEqual({ author: 'erase', reader: 'erase', subject: 'erase' });
    expect(policy.categories.unused?.onDelete).toEqual({ subject: 'keep' });
  });

  it('reads own and changed kinds of identifiers', () => {
    const { identifiers } = parse(
      'categories: {}\nsources: {}\nidentifiers: { phone: { country: US }, member_no: { strength: account } }\n',
    );
    expect(identifiers.phone).toEqual({
      name: 'phone',
      strength: 'contact',
      normalise: 'phone',
      country: 'US',
    });
    expect(identifiers.member_no).toEqual({
      name: 'member_no',
      strength: 'account',
      normalise: 'verbatim',
    });
  });

  it.each([
    ['a root array', 'json', { type: 'json', path: [], encoding: 'utf-8' }],
    [
      'a dotted path',
      '{ type: json, path: data.Customer }',
      { type: 'json', path: ['data', 'Customer'], encoding: 'utf-8' },
    ],
    [
      'a list for names with dots',
      '{ type: json, path: [a.b, c] }',
      { type: 'json', path: ['a.b', 'c'], encoding: 'utf-8' },
    ],
    ['lines of JSON', '{ type: ndjson, encoding: utf-16 }', { type: 'ndjson', encoding: 'utf-16' }],
    [
      'a file without a header',
      '{ type: csv, columns: [id, name], delimiter: "\\t" }',
      { type: 'csv', columns: ['id', 'name'], delimiter: '\t', quote: '"', encoding: 'utf-8' },
    ],
  ])('reads the format %s', (_name, format, expected) => {
    const policy = parse(`categories: { a: { on_delete: erase } }
sources: { t: { files: [a, b], format: ${format}, mode: append, key: id, category: a, subject: { user_id: id }, fields: [name] } }
`);
    expect(table(policy, 't').format).toEqual(expected);
    expect(table(policy, 't').files).toEqual(['a', 'b']);
  });

  it('takes a ground that no source defines, because staff can declare it', () => {
    expect(SKETCH).toContain('chargeback');
    expect(problemsOf(SKETCH)).toEqual([]);
  });

  it('reads YAML 1.2 whatever the file claims: dates and yes are text', () => {
    const policy = parsePolicy(
      `%YAML 1.1\n---\n${head}categories: { yes: { on_delete: erase } }\nsources: {}\ntransfers: [2005-01-05, no, 1_000]\n`,
      'dsr.yaml',
    );
    expect(policy.transfers).toEqual(['2005-01-05', 'no', '1_000']);
    expect(policy.effective).toBe('2026-01-01');
  });

  it('takes a number as the name of a column where a key stands', () => {
    const policy = parse(`categories: { a: { on_delete: erase } }
sources: { t: { files: a, format: csv, mode: append, key: id, category: a, subject: { user_id: id }, fields: { 0042: user.name } } }
`);
    expect(table(policy, 't').fields).toEqual({ '0042': 'user.name' });
  });

  it('lets an alias stand for a value before it', () => {
    const policy = parse(
      'categories: {}\nsources: {}\npurposes: { a: &p { title: A, basis: consent }, b: *p }\n',
    );
    expect(policy.purposes.b).toEqual({ name: 'b', title: 'A', basis: 'consent' });
  });

  it('starts with a byte order mark and ends lines with CR LF where the editor likes that', () => {
    const text = `\ufeff${SKETCH.replaceAll('\n', '\r\n')}`;
    expect(parsePolicy(text, 'dsr.yaml')).toEqual(parsePolicy(SKETCH, 'dsr.yaml'));
  });
});

describe('several problems', () => {
  const text = `controller: { name: A, contact: a@example.org, zone: Mars, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id }
    categry: account
  logins:
    files: "logins*.csv"
    format: csv
    mode: append
    key: id
    subject: { usr_id: user }
    category: logns
categories:
  account: { on_delete: retain }
  logins: { on_delete: erase, expire: P90D, source: law }
`;

  it('are told at once, in the order of the file, those of shape and those of sense', () => {
    expect(problemsOf(text)).toEqual([
      'dsr.yaml:1:54: controller.zone: must be an IANA time zone such as Europe/Berlin',
      'dsr.yaml:4:3: sources.users: missing key "category"',
      'dsr.yaml:11:5: sources.users: unknown key "categry"; did you mean "category"?',
      'dsr.yaml:17:16: sources.logins.subject: unknown kind of identifier "usr_id"; did you mean "user_id"?',
      'dsr.yaml:18:15: sources.logins.category: no category is named "logns"; did you mean "logins"?',
      'dsr.yaml:20:25: categories.account.on_delete: retain needs a rule under keep that has no "when"',
    ]);
  });

  it('are summed up in one error that ends with exit 65', () => {
    const fault = faultOf(text);
    expect(fault).toMatchObject({ code: 'policy-invalid', exit: 65, message: 'dsr.yaml has 6 problems' });
    expect(fault?.problems[0]).toEqual({
      file: 'dsr.yaml',
      line: 1,
      column: 54,
      message: 'controller.zone: must be an IANA time zone such as Europe/Berlin',
    });
    expect(faultOf('')?.message).toBe('dsr.yaml has 1 problem');
  });

  it('does not say what no source has while a source cannot be read', () => {
    const broken = SKETCH.replace(
      'fields: [amount, name, card]',
      'fields: [amount, name, card]\n    colour: red',
    );
    expect(problemsOf(broken)).toEqual(['dsr.yaml:35:5: sources.payments: unknown key "colour"']);
  });
});

describe('the starter policy', () => {
  it('parses and shows the four sources', () => {
    expect(problemsOf(STARTER_POLICY)).toEqual([]);
    expect(Object.keys(parsePolicy(STARTER_POLICY, 'dsr.yaml').sources)).toEqual([
      'users',
      'messages',
      'payments',
      'access_log',
    ]);
  });

  it('can be read in one go', () => {
    const lines = STARTER_POLICY.split('\n');
    expect(lines.length).toBeLessThanOrEqual(120);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('has a comment before every section', () => {
    const sections = ['controller', 'sources', 'categories', 'purposes'];
    for (const section of sections) expect(STARTER_POLICY).toMatch(new RegExp(`^#.*\\n${section}:`, 'm'));
  });
});
