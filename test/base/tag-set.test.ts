import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TagSet } from '../../src/base/tag-set.ts';

const tag = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 200 }));

it('a set of tags says of every tag what a plain set says', () => {
  fc.assert(
    fc.property(fc.array(tag, { maxLength: 200 }), fc.array(tag, { maxLength: 200 }), (tags, asked) => {
      const plain = new Set(tags);
      const set = new TagSet(tags);
      expect(set.size).toBe(plain.size);
      for (const one of [...tags, ...asked]) expect(set.has(one)).toBe(plain.has(one));
    }),
  );
});
