import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_RECORD_BYTES } from '../../src/formats/text.ts';
import { LineChunker } from '../../src/ingest/log-chunks.ts';

async function chunked(pieces: readonly string[], size: number): Promise<readonly string[]> {
  async function* content() {
    for (const piece of pieces) yield Buffer.from(piece, 'latin1');
  }
  const chunks: string[] = [];
  for await (const chunk of new LineChunker(() => Buffer.alloc(size)).chunks(content()))
    chunks.push(chunk.toString('latin1'));
  return chunks;
}

describe('chunks of lines', () => {
  it('are whole lines, and together the file with a line feed at its end', async () => {
    const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\xff'), maxLength: 30 }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 2, max: 40 }), async (some, size) => {
        const chunks = await chunked(some, size);
        const text = some.join('');
        expect(chunks.join('')).toBe(text === '' || text.endsWith('\n') ? text : `${text}\n`);
        expect(chunks.every((chunk) => chunk.endsWith('\n'))).toBe(true);
      }),
    );
  });

  it('hold of a line that is too long just enough to show it', async () => {
    const long = 'x'.repeat(3 * MAX_RECORD_BYTES + 5);
    for (const size of [1000, MAX_RECORD_BYTES + 10, 16 << 20]) {
      const lines = (await chunked(['a\n', long.slice(0, 100), long.slice(100), '\nb\n'], size))
        .join('')
        .split('\n');
      expect([lines[0], lines[2], lines[3]]).toEqual(['a', 'b', '']);
      expect(lines[1]!.length).toBeGreaterThan(MAX_RECORD_BYTES);
      expect(long.startsWith(lines[1]!)).toBe(true);
    }
  });

  it('of a line that fits just, and of one that does not, tell them apart at any size', async () => {
    for (const length of [MAX_RECORD_BYTES - 1, MAX_RECORD_BYTES, MAX_RECORD_BYTES + 1]) {
      for (const size of [
        MAX_RECORD_BYTES - 1,
        MAX_RECORD_BYTES,
        MAX_RECORD_BYTES + 1,
        MAX_RECORD_BYTES + 2,
        MAX_RECORD_BYTES + 3,
      ]) {
        const [line] = (await chunked(['x'.repeat(length), '\ny\n'], size)).join('').split('\n');
        expect(Math.min(line!.length, MAX_RECORD_BYTES + 1)).toBe(length);
      }
    }
  });
});
