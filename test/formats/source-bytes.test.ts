import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/base/errors.ts';
import { openSource } from '../../src/formats/source-bytes.ts';
import { refusalOf, scratch } from './reading.ts';

const disk = scratch();

async function readAll(file: string, chunkSize?: number): Promise<Buffer> {
  const source = await openSource(file, chunkSize === undefined ? {} : { chunkSize });
  const chunks: Buffer[] = [];
  for await (const chunk of source.chunks(() => 7)) chunks.push(chunk);
  await source.close();
  return Buffer.concat(chunks);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const LINES = Buffer.from('one line of text\n'.repeat(50_000));
// Random bytes do not compress, so that the damage lies far behind the first chunk.
const NOISE = noise(600_000);

describe('openSource', () => {
  it.each([
    ['plain', LINES],
    ['gzip under a name that does not say so', gzipSync(LINES)],
    [
      'two gzip members, as cat a.gz b.gz makes',
      Buffer.concat([gzipSync(LINES.subarray(0, 99)), gzipSync(LINES.subarray(99))]),
    ],
  ])('gives content and digests of %s', async (_, bytes) => {
    const file = disk.write('content.bin', bytes);
    const source = await openSource(file);
    const chunks: Buffer[] = [];
    for await (const chunk of source.chunks()) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(LINES)).toBe(true);
    expect(source.digest()).toEqual({
      bytes: LINES.length,
      sha256: sha256(LINES),
      head: sha256(LINES.subarray(0, 4096)),
    });
    expect(source.head.equals(LINES.subarray(0, 4096))).toBe(true);
    expect([source.size, source.bytesRead()]).toEqual([bytes.length, bytes.length]);
    await source.close();
  });

  it('does the same for a file that is shorter than its head, and for an empty one', async () => {
    for (const content of ['', 'short']) {
      const source = await openSource(disk.write('short', content));
      for await (const _ of source.chunks());
      const digest = sha256(Buffer.from(content));
      expect(source.digest()).toEqual({ bytes: content.length, sha256: digest, head: digest });
      await source.close();
    }
  });

  it('knows no digest before the end', async () => {
    const source = await openSource(disk.write('early', LINES), { chunkSize: 10 });
    await source.chunks().next();
    expect(() => source.digest()).toThrow('read to its end');
    await source.close();
  });

  it('cuts chunks to the size asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        async (bytes, size, isGzip) => {
          const content = Buffer.from(bytes);
          // Content that begins like gzip would be taken for it.
          fc.pre(content[0] !== 0x1f);
          const file = disk.write('chunked', isGzip ? gzipSync(content) : content);
          expect((await readAll(file, size)).equals(content)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each([
    ['ends early', gzipSync(NOISE).subarray(0, -400), 'gz-truncated'],
    ['ends within its checksum', gzipSync(LINES).subarray(0, -3), 'gz-truncated'],
    [
      'ends within a second member',
      Buffer.concat([gzipSync(LINES), gzipSync(LINES).subarray(0, 15)]),
      'gz-truncated',
    ],
    ['is followed by text', Buffer.concat([gzipSync(LINES), Buffer.from('<html>')]), 'gz-damaged'],
    ['is followed by zeros', Buffer.concat([gzipSync(LINES), Buffer.alloc(512)]), 'gz-trailing'],
    ['has a changed byte', changed(gzipSync(NOISE), 200_000), 'gz-damaged'],
  ])('refuses gzip that %s', async (_, bytes, code) => {
    const file = disk.write('export.csv.gz', bytes);
    const refusal = await refusalOf(() => readAll(file));
    expect(refusal).toMatchObject({ code, exit: ExitCode.badInput });
    expect(refusal.message).toMatch(/^export\.csv\.gz:\d+: the gzip data /);
  });

  it('names the line that was reached before the damage', async () => {
    const file = disk.write('far.csv.gz', gzipSync(NOISE).subarray(0, -400));
    const refusal = await refusalOf(() => readAll(file));
    expect(refusal.details).toEqual({ file: 'far.csv.gz', line: 7 });
  });

  it('refuses what is no regular file, without waiting for a pipe', async () => {
    const link = join(disk.folder, 'link.csv');
    symlinkSync(disk.write('target.csv', 'a\n'), link);
    const pipe = join(disk.folder, 'pipe.csv');
    execFileSync('mkfifo', [pipe]);
    const folder = join(disk.folder, 'folder.csv');
    mkdirSync(folder);
    for (const file of [link, pipe, folder, '/dev/null']) {
      expect(await refusalOf(() => openSource(file))).toMatchObject({
        code: 'not-a-file',
        exit: ExitCode.badInput,
      });
    }
    const missing = await refusalOf(() => openSource(join(disk.folder, 'no\u001b[31m.csv')));
    expect(missing).toMatchObject({ code: 'file-missing', exit: ExitCode.notFound });
    expect(missing.message).toBe('no\\u{1b}[31m.csv: there is no such file');
  });

  it('reads a file that grows as it was when it was opened, and refuses one that shrinks', async () => {
    const file = disk.write('growing.log', LINES);
    const source = await openSource(file);
    appendFileSync(file, 'later\n');
    for await (const _ of source.chunks());
    expect(source.digest().bytes).toBe(LINES.length);
    await source.close();
    const shrinking = await openSource(file);
    truncateSync(file, 200_000);
    const refusal = await refusalOf(async () => {
      for await (const _ of shrinking.chunks());
    });
    expect(refusal.code).toBe('file-changed');
    await shrinking.close();
  });

  it('can be left in the middle', async () => {
    const source = await openSource(disk.write('left.gz', gzipSync(NOISE)), { chunkSize: 100 });
    for await (const chunk of source.chunks()) {
      expect(chunk.length).toBe(100);
      break;
    }
    await source.close();
    await source.close();
  });
});

function noise(length: number): Buffer {
  let state = 1;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    }),
  );
}

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}
