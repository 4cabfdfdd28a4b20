import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import { renderOrderCsv } from '../../src/duties/order-csv.ts';
import { type OpenOrder, renderOrderSql, SQL_DIALECTS } from '../../src/duties/order-sql.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import type { WorkAction } from '../../src/store/registers.ts';

const POLICY = parsePolicy(
  `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users: { files: "users*.csv", format: csv, mode: snapshot, key: id, subject: { user_id: id, email: mail }, category: c, fields: [name, "select \`x\\"y"] }
  pairs: { files: "pairs*.csv", format: csv, mode: append, key: [a, b], subject: { user_id: a }, category: c, fields: [note] }
  access_log: { files: "a*.log", format: combined, subject: { username: user }, category: c }
categories: { c: { on_delete: erase } }
`,
  'dsr.yaml',
);
const ODD = 'select `x"y';

let nextId = 0;
function order(
  action: WorkAction,
  key: string,
  change: Readonly<Record<string, Json>> = {},
  source = 'users',
): OpenOrder {
  nextId += 1;
  return {
    order: {
      id: nextId,
      state: 'ordered',
      subject: 1,
      source,
      action,
      digest: 'd',
      tag: 1,
      sealed: 's',
      fields: Object.keys(change),
      record: undefined,
      request: 7,
      orderedAt: '2026-05-01T00:00:00Z',
      endedAt: undefined,
    },
    content: { key, change },
  };
}

type Row = Readonly<Record<string, unknown>>;

/** Runs the SQL on a real table with these keys and gives what is there afterwards. */
function run(keys: readonly string[], orders: readonly OpenOrder[]): Map<string, Row> {
  const db = new Database(':memory:');
  try {
    db.exec(
      `CREATE TABLE users(id TEXT PRIMARY KEY, mail TEXT, name TEXT, \`select \`\`x"y\` TEXT, extra TEXT)`,
    );
    const insert = db.prepare("INSERT INTO users VALUES(?, 'm', 'n', 'o', 'e')");
    for (const key of keys) insert.run(key);
    db.exec(renderOrderSql(orders, POLICY, 'sqlite').text);
    const rows = db.prepare('SELECT * FROM users').all() as Row[];
    return new Map(rows.map((row) => [String(row.id), row]));
  } finally {
    db.close();
  }
}

const HOSTILE = [
  "'; DELETE FROM users; --",
  "' OR '1'='1",
  "\\' OR 1=1; --",
  '\\',
  'a\nDELETE FROM users;\n--',
  'a"b`c',
  '*/ DELETE FROM users /*',
  'id',
  '1',
  '01',
  'é\u202e',
  "''",
];
const UNTOUCHED = { mail: 'm', name: 'n', [ODD]: 'o', extra: 'e' };

describe('SQL for the systems upstream', () => {
  it.each(HOSTILE)('deletes the row %j and no other', (key) => {
    const left = run(HOSTILE, [order('delete', key)]);
    expect([...left.keys()].toSorted()).toEqual(HOSTILE.filter((one) => one !== key).toSorted());
  });

  it.each(HOSTILE)('sets the value %j and no other', (value) => {
    const rows = run(HOSTILE, [order('change', '1', { name: value, [ODD]: null })]);
    expect(rows.get('1')).toEqual({ id: '1', ...UNTOUCHED, name: value, [ODD]: null });
    for (const key of HOSTILE.filter((one) => one !== '1'))
      expect(rows.get(key)).toEqual({ id: key, ...UNTOUCHED });
  });

  it('empties all mapped columns but those that are kept and the key', () => {
    const rows = run(['1', '2'], [order('keep-fields', '1', { mail: true })]);
    expect(rows.get('1')).toEqual({ id: '1', mail: 'm', name: null, [ODD]: null, extra: 'e' });
    expect(rows.get('2')).toEqual({ id: '2', ...UNTOUCHED });
  });

  it('empties the columns that name the person', () => {
    const rows = run(['1', '2'], [order('anonymise', '1', { mail: null })]);
    expect(rows.get('1')).toEqual({ id: '1', ...UNTOUCHED, mail: null });
  });

  it('changes just the ordered rows, whatever keys and values are', () => {
    const text = fc.string({
      unit: fc.constantFrom("'", '"', '`', '\\', '\n', ';', '-', '/', '*', 'a', 'é'),
    });
    fc.assert(
      fc.property(fc.uniqueArray(text, { minLength: 2 }), text, (keys, value) => {
        const [gone = '', changed = ''] = keys;
        const rows = run(keys, [order('delete', gone), order('change', changed, { name: value })]);
        expect(rows.has(gone)).toBe(false);
        expect(rows.get(changed)).toEqual({ id: changed, ...UNTOUCHED, name: value });
        expect(rows.size).toBe(keys.length - 1);
        for (const key of keys.slice(2)) expect(rows.get(key)).toEqual({ id: key, ...UNTOUCHED });
      }),
    );
  });

  it('a key of several columns is one condition each', () => {
    const { text } = renderOrderSql([order('delete', '["1","x\'y"]', {}, 'pairs')], POLICY, 'standard');
    expect(text).toContain(`DELETE FROM "pairs" WHERE "a" = '1' AND "b" = 'x''y';`);
  });

  it('one statement per order, under its number; no key stands in a comment', () => {
    const first = order('delete', 'one\n-- two');
    const { text } = renderOrderSql([first, order('delete', '2')], POLICY, 'postgres');
    expect(text.split('\n').filter((line) => line.startsWith('-- order'))).toHaveLength(2);
    expect(text).toContain(
      `-- order ${first.order.id} of R-000007: delete\nDELETE FROM "users" WHERE "id" = 'one\n`,
    );
  });

  it.each(SQL_DIALECTS)('%s: NUL and half characters are left out, and said', (dialect) => {
    const orders = [order('delete', 'a\0b'), order('delete', '\ud800'), order('delete', 'fine')];
    const { text, leftOut } = renderOrderSql(orders, POLICY, dialect);
    expect(leftOut).toEqual(
      orders.slice(0, 2).map(({ order: { id } }) => ({ order: id, why: 'not-quotable' })),
    );
    expect(text).toContain("'fine'");
    expect(text.match(/DELETE/g)).toHaveLength(1);
  });

  it.each(['a\\b', 'a\nb', 'a\tb', 'a\x7fb'])('standard: %j is left out, as a value too', (hostile) => {
    const orders = [order('delete', hostile), order('change', '1', { name: hostile })];
    const { text, leftOut } = renderOrderSql(orders, POLICY, 'standard');
    expect(leftOut.map(({ why }) => why)).toEqual(['not-quotable', 'not-quotable']);
    expect(text).toBe('');
  });

  it('mysql: a backslash is doubled, and the collation alone does not decide', () => {
    const { text } = renderOrderSql([order('delete', "a\\' OR 1=1")], POLICY, 'mysql');
    expect(text).toContain(
      "DELETE FROM `users` WHERE `id` = 'a\\\\'' OR 1=1' AND CAST(`id` AS BINARY) = 'a\\\\'' OR 1=1';",
    );
  });

  it('postgres: a backslash stands in an escape string', () => {
    const { text } = renderOrderSql([order('delete', "a\\'b")], POLICY, 'postgres');
    expect(text).toContain(`WHERE "id" = E'a\\\\''b';`);
  });

  it('what no statement can do is left out, and said', () => {
    const orders = [
      order('delete', 'username:ada', {}, 'access_log'),
      order('end-sign-in', '1'),
      order('delete', '1', {}, 'retired'),
    ];
    const { text, leftOut } = renderOrderSql(orders, POLICY, 'sqlite');
    expect(text).toBe('');
    expect(leftOut.map(({ why }) => why)).toEqual(['by-hand', 'by-hand', 'unknown-source']);
  });
});

describe('CSV for the systems upstream', () => {
  it('has a row per order, and one per column of those that name some', () => {
    const orders = [order('delete', '=1+1'), order('change', '1', { name: 'Bea', [ODD]: null })];
    const lines = renderOrderCsv(orders).split('\r\n');
    expect(lines[0]).toBe('"order","request","source","key","action","column","value","ordered_at"');
    // Safe for a spreadsheet.
    expect(lines[1]).toContain(`"R-000007","users","'=1+1","delete","",""`);
    expect(lines[2]).toContain('"1","change","name","Bea"');
    expect(lines).toHaveLength(5);
  });
});
