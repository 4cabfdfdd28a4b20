import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/base/errors.ts';
import type { TableItem } from '../../src/formats/rows.ts';
import { BATCH_ROWS, openTable, readTable } from '../../src/formats/table.ts';
import type { TableFormat } from '../../src/policy/types.ts';
import {
  csv,
  hasSharedData,
  json,
  ndjson,
  objects,
  readFileRows,
  refusalOf,
  SHARED_DATA,
  scratch,
  summary,
} from './reading.ts';

const disk = scratch();
const USERS = Array.from({ length: 2500 }, (_, id) => ({
  id: `${id}`,
  name: `Zoë ${id}`,
  note: id % 2 === 0 ? 'a\nb' : '',
}));

function usersCsv(): string {
  const lines = USERS.map(({ id, name, note }) => `${id},${name},"${note}"\r\n`);
  return `id,name,note\r\n${lines.join('')}`;
}

describe('openTable', () => {
  const forms: readonly (readonly [string, TableFormat, string])[] = [
    ['CSV', csv(), usersCsv()],
    ['JSON', json(), JSON.stringify(USERS, null, 1)],
    ['JSON under a path', json('users'), JSON.stringify({ users: USERS, count: 1 })],
    ['NDJSON', ndjson, USERS.map((user) => JSON.stringify(user)).join('\n')],
  ];

  it.each(forms)('reads %s in batches, plain and gzipped, and knows the content', async (_, format, text) => {
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      const table = await openTable(disk.write('users.export', bytes), format);
      const batches = [];
      for await (const batch of table.batches) batches.push(batch);
      expect(batches.every((batch) => batch.length <= BATCH_ROWS)).toBe(true);
      expect(objects(batches.flat())).toEqual(USERS);
      expect(table.digest()).toMatchObject({
        bytes: Buffer.byteLength(text),
        sha256: createHash('sha256').update(text).digest('hex'),
      });
      expect(table.digest().head).toHaveLength(64);
      expect([table.name, table.size, table.bytesRead()]).toEqual([
        'users.export',
        bytes.length,
        bytes.length,
      ]);
    }
  });

  it.each(forms)('gives the same rows of %s whatever the chunks', async (_, format, text) => {
    const file = disk.write('chunks.export', text);
    const whole = await readFileRows(file, format);
    for (const size of [7, 1000]) expect(await readFileRows(file, format, size)).toEqual(whole);
  });

  it('tells the columns of a CSV file without rows', async () => {
    const table = await openTable(disk.write('header.csv', 'id,name\n'), csv());
    for await (const _ of table.batches);
    expect(table.columns()).toEqual(['id', 'name']);
  });

  it('closes the file when the reader stops early', async () => {
    const before = openFiles();
    const file = disk.write('stop.csv.gz', gzipSync(usersCsv()));
    for await (const batch of readTable(file, csv())) {
      expect(batch).toHaveLength(BATCH_ROWS);
      break;
    }
    await refusalOf(() => readFileRows(disk.write('bad.csv', 'a,a\n'), csv()));
    await refusalOf(() => readFileRows(disk.write('bad.sql', 'INSERT INTO x'), csv()));
    await (await openTable(file, csv())).close();
    expect(openFiles()).toEqual(before);
  });
});

function openFiles(): number {
  return readdirSync('/proc/self/fd').length;
}

const SQLITE = 'SQLite format 3\0 and more';

describe('a file that is something else is refused before its first row', () => {
  const cases: readonly (readonly [string, TableFormat, string | Buffer, string, string])[] = [
    ['nothing', csv(), '', 'empty-file', 'x.export: is empty'],
    ['nothing', json(), '', 'empty-file', 'x.export: is empty'],
    ['nothing, gzipped', ndjson, gzipSync(''), 'empty-file', 'x.export: is empty'],
    [
      'a MySQL dump',
      csv(),
      '-- MySQL dump 10.13\n--\nCREATE TABLE x',
      'not-csv',
      'x.export:1: looks like a SQL dump',
    ],
    ['an INSERT', csv(), '\nINSERT INTO `users` VALUES (1)', 'not-csv', 'x.export:1: looks like a SQL dump'],
    [
      'a CREATE TABLE',
      json(),
      'create table users (id int);',
      'not-json',
      'x.export:1: looks like a SQL dump',
    ],
    [
      'a SQLite dump',
      csv(),
      'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;',
      'not-csv',
      'x.export:1: looks like a SQL dump',
    ],
    [
      'a conditional comment',
      csv(),
      '/*!40101 SET NAMES utf8 */;',
      'not-csv',
      'x.export:1: looks like a SQL dump',
    ],
    [
      'a SQL dump, gzipped',
      csv(),
      gzipSync('DROP TABLE IF EXISTS x;'),
      'not-csv',
      'x.export:1: looks like a SQL dump',
    ],
    ['a SQLite file', csv(), SQLITE, 'not-csv', 'x.export:1: looks like a SQLite database'],
    [
      'a workbook',
      csv(),
      'PK\x03\x04 and more',
      'not-csv',
      'x.export:1: looks like a zip archive or an Excel workbook (.xlsx)',
    ],
    ['gzip twice', ndjson, gzipSync(gzipSync('{}')), 'not-ndjson', 'x.export:1: looks like gzip inside gzip'],
    ['a web page', csv(), '<!DOCTYPE html>\n<html>', 'not-csv', 'x.export:1: looks like an HTML page'],
    ['a web page', json(), '  <HTML><body>', 'not-json', 'x.export:1: looks like an HTML page'],
    ['XML', csv(), '<?xml version="1.0"?><rss>', 'not-csv', 'x.export:1: looks like an XML document'],
    [
      'XML without a declaration',
      csv(),
      '<users><user/></users>',
      'not-csv',
      'x.export:1: looks like an XML document',
    ],
    ['JSON', csv(), '[{"id":1}]', 'not-csv', 'x.export:1: looks like JSON'],
    ['NDJSON', csv(), '{"id":1}\n{"id":2}\n', 'not-csv', 'x.export:1: looks like JSON'],
    ['a JSON array', ndjson, '\n[{"id":1}]', 'not-ndjson', 'x.export:1: looks like a JSON array'],
    [
      'UTF-16',
      csv(),
      Buffer.from('\ufeffid,name\n', 'utf16le'),
      'not-csv',
      'x.export:1: looks like UTF-16 text',
    ],
    [
      'UTF-16 without a mark',
      csv(),
      Buffer.from('id,name\n', 'utf16le').swap16(),
      'not-csv',
      'x.export:1: looks like UTF-16 text',
    ],
    ['bytes', csv(), Buffer.from([...Array(64).keys()]), 'not-csv', 'x.export:1: looks like a binary file'],
  ];

  it.each(cases)('%s', async (_, format, content, code, message) => {
    const refusal = await refusalOf(() => openTable(disk.write('x.export', content), format));
    expect({ code: refusal.code, message: refusal.message, exit: refusal.exit }).toEqual({
      code,
      message,
      exit: ExitCode.badInput,
    });
  });

  it('and the hint says what to do', async () => {
    const dump = disk.write('x.export', 'INSERT INTO x');
    expect((await refusalOf(() => openTable(dump, csv()))).hint).toBe('export the table as CSV');
    const array = disk.write('x.export', '[{}]');
    expect((await refusalOf(() => openTable(array, csv()))).hint).toContain('format: json');
    expect((await refusalOf(() => openTable(array, ndjson))).hint).toContain('format: json');
    const utf16 = disk.write('x.export', Buffer.from('\ufeffid', 'utf16le'));
    expect((await refusalOf(() => openTable(utf16, json()))).hint).toContain('encoding: utf-16');
  });

  it.each([
    ['SQL inside a message', 'body,id\n"\nINSERT INTO x\nCREATE TABLE y",1\n'],
    ['a column whose name begins like an archive', 'BZh,PAR1\nx,1\n'],
    ['a tag inside a message', 'body,id\n<html>,1\n'],
    ['a column that only begins like SQL', 'insert,id\nx,1\n'],
  ])('but not %s', async (_, text) => {
    expect(summary(await readFileRows(disk.write('y.csv', text), csv()))).toHaveLength(1);
  });

  it.skipIf(!hasSharedData)('a real SQL dump and a real SQLite file', async () => {
    for (const file of ['rel-sakila-sql/sakila-mv-data.sql', 'rel-sakila-sql/sakila-mv-schema.sql']) {
      const refusal = await refusalOf(() => openTable(join(SHARED_DATA, file), csv()));
      expect(refusal.message).toMatch(/\.sql:1: looks like a SQL dump$/);
    }
  });
});

describe('bad input in one file', () => {
  it('is set aside row by row with its line, and the rest is read', async () => {
    const bytes = Buffer.concat([
      Buffer.from('id,name\n1,Ada\n2\n3,"x"y\n4,'),
      Buffer.from([0xe9]),
      Buffer.from('\n5,a\0b\n6,"two\nlines"\n7,Zoë\n'),
    ]);
    const expected = [
      ['1', 'Ada'],
      '3: 1 field where the header has 2',
      '4: text after a closing quote',
      '5: broken utf-8',
      '6: NUL byte',
      ['6', 'two\nlines'],
      ['7', 'Zoë'],
    ];
    for (const size of [1, 7, 100]) {
      expect(summary(await readFileRows(disk.write('bad.csv', gzipSync(bytes)), csv(), size))).toEqual(
        expected,
      );
    }
  });

  it('names the line reached where gzip ends early, and never what stands there', async () => {
    const text = `id,secret\n${Array.from({ length: 60_000 }, (_, i) => `${i},${createHash('md5').update(`${i}`).digest('hex')}\n`).join('')}`;
    const file = disk.write('cut.csv.gz', gzipSync(text).subarray(0, -1000));
    const refusal = await refusalOf(() => readFileRows(file, csv()));
    expect(refusal.code).toBe('gz-truncated');
    expect(refusal.message).toMatch(/^cut\.csv\.gz:\d{5}: the gzip data ends early$/);
  });

  it.each([
    ['CSV', csv(), 'id,x\n1,', '\n2,b\n'],
    ['quoted CSV', csv(), 'id,x\n1,"', '"\n2,b\n'],
    ['JSON', json(), '[{"id":"1","x":"', '"},{"id":"2","x":"b"}]'],
    ['NDJSON', ndjson, '{"id":"1","x":"', '"}\n{"id":"2","x":"b"}\n'],
  ])('a line of 100 MB in %s is set aside in little memory', async (_, format, before, after) => {
    const file = disk.write('long.export', before);
    const handle = openSync(file, 'a');
    const part = Buffer.alloc(1 << 20, 'x');
    for (let i = 0; i < 100; i += 1) writeSync(handle, part);
    writeSync(handle, after);
    closeSync(handle);
    // In a heap of 32 MB a reader that held the line would end.
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--max-old-space-size=32', '--input-type=module', '-e', READ_IN_CHILD, file, JSON.stringify(format)],
      { encoding: 'utf8' },
    );
    expect(status).toBe(0);
    const { rows, bytes } = JSON.parse(stdout) as { rows: TableItem[]; bytes: number };
    expect(summary(rows)).toEqual([expect.stringMatching(/^\d: longer than 1 MiB$/), ['2', 'b']]);
    expect(rows[0]?.raw).toHaveLength(1024);
    expect(bytes).toBe(before.length + 100 * part.length + after.length);
  });
});

const READ_IN_CHILD = `
  import { openTable } from '${resolve(import.meta.dirname, '../../src/formats/table.ts')}';
  const table = await openTable(process.argv[1], JSON.parse(process.argv[2]));
  const rows = [];
  for await (const batch of table.batches) rows.push(...batch);
  console.log(JSON.stringify({ rows, bytes: table.digest().bytes }));
`;
