import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { newImage, PageCipher, PageFile, RawFile } from '../../../src/evidence/prove/pages.ts';
import { newKey } from '../../../src/store/key-files.ts';
import { temporaryFolder, withStore } from '../../helpers/ledger-folder.ts';
import { aLine } from '../../ingest/log-loading.ts';
import { FilledLedger, HASHER, placesOf, searched } from './filled-ledger.ts';
import { textSearch } from './text-search.ts';

const open: FilledLedger[] = [];

afterEach(() => {
  for (const ledger of open.splice(0)) if (ledger.db.open) ledger.db.close();
});

function aLedger(): FilledLedger {
  const ledger = new FilledLedger();
  open.push(ledger);
  return ledger;
}

function search(ledger: FilledLedger, texts: readonly string[]) {
  return searched(ledger.file.path, [ledger.key], textSearch(texts));
}

const nameOf = (id: number) => `person-${id}-${'xyz'.repeat(id % 40)}`;
const fieldsOf = (id: number) => [`key-${id}`, nameOf(id), `${id}@example.org`];
const PEOPLE = Array.from({ length: 600 }, (_, index) => index + 1);

describe('erased rows', () => {
  test('are found where nothing wiped them, and no longer after the scrub; all others stay found', async () => {
    const ledger = aLedger();
    for (const id of PEOPLE) ledger.record(id, fieldsOf(id));
    const gone = PEOPLE.filter((id) => id % 3 === 0);
    for (const id of gone) ledger.db.prepare('DELETE FROM record WHERE id = ?').run(id);
    ledger.checkpoint();
    const texts = gone.map((id) => `"${id}@example.org"`);

    const before = search(ledger, texts);
    expect(before.problems).toEqual([]);
    expect(new Set(before.hits.map(({ request }) => request)).size).toBeGreaterThan(gone.length * 0.9);
    expect(before.hits.every(({ place }) => typeof place === 'string')).toBe(true);
    expect(placesOf(before.hits)).toEqual(expect.arrayContaining(['free block', 'gap in a leaf page']));

    ledger.db.close();
    await withStore(ledger.file, (store) => store.scrub());
    const keys = readFileSync(ledger.file.keyPath, 'latin1').split('\n').slice(1, 3);
    expect(searched(ledger.file.path, keys, textSearch(texts))).toMatchObject({ hits: [], problems: [] });
    const kept = PEOPLE.filter((id) => id % 3 !== 0);
    const live = searched(ledger.file.path, keys, textSearch(kept.map((id) => `"${id}@example.org"`)));
    expect(placesOf(live.hits)).toEqual(['record.body']);
    expect(live.hits.map(({ request }) => request).sort((a, b) => a - b)).toEqual(kept.map((_, nth) => nth));
  });

  test('are found on free pages', () => {
    const ledger = aLedger();
    for (const id of PEOPLE) ledger.record(id, fieldsOf(id));
    ledger.db.exec('DELETE FROM record');
    ledger.checkpoint();
    expect(placesOf(search(ledger, [nameOf(77)]).hits)).toContain('free page');
  });

  test('are found in the write-ahead log, and in the pages that it replaces', () => {
    const ledger = aLedger();
    for (const id of PEOPLE) ledger.record(id, fieldsOf(id));
    ledger.checkpoint();
    ledger.record(1000, ['key-1000', 'only in the log', 'log@example.org']);
    ledger.db.exec('DELETE FROM record WHERE id IN (300, 1000)');
    const { hits, problems } = search(ledger, [nameOf(300), 'only in the log']);
    expect(problems).toEqual([]);
    expect(placesOf(hits.filter(({ request }) => request === 0))).toContain(
      'page that the write-ahead log replaces',
    );
    expect(placesOf(hits.filter(({ request }) => request === 1))).toContain('write-ahead log');
    expect(hits.every(({ place }) => typeof place === 'string')).toBe(true);
  });

  test('are found in a rollback journal that was left', () => {
    const ledger = aLedger();
    for (const id of PEOPLE) ledger.record(id, fieldsOf(id));
    ledger.db.pragma('journal_mode=DELETE');
    ledger.db.pragma('journal_mode=PERSIST');
    ledger.db.exec('DELETE FROM record WHERE id BETWEEN 70 AND 80');
    const { hits, problems } = search(ledger, [nameOf(77)]);
    expect(problems).toEqual([]);
    expect(placesOf(hits)).toContain('rollback journal');
  });

  test('of a transaction that died half way, and that one did', () => {
    const ledger = aLedger();
    for (const id of PEOPLE) ledger.record(id, fieldsOf(id));
    ledger.db.pragma('journal_mode=DELETE');
    ledger.db.pragma('cache_size=2');
    ledger.db.exec('BEGIN; DELETE FROM record WHERE id > 70');
    const { hits, problems } = search(ledger, [nameOf(77)]);
    ledger.db.exec('ROLLBACK');
    expect(problems.map(({ code }) => code)).toContain('hot-journal');
    expect(placesOf(hits)).toContain('rollback journal');
  });

  test('are found in a copy that a scrub left, where one of the keys opens it', () => {
    const ledger = aLedger();
    ledger.record(1, fieldsOf(1));
    ledger.checkpoint();
    copyFileSync(ledger.file.path, `${ledger.file.path}.2`);
    ledger.db.exec('DELETE FROM record; VACUUM');
    ledger.checkpoint();
    expect(placesOf(search(ledger, [nameOf(1)]).hits)).toEqual(['leftover copy']);
    writeFileSync(`${ledger.file.path}.3`, readFileSync(aLedger().file.path));
    expect(search(ledger, [nameOf(1)]).problems).toEqual([
      { code: 'key-gone', count: 1, file: 'dsr.db.3', page: undefined },
    ]);
  });
});

describe('live rows', () => {
  test('are told by table, column and whose they are', () => {
    const ledger = aLedger();
    ledger.record(1, ['key-1', 'Ada Lovelace', 'ada@example.org'], { retainedFor: 7 });
    ledger.record(2, ['ada@example.org', 'long '.repeat(9000), 'bo@example.org']);
    ledger.record(3, ['key-3', 'Bo', 'bo@example.org'], {
      overlays: '[{"field":"name","new":"ada@example.org"}]',
    });
    ledger.import(2, 'loading');
    ledger.record(4, ['key-4', `${'x'.repeat(20_000)}ada@example.org`, ''], { import: 2 });
    ledger.change(3, ['key-3', 'ada@example.org', '']);
    ledger.register('request', 5, 7, { note: 'ada@example.org', request: 5 });
    ledger.db
      .prepare("INSERT INTO reject VALUES(1, 1, 1, 'column-count', ?, '2026-04-01')")
      .run('x,ada@example.org');
    ledger.db.exec('VACUUM');
    ledger.checkpoint();

    const { hits, problems } = search(ledger, ['ada@example.org']);
    expect(problems).toEqual([]);
    expect(placesOf(hits)).toEqual([
      'change.body',
      'record via record_key',
      'record.body',
      'record.key',
      'record.overlays',
      'register.body',
      'reject.raw',
    ]);
    const about = (text: string) =>
      hits.flatMap(({ place }) =>
        typeof place === 'string' || placesOf([{ place } as never])[0] !== text ? [] : [place],
      );
    expect(
      about('record.body')
        .map(({ rowid }) => rowid)
        .sort(),
    ).toEqual([1, 2, 4]);
    expect(about('record.body')[0]?.about).toMatchObject({
      is: 'record',
      record: 1,
      source: 'users',
      retainedFor: 7,
    });
    expect(about('record via record_key')[0]).toMatchObject({ rowid: 2, about: { is: 'record', record: 2 } });
    expect(about('change.body')[0]?.about).toMatchObject({ is: 'record', record: 3 });
    expect(about('register.body')[0]?.about).toEqual({
      is: 'entry',
      kind: 'request',
      subject: 7,
    });
    expect(about('reject.raw')[0]?.about).toEqual({ is: 'nobodys' });
  });

  test('words of the program and of the policy are nobody’s data', () => {
    const ledger = aLedger();
    ledger.register('request', 1, 7, {
      state: 'verified',
      note: 'server_log',
      change: { state: 'onlyhere' },
    });
    ledger.checkpoint();
    const about = (text: string) =>
      search(ledger, [text]).hits.map(({ place }) => (typeof place === 'string' ? place : place.about.is));
    expect(about('server_log').sort()).toEqual(['entry', 'words', 'words']);
    expect(about('access_log')).toEqual(expect.arrayContaining(['words']));
    expect(about('verified')).toEqual(['words']);
    expect(about('onlyhere')).toEqual(['entry']);
    expect(new Set(about('retained_for'))).toEqual(new Set(['words']));
  });

  test('lines of blocks are found unpacked, each with its owner', () => {
    const ledger = aLedger();
    const lines = [
      aLine(0, 'ada', '/secret-path'),
      aLine(1, 'bo', '/see?who=secret-path'),
      'no line secret-path',
    ];
    ledger.block(1, lines, ['ada', 'bo']);
    ledger.checkpoint();
    const { hits, blocks } = search(ledger, ['secret-path']);
    expect(blocks).toBe(1);
    const tag = (value: string) => HASHER.tag({ kind: 'username', value });
    expect(hits.map(({ place }) => (typeof place === 'string' ? place : place.about))).toEqual(
      [tag('ada'), tag('bo'), undefined].map((owner) => ({
        is: 'line',
        source: 'access_log',
        owner,
      })),
    );
  });

  test('of the write-ahead log are live where they are committed', () => {
    const ledger = aLedger();
    ledger.record(1, fieldsOf(1));
    const { hits } = search(ledger, [nameOf(1)]);
    const live = hits.filter(({ place }) => typeof place !== 'string');
    expect(live.map(({ file }) => file)).toEqual(['dsr.db-wal']);
    expect(live).toHaveLength(1);
    const bytes = readFileSync(`${ledger.file.path}-wal`);
    expect(live[0]?.offset).toBeLessThan(bytes.length);
  });

  test('identifiers too short for bytes are found as whole fields, in rows and lines', () => {
    const ledger = aLedger();
    ledger.record(1, ['42', 'Ada', 'a@example.org']);
    ledger.record(2, ['420', 'Bo 42', 'b@example.org']);
    ledger.block(1, [aLine(0, 'bo'), aLine(1, 'x42')], ['bo', 'x42']);
    ledger.register('decision', 1, 7, { identifier: { kind: 'user_id', value: '42' } });
    ledger.checkpoint();
    const fields = ['user_id:42', 'username:x42'];
    const tags = [
      HASHER.tag({ kind: 'user_id', value: '42' }),
      HASHER.tag({ kind: 'username', value: 'x42' }),
    ];
    const { hits } = searched(ledger.file.path, [ledger.key], textSearch([], fields), tags);
    expect(placesOf(hits)).toEqual(['block.body', 'record.body', 'register.body']);
    expect(hits.map(({ form }) => form)).toEqual(hits.map(() => 'field'));
    expect(hits.filter(({ place }) => typeof place !== 'string' && place.rowid === 2)).toEqual([]);
    expect(searched(ledger.file.path, [ledger.key], textSearch([], []), tags).hits).toEqual([]);
  });

  test('offsets point to the value in the deciphered file', () => {
    const ledger = aLedger();
    ledger.record(1, fieldsOf(1));
    ledger.checkpoint();
    const [hit] = search(ledger, [nameOf(1)]).hits;
    const file = new RawFile(ledger.file.path);
    const pages = PageFile.open(file, [ledger.key]);
    const image = newImage(8192);
    pages?.read(hit?.page ?? 0, image);
    file.close();
    expect(image.bytes.indexOf(nameOf(1)) + ((hit?.page ?? 0) - 1) * 8192).toBe(hit?.offset);
  });
});

describe('a file that is not what was written', () => {
  function aFile(): { readonly path: string; readonly key: string; readonly bytes: Buffer } {
    const ledger = aLedger();
    for (const id of PEOPLE)
      ledger.record(id, [...fieldsOf(id).slice(0, 2), 'long '.repeat(id % 75 === 0 ? 5000 : 5)]);
    ledger.block(1, [aLine(0, 'ada')], ['ada']);
    ledger.db.exec('DELETE FROM record WHERE id BETWEEN 226 AND 299');
    ledger.checkpoint();
    const path = join(temporaryFolder(), 'damaged.db');
    return { path, key: ledger.key, bytes: readFileSync(ledger.file.path) };
  }

  const codesOf = (path: string, key: string) =>
    searched(path, [key], textSearch([nameOf(250)])).problems.map(({ code }) => code);

  test('any flipped bit is noticed, but for the salt and the clear fields of page 1', () => {
    const { path, key, bytes } = aFile();
    fc.assert(
      fc.property(fc.integer({ min: 24, max: bytes.length - 1 }), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] as number) ^ (1 << bit);
        writeFileSync(path, changed);
        expect(codesOf(path, key).length).toBeGreaterThan(0);
      }),
      { numRuns: 25 },
    );
  });

  test('any cut is noticed', () => {
    const { path, key, bytes } = aFile();
    const whole = bytes.length / 8192;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole - 1 }), fc.nat(8191), (pages, rest) => {
        writeFileSync(path, bytes);
        truncateSync(path, pages * 8192 + rest);
        expect(codesOf(path, key)).toContain('cut-short');
      }),
      { numRuns: 15 },
    );
  });

  test('a wrong key, another file and none at all are told apart from a clean one', () => {
    const { path, key, bytes } = aFile();
    writeFileSync(path, bytes);
    expect(codesOf(path, key)).toEqual([]);
    expect(codesOf(path, newKey())).toEqual(['undecipherable']);
    writeFileSync(path, 'no ledger at all, but some text');
    expect(codesOf(path, key)).toEqual(['undecipherable']);
    writeFileSync(path, '');
    expect(codesOf(path, key)).toEqual(['undecipherable']);
    expect(codesOf(`${path}-none`, key)).toEqual(['unreadable-file']);
  });

  test('a tree or a chain that leads back into itself is noticed', () => {
    const { path, key, bytes } = aFile();
    writeFileSync(path, bytes);
    const file = new RawFile(path);
    const pages = PageFile.open(file, [key]);
    const image = newImage(8192);
    const numbers = Array.from({ length: bytes.length / 8192 - 1 }, (_, nth) => nth + 2);
    const pointing = (page: number, at: number) =>
      [0, 0, page >>> 8, page & 255].map((value, nth) => ({ page, at: at + nth, value }));
    const isOverflow = () =>
      image.bytes[0] === 0 && image.bytes.toString('latin1', 4, 7).match(/^[a-z ]+$/) !== null;
    const met = { trees: 0, chains: 0 };
    for (const page of numbers) {
      pages?.read(page, image);
      const isInner = image.bytes[0] === 5;
      if (!isInner && !isOverflow()) continue;
      met[isInner ? 'trees' : 'chains'] += 1;
      writeFileSync(path, forged(bytes, key, pointing(page, isInner ? 8 : 0)));
      expect(codesOf(path, key)).toContain('damaged-tree');
    }
    file.close();
    expect(met.trees).toBeGreaterThan(0);
    expect(met.chains).toBeGreaterThan(10);
  });

  test('pages of nonsense under a right tag end in findings, never in a crash or a loop', () => {
    const { path, key, bytes } = aFile();
    const count = bytes.length / 8192;
    const change = fc.record({
      page: fc.integer({ min: 1, max: count }),
      at: fc.oneof(fc.nat(130), fc.nat(8127)),
      value: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 5, 10, 13, 255)),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 60 }), (changes) => {
        writeFileSync(path, forged(bytes, key, changes));
        expect(() => codesOf(path, key)).not.toThrow();
      }),
      { numRuns: 60 },
    );
  });
});

/** Changes bytes of deciphered pages and ciphers them again, so that every tag fits. */
function forged(
  bytes: Buffer,
  keyHex: string,
  changes: readonly { readonly page: number; readonly at: number; readonly value: number }[],
): Buffer {
  const forgery = Buffer.from(bytes);
  const cipher = new PageCipher(keyHex);
  for (const page of new Set(changes.map((change) => change.page))) {
    const image = newImage(8192);
    bytes.copy(image.bytes, 0, (page - 1) * 8192);
    cipher.open(image, page);
    for (const { at, value } of changes.filter((change) => change.page === page))
      if (page > 1 || at >= 24) image.bytes[at] = value;
    cipher.close(image, page);
    image.bytes.copy(forgery, (page - 1) * 8192);
  }
  return forgery;
}
