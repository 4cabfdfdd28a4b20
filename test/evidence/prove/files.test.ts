import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type FileCounts,
  type FileHit,
  type FileSearch,
  searchPath,
  type Unsearched,
} from '../../../src/evidence/prove/files.ts';
import { fingerprintValues } from '../../../src/evidence/prove/fingerprints.ts';
import { PatternSearch } from '../../../src/evidence/prove/search.ts';
import { UNPACK_LIMITS } from '../../../src/evidence/prove/unpack.ts';
import { zipOf } from './zip-builder.ts';

const EMAIL = 'bruno@example.org';
const key = new Uint8Array(32).fill(3);
const packed = fingerprintValues(key, [{ kind: 'identifier', name: 'email', text: EMAIL }]);
const search = new PatternSearch(key, [{ request: 1, packed }]);
const says = (text: string) => Buffer.from(text);
const nothing = says('nothing of anybody here');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsr-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Searched extends FileCounts {
  readonly hits: readonly string[];
  readonly unsearched: readonly string[];
}

async function searched(path = folder, limits: FileSearch['limits'] = UNPACK_LIMITS): Promise<Searched> {
  const hits: FileHit[] = [];
  const unsearched: Unsearched[] = [];
  const counts = await searchPath(path, {
    search,
    onHit: (hit) => hits.push(hit),
    onNotSearched: (one) => unsearched.push(one),
    limits,
  });
  const place = (file: string, entries: readonly number[]) =>
    [file.replace(folder, '.'), ...entries].join('#');
  return {
    ...counts,
    hits: hits.map(({ kind, file, entries, offset }) => `${kind} ${place(file, entries)} at ${offset}`),
    unsearched: unsearched.map(({ code, file, entries }) => `${code} ${place(file, entries)}`),
  };
}

function put(name: string, content: Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

describe('a folder', () => {
  test('is searched below, in the order of names, and what is counted is what was read', async () => {
    mkdirSync(join(folder, 'b', 'c'), { recursive: true });
    put('b/c/deep.txt', says(`..${EMAIL}`));
    put('a.csv', says(`id,email\n42,${EMAIL.toUpperCase()}\n`));
    put('empty', says(''));
    put('none.txt', nothing);
    const result = await searched();
    expect(result.hits).toEqual(['file ./a.csv at 12', 'file ./b/c/deep.txt at 2']);
    expect(result.unsearched).toEqual([]);
    expect([result.files, result.bytes]).toEqual([4, 19 + 30 + nothing.length]);
  });

  test('with a slash at its end, and a file by itself, are searched as well', async () => {
    const file = put('a.txt', says(EMAIL));
    expect((await searched(`${folder}//`)).hits).toEqual(['file ./a.txt at 0']);
    expect((await searched(file)).hits).toEqual(['file ./a.txt at 0']);
  });

  test('of names that hold the value never shows one', async () => {
    mkdirSync(join(folder, `of ${EMAIL}`));
    const file = put(`of ${EMAIL}/Bruno@Example.org.txt`, says(`.${EMAIL}`));
    const above = `./[inode ${statSync(join(folder, `of ${EMAIL}`)).ino}]`;
    const path = `${above}/[inode ${statSync(file).ino}]`;
    const result = await searched();
    expect(result.hits).toEqual([`file name ${above} at 3`, `file name ${path} at 0`, `file ${path} at 1`]);
    expect((await searched(file)).hits.join()).not.toMatch(/example\.org\.txt/i);
  });

  test('of a name that is not UTF-8 is searched too', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.of(0xe9, 0x1b)]), EMAIL);
    expect((await searched()).hits).toEqual(['file ./\ufffd\\u{1b} at 0']);
  });
});

describe('what is not searched is told', () => {
  test('a link is not followed, wherever it leads', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'dsr-outside-'));
    writeFileSync(join(outside, 'a.txt'), EMAIL);
    symlinkSync(outside, join(folder, 'link'));
    symlinkSync('nowhere', join(folder, 'broken'));
    const result = await searched();
    const named = await searched(join(folder, 'link'));
    rmSync(outside, { recursive: true });
    expect(result).toEqual({
      hits: [],
      unsearched: ['symlink ./broken', 'symlink ./link'],
      files: 0,
      bytes: 0,
    });
    expect(named.unsearched).toEqual(['symlink ./link']);
  });

  test('pipes and sockets', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(folder, 'socket'), done));
    const result = await searched();
    await new Promise((done) => server.close(done));
    expect(result.unsearched).toEqual(['special ./pipe', 'special ./socket']);
  });

  test('a path that is not there', async () => {
    expect((await searched(join(folder, 'gone'))).unsearched).toEqual(['missing ./gone']);
  });

  test.skipIf(!existsSync('/proc/self/mem'))('a file that cannot be read', async () => {
    expect((await searched('/proc/self/mem')).unsearched).toEqual(['unreadable /proc/self/mem']);
  });

  test.skipIf(process.getuid?.() === 0)('a file and a folder that may not be read', async () => {
    mkdirSync(join(folder, 'closed'), { mode: 0 });
    writeFileSync(join(folder, 'secret'), EMAIL, { mode: 0 });
    expect((await searched()).unsearched).toEqual(['unreadable ./closed', 'unreadable ./secret']);
  });

  test.each([
    ['compressed', 'bzip2', says('BZh91AY')],
    ['compressed', 'xz', Buffer.from('fd377a585a0000', 'hex')],
    ['compressed', '7z', Buffer.from('377abcaf271c0004', 'hex')],
    ['compressed', 'rar', Buffer.from('526172211a0701', 'hex')],
    ['compressed', 'zstd', Buffer.from('28b52ffd2400', 'hex')],
    ['compressed', 'lz4', Buffer.from('04224d186440', 'hex')],
    ['compressed', 'PDF', says('%PDF-1.7\n')],
    ['encrypted', 'age', says('age-encryption.org/v1\n-> scrypt')],
    ['encrypted', 'PGP', says('-----BEGIN PGP MESSAGE-----\n')],
  ])('%s: %s', async (code, _, head) => {
    put('a', Buffer.concat([head, says(` ${EMAIL}`)]));
    const result = await searched();
    expect(result.unsearched).toEqual([`${code} ./a`]);
    expect(result.hits).toEqual([`file ./a at ${head.length + 1}`]);
  });
});

describe('gzip', () => {
  test('is known by its content and unpacked, all its members', async () => {
    put('log.1', Buffer.concat([gzipSync(nothing), gzipSync(says(` ${EMAIL}`))]));
    const result = await searched();
    expect(result.hits).toEqual([`gzip ./log.1 at ${nothing.length + 1}`]);
    expect(result.unsearched).toEqual([]);
  });

  test('in gzip is unpacked twice, and not three times', async () => {
    put('a', gzipSync(gzipSync(says(EMAIL))));
    expect(await searched()).toMatchObject({ hits: ['gzip ./a at 0'], unsearched: [] });
    put('a', gzipSync(gzipSync(gzipSync(says(EMAIL)))));
    expect(await searched()).toMatchObject({ hits: [], unsearched: ['too-deep ./a'] });
  });

  test('that is cut off is searched as far as it goes', async () => {
    const noise = Array.from({ length: 40_000 }, (_, i) => `${(i * 2654435761) % 4294967296}`).join();
    const whole = gzipSync(says(`${EMAIL}${noise}${EMAIL}`));
    put('a.gz', whole.subarray(0, whole.length - 1000));
    expect(await searched()).toMatchObject({ hits: ['gzip ./a.gz at 0'], unsearched: ['damaged ./a.gz'] });
  });

  test.each([
    ['another byte', Buffer.of(7, 7, 7)],
    ['a zero byte and a member', Buffer.concat([Buffer.of(0), gzipSync(says(EMAIL))])],
  ])('followed by %s is told', async (_, after) => {
    put('a.gz', Buffer.concat([gzipSync(nothing), after]));
    expect((await searched()).unsearched).toEqual(['damaged ./a.gz']);
  });

  test('that unpacks to too much ends there', async () => {
    const bomb = gzipSync(Buffer.concat([says(EMAIL), Buffer.alloc(20_000_000), says(EMAIL)]));
    put('bomb.gz', bomb);
    const limits = { ...UNPACK_LIMITS, free: 1_000_000, ratio: 20 };
    const result = await searched(folder, limits);
    expect(result).toMatchObject({ hits: ['gzip ./bomb.gz at 0'], unsearched: ['too-large ./bomb.gz'] });
    expect(result.bytes).toBeLessThan(1_500_000 + bomb.length);
    expect((await searched(folder, { ...limits, free: 21_000_000 })).unsearched).toEqual([]);
  });
});

describe('zip', () => {
  const about = { name: 'a.txt', content: nothing };
  const theirs = { name: 'b.txt', content: says(`12345 ${EMAIL}`) };

  test.each([
    ['deflated', zipOf([about, theirs])],
    ['with large numbers', zipOf([about, { ...theirs, zip64: true }], { zip64: true })],
    ['after other bytes', zipOf([about, theirs], { prefix: zipOf([about]).subarray(0, 40) })],
    ['with a comment', withComment(zipOf([about, theirs]), 'PK\x05\x06 is how a directory ends')],
  ])('%s is unpacked', async (_, bytes) => {
    put('a.zip', bytes);
    expect(await searched()).toMatchObject({ hits: ['zip entry ./a.zip#1 at 6'], unsearched: [] });
  });

  test('with stored entries shows them on both layers', async () => {
    put('a', zipOf([{ ...theirs, stored: true }]));
    expect((await searched()).hits).toEqual(['file ./a at 41', 'zip entry ./a#0 at 6']);
  });

  test('names of entries are searched with the bytes of the archive', async () => {
    put('a', zipOf([{ name: `${EMAIL}.txt`, content: nothing }]));
    expect((await searched()).hits).toEqual(['file ./a at 30', expect.stringMatching(/^file \.\/a at /)]);
  });

  test('in gzip, and gzip and zip in zip, are unpacked', async () => {
    put('a', gzipSync(zipOf([about, theirs])));
    put('b', zipOf([about, { name: 'log.gz', content: gzipSync(says(EMAIL)) }]));
    put('c', zipOf([{ name: 'inner.zip', content: zipOf([about, theirs]) }]));
    expect(await searched()).toMatchObject({
      hits: ['zip entry ./a#1 at 6', 'gzip ./b#1 at 0', 'zip entry ./c#0#1 at 6'],
      unsearched: [],
    });
    const limits = { ...UNPACK_LIMITS, inner: 100, depth: 1 };
    expect(await searched(folder, limits)).toMatchObject({
      hits: [],
      unsearched: ['too-deep ./a', 'too-deep ./b#1', 'too-deep ./c#0'],
    });
    expect((await searched(folder, { ...limits, depth: 2 })).unsearched).toEqual([
      'too-large ./a',
      'too-large ./c#0',
    ]);
  });

  test('entries that cannot be read are told one by one, and the others searched', async () => {
    put(
      'a',
      zipOf([
        { ...theirs, flags: 1 },
        { ...theirs, method: 99 },
        { ...theirs, method: 14 },
        { ...theirs, crc: 1 },
        theirs,
      ]),
    );
    expect(await searched()).toMatchObject({
      hits: ['zip entry ./a#3 at 6', 'zip entry ./a#4 at 6'],
      unsearched: ['encrypted ./a#0', 'encrypted ./a#1', 'compressed ./a#2', 'damaged ./a#3'],
    });
  });

  test('that is cut off anywhere, or has any byte of its directory changed, is never passed over', async () => {
    const whole = zipOf([theirs]);
    for (let length = 24; length < whole.length; length += 5) {
      put('a', whole.subarray(0, length));
      expect((await searched()).unsearched).toEqual(['damaged ./a']);
    }
    for (let at = whole.length - 22 - 51; at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      put('a', changed);
      const { hits, unsearched } = await searched();
      expect([at, hits.length + unsearched.length > 0]).toEqual([at, true]);
    }
  });

  test('that unpacks to too much ends there, for all its entries', async () => {
    const large = { name: 'a', content: Buffer.alloc(600_000) };
    put('bomb.zip', zipOf([large, large, large, theirs]));
    const limits = { ...UNPACK_LIMITS, free: 1_000_000, ratio: 2 };
    const result = await searched(folder, limits);
    expect(result).toMatchObject({ hits: [], unsearched: ['too-large ./bomb.zip#1'] });
    expect((await searched(folder, { ...limits, free: 2_000_000 })).hits).toEqual([
      'zip entry ./bomb.zip#3 at 6',
    ]);
  });

  test.skipIf(!existsSync('/usr/bin/zip'))('as the zip program writes it', async () => {
    put('b.txt', says(`12345 ${EMAIL} `.repeat(3)));
    execFileSync('zip', ['-q', 'plain.zip', 'b.txt'], { cwd: folder });
    execFileSync('zip', ['-q', '-fz', 'streamed.zip', '-'], {
      cwd: folder,
      input: `12345 ${EMAIL}`.repeat(9),
    });
    execFileSync('zip', ['-q', '-P', 'x', 'secret.zip', 'b.txt'], { cwd: folder });
    rmSync(join(folder, 'b.txt'));
    const result = await searched();
    expect(result.hits.filter((hit) => hit.includes('plain.zip'))).toHaveLength(3);
    expect(result.hits.filter((hit) => hit.includes('streamed.zip'))).toHaveLength(9);
    expect(result.unsearched).toEqual(['encrypted ./secret.zip#0']);
  });
});

function withComment(zip: Buffer, comment: string): Buffer {
  const bytes = Buffer.concat([zip, Buffer.from(comment, 'latin1')]);
  bytes.writeUInt16LE(comment.length, zip.length - 2);
  return bytes;
}
