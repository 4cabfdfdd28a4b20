import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import type { GateEntry } from '../../src/ingest/gate.ts';
import type { LoadedLog } from '../../src/ingest/log-load.ts';
import { LogPacker } from '../../src/ingest/log-pack.ts';
import { suppressionDigest } from '../../src/people/digests.ts';
import { LineOwners } from '../../src/people/line-owner.ts';
import { hasTag, linesOf, shelfOf } from '../../src/store/shelf.ts';
import { emptyLedger, temporaryFolder, withStore } from '../helpers/ledger-folder.ts';
import { aLine, aLog, blocksIn, ingestLog, KEYS, linesIn, logSource, POLICY } from './log-loading.ts';

const DAY = 86_400;

function counts(result: unknown) {
  const { rows_read, rows_kept, rows_rejected, rows_suppressed } = (result as LoadedLog).counts;
  return { rows_read, rows_kept, rows_rejected, rows_suppressed };
}

/** Lines of several people over three days, with a bad one now and then. */
function manyLines(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) =>
    i % 97 === 13
      ? `bad ${i}`
      : aLine(Math.floor((i * 3 * DAY) / count), i % 3 === 0 ? '-' : `user${i % 41}`, `/p?n=${i}`),
  );
}

describe('loading a log', () => {
  it('stores every line byte for byte, whatever its line ends and bytes', async () => {
    const lines = [
      aLine(0, 'ada'),
      `${aLine(1, 'bo')}\r`,
      aLine(2, 'Jos\xe9', '/\xff'),
      aLine(3, 'x\x1b[0m'),
    ];
    await withStore(emptyLedger(), async (store) => {
      const result = await ingestLog(store, aLog(`${lines.join('\n')}\n`));
      expect(counts(result)).toEqual({ rows_read: 4, rows_kept: 4, rows_rejected: 0, rows_suppressed: 0 });
      expect(await linesIn(store)).toEqual([...lines].sort());
    });
  });

  it('sorts lines by day, shelf and tag, those of one person in the order of the file', async () => {
    const lines = manyLines(2000);
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, aLog(lines.join('\n')), { rejectLimit: { share: 0.05 } });
      const blocks = await blocksIn(store);
      expect([...new Set(blocks.map((block) => block.day))]).toEqual([20_458, 20_459, 20_460]);
      for (const block of blocks) {
        const stored = linesOf(block);
        expect(block.lines).toBe(stored.length);
        const tags = stored.map((line) => tagOf(line));
        expect(tags).toEqual([...tags].sort((a, b) => a - b));
        expect(tags.every((tag) => shelfOf(tag) === block.shelf && hasTag(block.tags, tag))).toBe(true);
        expect(block.tags.length).toBe(new Set(tags).size * 4);
        const places = stored.map((line) => [tagOf(line), lines.indexOf(line)] as const);
        expect(places).toEqual([...places].sort(([a, i], [b, j]) => a - b || i - j));
      }
    });
  });

  it('gives the same lines and rejects at any size of chunk', async () => {
    const content = `\n${manyLines(300).join('\n')}\r\n \n`;
    const file = aLog(content);
    const load = (chunkSize: number) =>
      withStore(emptyLedger(), async (store) => {
        const result = await ingestLog(store, file, { chunkSize, rejectLimit: { share: 0.5 } });
        const rejects = await store.read((tx) => tx.rejects(1));
        return { result: counts(result), lines: await linesIn(store), rejects };
      });
    const expected = await load(16 << 20);
    expect(expected.result).toEqual({ rows_read: 300, rows_kept: 297, rows_rejected: 3, rows_suppressed: 0 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 150, max: 20_000 }), async (size) => {
        expect(await load(size)).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });

  it('in threads gives what it gives without them', async () => {
    const lines = manyLines(25_000);
    const file = aLog(`${lines.join('\n')}\n`);
    await withStore(emptyLedger(), async (store) => {
      const result = await ingestLog(store, file, { chunkSize: 1_200_000, rejectLimit: { share: 0.05 } });
      const bad = lines.flatMap((line, i) => (line.startsWith('bad') ? [i + 1] : []));
      expect(counts(result)).toMatchObject({ rows_read: 25_000, rows_rejected: bad.length });
      const rejects = await store.read((tx) => tx.rejects(1));
      expect(rejects.map(({ line, raw }) => [line, raw])).toEqual(
        bad.map((line) => [line, `bad ${line - 1}`]),
      );
      expect(await linesIn(store)).toEqual(lines.filter((line) => !line.startsWith('bad')).sort());
    });
  });

  it('reads a gz, a byte order mark and a last line without a line feed', async () => {
    const content = `\xef\xbb\xbf${aLine(0)}\n${aLine(1)}`;
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, aLog(gzipSync(Buffer.from(content, 'latin1')), 'access.log.gz'));
      expect(await linesIn(store)).toEqual([aLine(0), aLine(1)]);
      const [row] = await store.read((tx) => tx.imports());
      expect(row?.bytes).toBe(content.length);
    });
  });

  it('sets a line of 100 MB aside, with its number, in little memory', async () => {
    const long = Buffer.alloc(100 << 20, 'x');
    const file = aLog(Buffer.concat([Buffer.from(`${aLine(0)}\n`), long, Buffer.from(`\n${aLine(1)}\n`)]));
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, file, {
        rejectLimit: { rows: 1 },
        progress: () => {
          peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
        },
      });
      expect(await linesIn(store)).toEqual([aLine(0), aLine(1)]);
      const [reject, ...others] = await store.read((tx) => tx.rejects(1));
      expect(others).toEqual([]);
      expect(reject).toMatchObject({ line: 2, reason: 'longer than 1 MiB', raw: 'x'.repeat(1024) });
    });
    expect(peak).toBeLessThan(80 << 20);
  });

  it('cuts the raw text of a long line at a whole character', async () => {
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, aLog(`x${'\xe2\x82\xac'.repeat(3000)}\n`), { rejectLimit: { rows: 1 } });
      const [reject] = await store.read((tx) => tx.rejects(1));
      expect(reject?.raw).toBe(`x${'€'.repeat(1023)}`);
    });
  });

  it('sets aside a line with a NUL byte, and shows the raw text of any encoding', async () => {
    const content = `${aLine(0)}\nJos\xc3\xa9\nJos\xe9\n\0\0${aLine(1)}\n`;
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, aLog(content), { rejectLimit: { rows: 3 } });
      const rejects = await store.read((tx) => tx.rejects(1));
      expect(rejects.map(({ line, reason, raw }) => [line, reason, raw])).toEqual([
        [2, 'fewer than three fields before the time', 'José'],
        [3, 'fewer than three fields before the time', 'José'],
        [4, 'NUL byte', `\\x00\\x00${aLine(1)}`],
      ]);
    });
  });
});

function tagOf(line: string): number {
  const owners = new LineOwners(logSource(), POLICY, KEYS.hasher);
  const [block] = new LogPacker(logSource().format, owners, []).pack(
    Buffer.from(`${line}\n`, 'latin1'),
  ).blocks;
  return Buffer.from(block!.tags).readUInt32LE(0);
}

describe('a log that cannot be used', () => {
  const BAD: readonly (readonly [
    name: string,
    content: string | Uint8Array,
    code: string,
    message: RegExp,
  ])[] = [
    ['an empty file', '', 'empty-file', /access\.log: holds no lines/],
    [
      'a SQL dump',
      `${'INSERT INTO a VALUES (1);\n'.repeat(2000)}`,
      'too-many-rejects',
      /access\.log: 2000 of 2000 rows/,
    ],
    [
      'a gz that ends early',
      gzipSync(Buffer.alloc(1e6, 'abc\n')).subarray(0, 900),
      'gz-truncated',
      /ends early/,
    ],
    [
      'more bad lines than the limit',
      `${aLine(0)}\nbad\n`,
      'too-many-rejects',
      /1 of 2 rows cannot be read, and the limit is 1%/,
    ],
    ['UTF-16', Buffer.from(`${aLine(0)}\n`, 'utf16le'), 'too-many-rejects', /cannot be read/],
  ];
  for (const [name, content, code, message] of BAD) {
    it(`is refused: ${name}`, async () => {
      await withStore(emptyLedger(), async (store) => {
        const fault = await ingestLog(store, aLog(content)).catch((cause: unknown) => cause);
        expect(fault).toBeInstanceOf(UserError);
        expect(fault).toMatchObject({ code, exit: 65, message: expect.stringMatching(message) });
        expect(await store.read((tx) => tx.imports())).toEqual([]);
        expect(await blocksIn(store)).toEqual([]);
      });
    });
  }

  it('names the first bad lines and why, and nothing of what stands in them', async () => {
    await withStore(emptyLedger(), async (store) => {
      const fault = await ingestLog(store, aLog(`${aLine(0)}\nada@example.org\n`)).catch(
        (cause: unknown) => cause,
      );
      expect(fault).toMatchObject({
        problems: [{ file: 'access.log', line: 2, message: 'fewer than three fields before the time' }],
      });
      expect(JSON.stringify(fault)).not.toContain('ada@');
    });
  });

  it('names the line at which a gz breaks off', async () => {
    const lines = manyLines(20_000).filter((line) => !line.startsWith('bad'));
    const whole = gzipSync(lines.join('\n'), { level: 0 });
    // Stored as it is, with five bytes before each block of at most 65,535.
    const cut = whole.subarray(0, 1_000_000);
    await withStore(emptyLedger(), async (store) => {
      const loading = ingestLog(store, aLog(cut, 'access.log.gz'), { chunkSize: 100_000 });
      const fault = (await loading.catch((cause: unknown) => cause)) as UserError;
      const [, line] = /^access\.log\.gz:(\d+): the gzip data ends early$/.exec(fault.message) ?? [];
      const expected = lines.join('\n').slice(0, 1_000_000).split('\n').length;
      expect(Math.abs(Number(line) - expected)).toBeLessThan(800);
    });
  });

  it('is given up long before its end', async () => {
    const file = aLog(`${'bad line\n'.repeat(400_000)}`);
    let last = 0;
    await withStore(emptyLedger(), async (store) => {
      const loading = ingestLog(store, file, { chunkSize: 100_000, progress: ({ rows }) => (last = rows) });
      await expect(loading).rejects.toMatchObject({ code: 'too-many-rejects' });
    });
    expect(last).toBeLessThan(100_000);
  });

  it('is not loaded further once it was interrupted', async () => {
    const stop = new AbortController();
    await withStore(emptyLedger(), async (store) => {
      const options = { chunkSize: 100_000, signal: stop.signal, progress: () => stop.abort() };
      const loading = ingestLog(store, aLog(manyLines(20_000).join('\n')), {
        ...options,
        rejectLimit: { share: 1 },
      });
      await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
      expect(await blocksIn(store)).toEqual([]);
    });
  });
});

describe('the gate', () => {
  const KEY = new Uint8Array(32).fill(1);
  const banned = { kind: 'username', value: 'user7' };
  const digest = Buffer.from(suppressionDigest(KEY, banned)).toString('hex');
  const entry: GateEntry = {
    id: 1,
    tag: KEYS.hasher.tag(banned),
    digest,
    kind: 'username',
    reason: 'erased',
    subject: 1,
    request: 1,
    since: '2026-01-05T00:00:00Z',
    admitted: undefined,
  };

  it('keeps out the lines of suppressed people, and not of those who share a tag with them', async () => {
    const lines = manyLines(500).filter((line) => !line.startsWith('bad'));
    const sharing = {
      ...entry,
      id: 2,
      tag: KEYS.hasher.tag({ kind: 'username', value: 'user8' }),
      digest: '00',
    };
    await withStore(emptyLedger(), async (store) => {
      const gate = { key: KEY, entries: [entry, sharing], admitted: [] };
      const result = await ingestLog(store, aLog(`${lines.join('\r\n')}\r\n`), { gate });
      const kept = lines.filter((line) => !line.includes(' user7 '));
      expect(counts(result)).toMatchObject({
        rows_kept: kept.length,
        rows_suppressed: lines.length - kept.length,
      });
      expect(await linesIn(store)).toEqual(kept.map((line) => `${line}\r`).sort());
    });
  });

  it('keeps the raw text of a bad line out that names one of them', async () => {
    await withStore(emptyLedger(), async (store) => {
      const file = aLog(`${aLine(0)}\nuser7 broken\nuser8 broken\n`);
      const gate = { key: KEY, entries: [entry], admitted: [] };
      await ingestLog(store, file, { gate, rejectLimit: { rows: 2 } });
      const rejects = await store.read((tx) => tx.rejects(1));
      expect(rejects.map(({ raw }) => raw)).toEqual([
        '[not kept: names somebody who may not come back]',
        'user8 broken',
      ]);
    });
  });
});

describe('a log that was loaded before', () => {
  const first = [aLine(0, 'ada'), aLine(1), aLine(2)];
  const more = [aLine(3), aLine(4, 'ada')];
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

  it('is not loaded again, also under another name and compressed', async () => {
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, aLog(text(first)));
      const again = await ingestLog(store, aLog(gzipSync(text(first)), 'access.log.1.gz'));
      expect(again).toMatchObject({ kind: 'same', import: { id: 1 } });
      expect(await linesIn(store)).toEqual([...first].sort());
    });
  });

  it('adds only its tail when it has grown, with the line numbers of the file', async () => {
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, aLog(text(first)));
      const grown = text([...first, ...more, 'bad']);
      const result = await ingestLog(store, aLog(grown, 'access.log.1'), { rejectLimit: { rows: 1 } });
      expect(result).toMatchObject({ continues: 1, bytes: grown.length });
      expect(counts(result)).toEqual({ rows_read: 3, rows_kept: 2, rows_rejected: 1, rows_suppressed: 0 });
      expect(await linesIn(store)).toEqual([...first, ...more].sort());
      expect(await store.read((tx) => tx.rejects(2))).toMatchObject([{ line: 6, raw: 'bad' }]);
    });
  });

  it('goes on from the longest import that it begins with, and knows all of them again', async () => {
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, aLog(text(first)));
      await ingestLog(store, aLog(text([...first, more[0]!])));
      const result = await ingestLog(store, aLog(text([...first, ...more])));
      expect(result).toMatchObject({ continues: 2 });
      expect(counts(result)).toMatchObject({ rows_read: 1 });
      for (const lines of [first, [...first, more[0]!], [...first, ...more]]) {
        expect(await ingestLog(store, aLog(text(lines)))).toMatchObject({ kind: 'same' });
      }
    });
  });

  it('when its head alone is the same, is another log', async () => {
    const long = Array.from({ length: 100 }, (_, i) => aLine(i));
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, aLog(text([...long, aLine(200)])));
      const other = aLog(text([...long, aLine(201)]));
      await expect(ingestLog(store, other)).rejects.toMatchObject({ code: 'log-overlap' });
    });
  });

  const CUTS: readonly (readonly [name: string, cut: string, rest: string])[] = [
    ['that had no line feed yet', '', '\n'],
    ['that had half of its CRLF', '\r', '\n'],
    ['that had the wrong number of bytes', aLine(9, 'ada').slice(0, -16), `${aLine(9, 'ada').slice(-16)}\n`],
  ];
  for (const [name, cut, rest] of CUTS) {
    it(`loads a last line ${name} again, whole, and only once`, async () => {
      const last = name.includes('wrong') ? '' : aLine(9, 'ada');
      const source = logSource();
      await withStore(emptyLedger(), async (store) => {
        const early = text(first) + last + cut;
        await ingestLog(store, aLog(early), { source, rejectLimit: { rows: 1 } });
        const whole = early + rest + text(more);
        expect(await ingestLog(store, aLog(whole), { source })).toMatchObject({ continues: 1 });
        expect(await linesIn(store)).toEqual(whole.split('\n').slice(0, -1).sort());
      });
    });
  }

  it('of the common format, replaces a last line that was cut inside a number', async () => {
    const source = logSource('common');
    const line = '192.0.2.1 - ada [05/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 512';
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, aLog(`${line}\n${line.slice(0, -1)}`), { source });
      await ingestLog(store, aLog(`${line}\n${line}\n`), { source });
      expect(await linesIn(store)).toEqual([line, line]);
    });
  });
});

describe('logs that overlap', () => {
  const day = Array.from({ length: 50 }, (_, i) => aLine(i * 60, `user${i}`));
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

  it('are refused by both names when they hold an equal line, and nothing changes', async () => {
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, aLog(text(day), 'monday.log'));
      const before = await linesIn(store);
      const other = aLog(text([aLine(30 * 60, 'zoe'), ...day.slice(40)]), 'tuesday.log');
      const fault = await ingestLog(store, other).catch((cause: unknown) => cause);
      expect(fault).toMatchObject({ code: 'log-overlap', exit: 65 });
      expect((fault as Error).message).toBe('tuesday.log has lines that monday.log, loaded earlier, has too');
      expect(await linesIn(store)).toEqual(before);
      expect(await store.read((tx) => tx.imports())).toHaveLength(1);
    });
  });

  it('are loaded when no line is equal, as those of two servers', async () => {
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, aLog(text(day)));
      await ingestLog(store, aLog(text(day.map((line) => line.replace('203.0.113.9', '203.0.113.10')))));
      expect(await linesIn(store)).toHaveLength(100);
    });
  });

  it('are loaded where that is asked for', async () => {
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, aLog(text(day)));
      await ingestLog(store, aLog(text(day.slice(10))), { allowOverlap: true });
      expect(await linesIn(store)).toHaveLength(90);
    });
  });

  it('are told from a rotated log, which begins when the other ends', async () => {
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, aLog(text(day.slice(0, 25))));
      await ingestLog(store, aLog(text([day[24]!.replace('user24', 'zoe'), ...day.slice(25)])));
      expect(await linesIn(store)).toHaveLength(51);
    });
  });

  it('may be two sources', async () => {
    await withStore(emptyLedger(), async (store) => {
      const folder = temporaryFolder();
      await ingestLog(store, aLog(text(day), 'a.log', folder));
      const source = logSource('combined', { name: 'other_log' });
      const imports = await store.read((tx) => tx.imports());
      expect(imports.map((row) => row.source)).toEqual(['access_log']);
      // Only the imports of its own source are asked whether a log is known.
      await expect(
        ingestLog(store, aLog(text(day.slice(1)), 'b.log', folder), { source }),
      ).resolves.toMatchObject({
        continues: undefined,
      });
    });
  });
});
