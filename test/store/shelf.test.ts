import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hasTag,
  linesOf,
  packBody,
  packTags,
  shelfOf,
  spansTagged,
  splitLines,
  splitTagged,
  textOf,
} from '../../src/store/shelf.ts';

const tag = fc.integer({ min: 0, max: 0xffff_ffff });
const line = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', '\xff', '\0', '\r'), maxLength: 20 });

function blockOf(lines: readonly string[]): { body: Uint8Array } {
  return { body: packBody(Buffer.from(lines.map((one) => `${one}\n`).join(''), 'latin1')) };
}

describe('the tags of a block', () => {
  it('hold exactly the tags that were packed', () => {
    fc.assert(
      fc.property(fc.uniqueArray(tag), tag, (tags, other) => {
        const packed = packTags(Uint32Array.from(tags).sort());
        for (const one of tags) expect(hasTag(packed, one)).toBe(true);
        expect(hasTag(packed, other)).toBe(tags.includes(other));
      }),
    );
  });

  it('are little endian, and found at any place in memory', () => {
    const packed = packTags([1, 0x8000_0000]);
    expect([...packed]).toEqual([1, 0, 0, 0, 0, 0, 0, 0x80]);
    const shifted = Buffer.concat([Buffer.of(7), packed]).subarray(1);
    expect(hasTag(shifted, 0x8000_0000)).toBe(true);
  });

  it('name one of 256 shelves', () => {
    expect([0, 0x00ff_ffff, 0x0100_0000, 0xffff_ffff].map(shelfOf)).toEqual([0, 0, 1, 255]);
  });
});

describe('the lines of a block', () => {
  it('come back byte for byte', () => {
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(linesOf(blockOf(lines))).toEqual(lines);
      }),
    );
  });

  it('are not unpacked when they are more than any import makes', () => {
    const bomb = packBody(Buffer.alloc(33 << 20, 'a\n'));
    expect(() => linesOf({ body: bomb })).toThrow(/larger than/);
  });
});

describe('splitting a block', () => {
  it('takes the judged lines, and keeps the others with their own tags and times', () => {
    const some = fc.array(fc.record({ line, tag, at: fc.nat(), isTaken: fc.boolean() }));
    fc.assert(
      fc.property(some, (all) => {
        let next = 0;
        const { kept, taken } = splitLines(blockOf(all.map((one) => one.line)), (read) => {
          const judged = all[next++]!;
          expect(textOf(read)).toBe(judged.line);
          return judged;
        });
        expect(taken.map(textOf)).toEqual(all.filter((one) => one.isTaken).map((one) => one.line));
        const left = all.filter((one) => !one.isTaken);
        if (left.length === 0) {
          expect(kept).toBeUndefined();
          return;
        }
        expect(linesOf(kept!)).toEqual(left.map((one) => one.line));
        expect(kept!.lines).toBe(left.length);
        expect([kept!.minAt, kept!.maxAt]).toEqual([
          Math.min(...left.map((one) => one.at)),
          Math.max(...left.map((one) => one.at)),
        ]);
        const tags = [...new Set(left.map((one) => one.tag))].sort((a, b) => a - b);
        expect(Buffer.from(kept!.tags)).toEqual(packTags(tags));
      }),
    );
  });
});

describe('the lines of one tag', () => {
  // A line says its tag and its time itself.
  const lines = fc.array(
    fc.record({ tag: fc.integer({ min: 1, max: 5 }), at: fc.integer({ min: 10, max: 30 }) }),
    {
      minLength: 1,
    },
  );
  const read = (line: Parameters<typeof textOf>[0]) => {
    const [tagText, at] = textOf(line).split(' ').map(Number);
    return { tag: tagText!, at: at! };
  };
  const sorted = (all: readonly { tag: number; at: number }[]) => all.toSorted((a, b) => a.tag - b.tag);
  const whole = (all: readonly { tag: number; at: number }[]) => ({
    ...blockOf(all.map((one) => `${one.tag} ${one.at}`)),
    lines: all.length,
    minAt: Math.min(...all.map(({ at }) => at)),
    maxAt: Math.max(...all.map(({ at }) => at)),
    tags: packTags([...new Set(all.map((one) => one.tag))]),
  });

  it('are found without reading the others', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 0, max: 6 }), (all, wanted) => {
        const found = spansTagged(whole(sorted(all)), wanted, (line) => read(line).tag);
        const expected = sorted(all).filter((one) => one.tag === wanted);
        expect(found.map(read)).toEqual(expected);
      }),
    );
  });

  it('go as they do where every line is judged', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 10, max: 31 }), (all, own, to) => {
        const block = whole(sorted(all));
        const isTaken = (line: Parameters<typeof textOf>[0]) => read(line).at < to;
        const quick = splitTagged(block, own, read, isTaken);
        const slow = splitLines(block, (line) => ({
          ...read(line),
          isTaken: read(line).tag === own && isTaken(line),
        }));
        expect(quick.taken.map(textOf)).toEqual(slow.taken.map(textOf));
        if (quick.kept !== block) expect(quick.kept).toEqual(slow.kept);
        else expect(slow.taken).toEqual([]);
      }),
    );
  });
});
