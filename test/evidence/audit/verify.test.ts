import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Db } from '../../../src/store/sqlite/connection.ts';
import { emptyLedger } from '../../helpers/ledger-folder.ts';
import { AuditFile, someActs, writeEntry } from './audit-file.ts';

let file: AuditFile;

beforeEach(() => {
  file = new AuditFile(emptyLedger());
});

afterEach(() => {
  file.db.close();
});

const LENGTH = 11;

test('a log as the writer left it is accepted, of every length', async () => {
  for (const [index, act] of someActs(33).entries()) {
    file.append([act]);
    expect(await file.verify()).toMatchObject({
      ok: true,
      size: index + 1,
      problems: [],
      problemCount: 0,
      recovered: [],
    });
  }
});

test('a log of several pages is accepted', async () => {
  file.append(someActs(1200));
  expect(await file.verify()).toMatchObject({ ok: true, size: 1200 });
});

test('an empty log has the root of nothing', async () => {
  const root = createHash('sha256').digest('hex');
  expect(await file.verify()).toEqual({
    ok: true,
    size: 0,
    root,
    problems: [],
    problemCount: 0,
    recovered: [],
  });
});

describe('the tree is that of RFC 6962', () => {
  test.each([
    ['one leaf', 1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    ['two leaves', 2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    ['three leaves', 3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    ['four leaves', 4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    ['five leaves', 5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
    ['six leaves', 6, '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
    ['seven leaves', 7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
    ['eight leaves', 8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('%s, as in the reference tree', async (_name, size, root) => {
    const inputs = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    insertEntries(inputs.slice(0, size).map((hex) => Buffer.from(hex, 'hex')));
    expect((await file.verify()).root).toBe(root);
  });

  test('seven leaves, as Go computes them', async () => {
    insertEntries(Array.from({ length: 7 }, (_, index) => Buffer.from(`leaf ${index}`)));
    const { root } = await file.verify();
    expect(Buffer.from(root, 'hex').toString('base64')).toBe('WmH8K1T5z6cXdPJDIUPdQMbLKxGUf69lp9PaXLZRmcg=');
  });

  function insertEntries(entries: readonly Buffer[]): void {
    const insert = file.db.prepare('INSERT INTO audit(seq, entry, leaf) VALUES(?, CAST(? AS TEXT), ?)');
    for (const [index, entry] of entries.entries()) insert.run(index + 1, entry, leafOf(entry));
  }
});

describe('design, invariant 5', () => {
  beforeEach(() => file.append(someActs(LENGTH)));

  const place = fc.record({
    seq: fc.integer({ min: 1, max: LENGTH }),
    at: fc.nat(),
    by: fc.integer({ min: 1, max: 255 }),
  });

  test('changing any byte of any entry is found, also with its leaf made new', async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.boolean(), async ({ seq, at, by }, isLeafNew) => {
        const bytes = file.entry(seq);
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ by;
        const verdict = await file.verifyAfter((db) => {
          writeEntry(db, seq, bytes);
          if (isLeafNew) renewLeaf(db, seq, bytes);
        });
        expect(verdict.ok).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  test('removing any entry is found, also with those after it moved up', async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.boolean(), async ({ seq }, isClosed) => {
        const verdict = await file.verifyAfter((db) => {
          db.prepare('DELETE FROM audit WHERE seq = ?').run(seq);
          if (isClosed) db.prepare('UPDATE audit SET seq = seq - 1 WHERE seq > ?').run(seq);
        });
        expect(verdict).toMatchObject({ ok: false, size: LENGTH - 1 });
      }),
    );
  });

  test('putting any bytes in or after an entry is found', async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.uint8Array({ minLength: 1, maxLength: 8 }), async ({ seq, at }, more) => {
        const bytes = file.entry(seq);
        const index = at % (bytes.length + 1);
        const longer = Buffer.concat([bytes.subarray(0, index), more, bytes.subarray(index)]);
        expect((await file.verifyAfter((db) => writeEntry(db, seq, longer))).ok).toBe(false);
      }),
    );
  });
});

describe('what is wrong is named', () => {
  beforeEach(() => file.append(someActs(LENGTH)));

  test.each<[string, (db: Db) => void, string[]]>([
    ['a number that is missing', (db) => remove(db, 4), ['gap', 'size-differs']],
    ['the newest entry cut off', (db) => remove(db, LENGTH), ['size-differs']],
    [
      'an entry before the first',
      (db) => copyEntry(db, 1, -3),
      ['gap', 'wrong-number', 'gap', 'size-differs'],
    ],
    ['an entry twice', (db) => copyEntry(db, 2, LENGTH + 1), ['wrong-number', 'size-differs']],
    ['a number that JavaScript rounds', hugeNumber, ['gap', 'wrong-number', 'size-differs']],
    ['a leaf of something else', (db) => setLeaf(db, 3, Buffer.alloc(32)), ['leaf-differs']],
    ['a head of another size', (db) => setHead(db, '{"size":2,"roots":["aa"]}'), ['size-differs']],
    [
      'a head of another root',
      (db) => setHead(db, `{"size":${LENGTH},"roots":["${'aa'.repeat(32)}"]}`),
      ['root-differs'],
    ],
    ['a head that is no head', (db) => setHead(db, '{"size":11}'), ['head-unreadable']],
    ['a head that is not JSON', (db) => setHead(db, 'x'), ['head-unreadable']],
  ])('%s', async (_name, change, codes) => {
    const verdict = await file.verifyAfter(change);
    expect(verdict.problems.map(({ code }) => code)).toEqual(codes);
    expect(verdict).toMatchObject({ ok: false, problemCount: codes.length });
  });

  test.each<[string, (text: string) => string, string[]]>([
    ['white space', (text) => text.replace(':', ': '), ['not-canonical']],
    ['members in another order', (text) => text.replace(/^\{(.*),("v":1)\}$/, '{$2,$1}'), ['not-canonical']],
    ['a member twice', (text) => text.replace('{', '{"v":1,'), ['not-canonical']],
    ['a number in another form', (text) => text.replace('"v":1}', '"v":1.0}'), ['not-canonical']],
    ['a fraction', (text) => text.replace('"count":1', '"count":1.5'), ['not-canonical']],
    ['an escape that is not needed', (text) => text.replace('"login"', '"\\u006cogin"'), ['not-canonical']],
    ['half a character', (text) => text.replace('"Ada"', '"\\ud800"'), ['not-canonical']],
    [
      'lists past all depth',
      (text) => text.replace('"count":1', `"count":${'['.repeat(5000)}${']'.repeat(5000)}`),
      ['not-canonical'],
    ],
    ['a member that nobody knows', (text) => text.replace('"v":1', '"v":1,"w":1'), ['schema']],
    ['a member that is missing', (text) => text.replace('"login":"ada",', ''), ['schema']],
    ['a time in another form', (text) => text.replace('T09:00:00Z', 'T09:00:00+00:00'), ['schema']],
    ['the version of another form', (text) => text.replace('"v":1', '"v":2'), ['schema']],
    ['the number of another entry', (text) => text.replace('"seq":2', '"seq":3'), ['wrong-number']],
    ['no object', () => '"entry"', ['schema', 'wrong-number']],
    ['no JSON', (text) => text.slice(1), ['not-json']],
    ['a byte that is not UTF-8', (text) => text.replace('Ada', '\u00ff'), ['not-json']],
  ])('an entry with %s, its leaf and the head made to fit', async (_name, change, codes) => {
    const text = file.entry(2).toString('latin1');
    expect(change(text)).not.toBe(text);
    const bytes = Buffer.from(change(text), 'latin1');
    const { root } = await file.verifyAfter((db) => renewLeaf(db, 2, bytes));
    const verdict = await file.verifyAfter((db) => {
      renewLeaf(db, 2, bytes);
      setHead(db, `{"size":${LENGTH},"roots":["${root}"]}`);
    });
    expect(verdict.problems.map(({ seq, code }) => [seq, code])).toEqual(codes.map((code) => [2, code]));
  });

  test('of many problems the first hundred are listed and all are counted', async () => {
    file.append(someActs(200));
    const verdict = await file.verifyAfter((db) => db.exec("UPDATE audit SET leaf = x'00'"));
    expect(verdict).toMatchObject({ ok: false, problemCount: LENGTH + 200 });
    expect(verdict.problems).toHaveLength(100);
  });

  test('a byte that decodes to the character that stands for broken bytes', async () => {
    file.append([{ act: 'test.done', at: '2026-01-01T00:00:00Z', actor: { name: '\ufffd', login: 'ada' } }]);
    const seq = LENGTH + 1;
    const bytes = Buffer.from(
      file.entry(seq).toString('latin1').replace('\u00ef\u00bf\u00bd', '\u00f0\u009f\u0098'),
      'latin1',
    );
    expect(bytes).toHaveLength(file.entry(seq).length);
    expect((await file.verify()).ok).toBe(true);
    const verdict = await file.verifyAfter((db) => writeEntry(db, seq, bytes));
    expect(verdict.problems.map(({ code }) => code)).toEqual(['leaf-differs', 'not-json', 'root-differs']);
  });
});

function leafOf(entry: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(entry).digest();
}

function setLeaf(db: Db, seq: number, leaf: Uint8Array): void {
  db.prepare('UPDATE audit SET leaf = ? WHERE seq = ?').run(leaf, seq);
}

function renewLeaf(db: Db, seq: number, bytes: Uint8Array): void {
  writeEntry(db, seq, bytes);
  setLeaf(db, seq, leafOf(bytes));
}

function setHead(db: Db, head: string): void {
  db.prepare("UPDATE meta SET value = ? WHERE name = 'audit_frontier'").run(head);
}

function remove(db: Db, seq: number): void {
  db.prepare('DELETE FROM audit WHERE seq = ?').run(seq);
}

function copyEntry(db: Db, from: number, to: number): void {
  db.prepare('INSERT INTO audit SELECT ?, entry, leaf FROM audit WHERE seq = ?').run(to, from);
}

function hugeNumber(db: Db): void {
  db.exec('INSERT INTO audit SELECT 9007199254740993, entry, leaf FROM audit WHERE seq = 1');
}
