import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseVkey } from '../../../src/evidence/audit/note.ts';
import { parseTlogProof, renderTlogProof, verifyTlogProof } from '../../../src/evidence/audit/tlog-proof.ts';
import {
  LeafTree,
  leafHash,
  verifyConsistency,
  verifyInclusion,
} from '../../../src/evidence/audit/tree-proof.ts';
import { INTEROP } from './interop.ts';

const { entries, roots, checkpoint } = INTEROP;
const leaves = entries.map(leafHash);
const tree = new LeafTree(Buffer.concat(leaves));
const rootOf = (size: number) => Buffer.from(roots[size - 1] ?? '', 'hex');

describe('the seven leaves of Go', () => {
  test('have its roots', () => {
    expect(roots.map((_, index) => tree.root(index + 1).toString('hex'))).toEqual(roots);
    expect(tree.root(0)).toEqual(createHash('sha256').digest());
  });

  test.each(INTEROP.inclusion)('have its inclusion proof of leaf $index', ({ index, proof }) => {
    expect(tree.inclusion(index, 7)).toEqual(proof);
    const leaf = leafHash(entries[index] ?? Buffer.of());
    expect(verifyInclusion({ index, size: 7, leaf, root: rootOf(7), proof })).toBe(true);
  });

  test.each(INTEROP.consistency)('have its consistency proof from $from', ({ from, proof }) => {
    expect(tree.consistency(from, 7)).toEqual(proof);
    expect(verifyConsistency({ from, to: 7, fromRoot: rootOf(from), toRoot: rootOf(7), proof })).toBe(true);
  });

  test.each([
    ['a leaf that is not there', () => tree.inclusion(7, 7)],
    ['a leaf before the first', () => tree.inclusion(-1, 7)],
    ['a tree that is larger than the log', () => tree.inclusion(0, 8)],
    ['a beginning that is longer', () => tree.consistency(7, 6)],
    ['the beginning of nothing', () => tree.consistency(0, 7)],
    ['leaves of another length', () => new LeafTree(Buffer.alloc(33))],
  ])('no proof of %s is made', (_name, make) => {
    expect(make).toThrow(RangeError);
  });
});

describe('any tree', () => {
  const anyTree = fc.integer({ min: 1, max: 300 }).map((size) => {
    const all = Array.from({ length: size }, (_, index) => leafHash(Buffer.from(String(index))));
    return { size, all, tree: new LeafTree(Buffer.concat(all)) };
  });
  const anyPlace = fc.tuple(anyTree, fc.nat(), fc.nat());

  test('has the roots that the definition gives', () => {
    fc.assert(
      fc.property(anyPlace, ([{ size, all, tree: any }, at]) => {
        const cut = at % (size + 1);
        expect(any.root(cut)).toEqual(defined(all.slice(0, cut)));
      }),
    );
  });

  test('proves each leaf in each of its sizes, and that leaf alone', () => {
    fc.assert(
      fc.property(anyPlace, ([{ size, all, tree: any }, at, where]) => {
        const cut = 1 + (at % size);
        const index = where % cut;
        const proof = any.inclusion(index, cut);
        const said = { index, size: cut, leaf: all[index] ?? Buffer.of(), root: any.root(cut), proof };
        expect(verifyInclusion(said)).toBe(true);
        for (const wrong of [
          { index: index + 1 },
          { index: index - 1 },
          { index: index + 0.5 },
          { size: 0 },
          { leaf: leafHash(Buffer.from('other')) },
          { leaf: Buffer.of() },
          { root: Buffer.alloc(32) },
          { proof: proof.slice(1) },
          { proof: [...proof, Buffer.alloc(32)] },
          { proof: [Buffer.alloc(31), ...proof] },
        ])
          if (!('proof' in wrong) || wrong.proof.length !== proof.length)
            expect(verifyInclusion({ ...said, ...wrong })).toBe(false);
        for (const [step, sibling] of proof.entries())
          expect(verifyInclusion({ ...said, proof: proof.with(step, flipped(sibling, at)) })).toBe(false);
      }),
    );
  });

  test('goes on from each of its beginnings, and from no other', () => {
    fc.assert(
      fc.property(anyPlace, ([{ size, tree: any }, at, where]) => {
        const to = 1 + (at % size);
        const from = 1 + (where % to);
        const proof = any.consistency(from, to);
        const said = { from, to, fromRoot: any.root(from), toRoot: any.root(to), proof };
        expect(verifyConsistency(said)).toBe(true);
        expect(verifyConsistency({ ...said, from: 0 })).toBe(false);
        expect(verifyConsistency({ ...said, fromRoot: flipped(said.fromRoot, at) })).toBe(false);
        expect(verifyConsistency({ ...said, toRoot: flipped(said.toRoot, at) })).toBe(false);
        expect(verifyConsistency({ ...said, proof: [...proof, Buffer.alloc(32)] })).toBe(false);
        if (from < to) expect(verifyConsistency({ ...said, from: to, to: from })).toBe(false);
        for (const [step, sibling] of proof.entries())
          expect(verifyConsistency({ ...said, proof: proof.with(step, flipped(sibling, at)) })).toBe(false);
      }),
    );
  });
});

describe('proofs of entries', () => {
  const key = parseVkey(INTEROP.vkey);
  const hashes = INTEROP.inclusion[0]?.proof ?? [];
  const text = renderTlogProof({ index: 5, hashes, checkpoint });

  test('are read as they are written, and verify', () => {
    expect(parseTlogProof(text)).toEqual({ index: 5, hashes, checkpoint });
    expect(verifyTlogProof(text, entries[5] ?? Buffer.of(), key)).toEqual({
      index: 5,
      size: 7,
      root: roots[6],
    });
  });

  test('verify with something beside them that nobody signed', () => {
    const extra = text.replace('\nindex', '\nextra aGVsbG8=\nindex');
    expect(verifyTlogProof(extra, entries[5] ?? Buffer.of(), key)).toMatchObject({ index: 5 });
  });

  test('each bit that is changed is found', () => {
    const bytes = Buffer.from(text);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = flipped(bytes, bit).toString('utf8');
      expect(() => verifyTlogProof(changed, entries[5] ?? Buffer.of(), key), changed).toThrow();
    }
  });

  test('of another entry are refused', () => {
    expect(() => verifyTlogProof(text, entries[4] ?? Buffer.of(), key)).toThrow(
      'the proof does not show that the entry is in the log',
    );
  });

  test.each([
    ['nothing', ''],
    ['a checkpoint', checkpoint],
    ['another version', text.replace('@v1', '@v2')],
    ['an index with a leading zero', text.replace('index 5', 'index 05')],
    ['a hash cut short', text.replace(/\n(.{43})=\n/, '\n$1\n')],
    ['hashes past all height', text.replace('index 5\n', `index 5\n${`${'A'.repeat(43)}=\n`.repeat(64)}`)],
  ])('%s is none', (_name, wrong) => {
    expect(() => parseTlogProof(wrong)).toThrow('this is no proof of an entry in a log');
  });
});

const VECTORS = resolve(import.meta.dirname, '../../../../shared/data/oracle-merkle/rfc6962-vectors');

interface Vector {
  readonly wantErr: boolean;
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
}

describe.skipIf(!existsSync(VECTORS))('vectors of transparency-dev/merkle (needs ../shared)', () => {
  test('inclusion', () => {
    const wrong = vectors('inclusion').filter(({ vector }) => {
      const { leafIdx, treeSize, wantErr } = vector;
      const [leaf, root] = [bytesOf(vector.leafHash), bytesOf(vector.root)];
      const proof = (vector.proof ?? []).map(bytesOf);
      return verifyInclusion({ index: leafIdx, size: treeSize, leaf, root, proof }) === wantErr;
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('consistency', () => {
    const wrong = vectors('consistency').filter(({ vector }) => {
      const { size1, size2, wantErr } = vector;
      const [fromRoot, toRoot] = [bytesOf(vector.root1), bytesOf(vector.root2)];
      const proof = (vector.proof ?? []).map(bytesOf);
      return verifyConsistency({ from: size1, to: size2, fromRoot, toRoot, proof }) === wantErr;
    });
    // Its two roots are words of twelve bytes: no hashes.
    expect(wrong.map(({ name }) => name)).toEqual(['additional/sizes-are-equal-one-and-proof-is-empty.json']);
  });

  function vectors(kind: string): readonly { readonly name: string; readonly vector: Vector }[] {
    const names = readdirSync(join(VECTORS, kind), { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => name.endsWith('.json'));
    expect(files).toHaveLength(98);
    return files.map((name) => ({
      name,
      vector: JSON.parse(readFileSync(join(VECTORS, kind, name), 'utf8')) as Vector,
    }));
  }
});

const TESSERA = resolve(VECTORS, '../tessera-log/log');

describe.skipIf(!existsSync(TESSERA))('the entries of a log of Tessera (needs ../shared)', () => {
  const words = 'one two three four five six seven eit nain ten ileven twelf threeten fourten fivten'.split(
    ' ',
  );
  const grown = new LeafTree(Buffer.concat(words.map((word) => leafHash(Buffer.from(word)))));

  test.each(words.map((_, index) => index + 1))('have the root of its checkpoint %i', (size) => {
    const [, , root] = readFileSync(join(TESSERA, `checkpoint.${size}`), 'utf8').split('\n');
    expect(grown.root(size).toString('base64')).toBe(root);
  });
});

/** RFC 9162 §2.1.1, word for word. */
function defined(list: readonly Uint8Array[]): Buffer {
  const [first] = list;
  if (first === undefined) return createHash('sha256').digest();
  if (list.length === 1) return Buffer.from(first);
  let split = 1;
  while (split * 2 < list.length) split *= 2;
  const halves = [defined(list.slice(0, split)), defined(list.slice(split))];
  return createHash('sha256')
    .update(Buffer.concat([Buffer.of(1), ...halves]))
    .digest();
}

function flipped(bytes: Uint8Array, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  const at = Math.floor(bit / 8) % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit % 8));
  return copy;
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
