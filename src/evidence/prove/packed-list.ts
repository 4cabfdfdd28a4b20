import { createCipheriv, createDecipheriv } from 'node:crypto';
import { ExitCode, UserError } from '../../base/errors.ts';
import { DIGEST_BYTES, type SearchKeys, shortDigest } from './keyed-hash.ts';
import { type FieldPrint, PARTS, type Pattern, PIECE, windowsOf } from './patterns.ts';
import { FORMS } from './written-forms.ts';

/** How much of what a request erased is looked for. */
export interface Coverage {
  /** Values that are searched as bytes. */
  readonly searched: number;
  /** Identifiers too short for that, which are looked for as whole fields alone. */
  readonly fieldsOnly: number;
  /** Values of eight bytes and more that are not looked for: past the longest that are kept, short numbers, lines of dashes. */
  readonly leftOut: number;
}

/** What a packed list holds. */
export interface Fingerprints {
  readonly coverage: Coverage;
  /** Made as they are gone through: there may be very many. */
  readonly patterns: Iterable<Pattern> & { readonly length: number };
  readonly fields: readonly FieldPrint[];
}

const VERSION = 1;
const NONCE = 12;
const TAG = 16;
const ABOUT = Buffer.from(`dsr fingerprints v${VERSION}`, 'utf8');

/**
 * Packs fingerprints in one piece: version, nonce, tag, then sealed (AES-256-GCM, the nonce an HMAC of the
 * content) four counts, the fields and the patterns. Equal input gives equal bytes.
 */
export function packFingerprints(keys: SearchKeys, { coverage, patterns, fields }: Fingerprints): Uint8Array {
  const { searched, leftOut } = coverage;
  const body = Buffer.concat([
    packNumbers([searched, leftOut, fields.length, patterns.length]),
    ...fields.map(packPrint),
    ...Array.from(patterns, packPattern),
  ]);
  const nonce = shortDigest(keys.nonce, body).subarray(0, NONCE);
  const cipher = createCipheriv('aes-256-gcm', keys.seal, nonce).setAAD(ABOUT);
  const sealed = [cipher.update(body), cipher.final()];
  return new Uint8Array(Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), ...sealed]));
}

/** Opens what `packFingerprints` packed under the same keys; another key or byte is a `UserError`. */
export function openFingerprints(keys: SearchKeys, packed: Uint8Array): Fingerprints {
  const body = openSeal(keys, packed);
  const reading = new Reading(body, 0);
  const [searched, leftOut, short, length] = [reading.u32(), reading.u32(), reading.u32(), reading.u32()];
  const fields = Array.from({ length: short }, () => readPrint(reading));
  return {
    coverage: { searched, fieldsOnly: short, leftOut },
    patterns: { length, [Symbol.iterator]: () => readPatterns(new Reading(body, reading.at), length) },
    fields,
  };
}

function* readPatterns(reading: Reading, length: number): Generator<Pattern> {
  for (let nth = 0; nth < length; nth += 1) yield readPattern(reading);
}

/** One of each of the patterns and fields of several lists; a value that stands in two counts twice. */
export function mergeFingerprints(lists: readonly Fingerprints[]): Fingerprints {
  const sum = (count: keyof Coverage) => lists.reduce((all, { coverage }) => all + coverage[count], 0);
  const fields = distinct(
    lists.flatMap((list) => list.fields),
    packPrint,
  );
  return {
    coverage: { searched: sum('searched'), fieldsOnly: fields.length, leftOut: sum('leftOut') },
    patterns: distinct([...renumbered(lists)], (pattern) =>
      packPattern({ ...pattern, value: pattern.value === undefined ? undefined : 0 }),
    ),
    fields,
  };
}

/** All patterns; the values of one list have numbers past those of the list before. */
function* renumbered(lists: readonly Fingerprints[]): Generator<Pattern> {
  let first = 0;
  for (const { coverage, patterns } of lists) {
    for (const pattern of patterns)
      yield { ...pattern, value: pattern.value === undefined ? undefined : first + pattern.value };
    first += coverage.searched;
  }
}

function distinct<T>(all: readonly T[], packed: (one: T) => Buffer): readonly T[] {
  const known = new Map<string, T>();
  for (const one of all) {
    const key = packed(one).toString('latin1');
    if (!known.has(key)) known.set(key, one);
  }
  return [...known.values()];
}

/** Stands for the number of a value in patterns of identifiers. */
const IDENTIFIER = 0xffffffff;
const FIXED_BYTES = 8;
const FILTER_BYTES = 3;

/** Value (4), part, form, extent (2), filters (3 each), print; of a head also the print of all of it. */
function packPattern({ value, part, form, extent, filters, tag, digest, all }: Pattern): Buffer {
  const fixed = Buffer.alloc(FIXED_BYTES + filters.length * FILTER_BYTES);
  fixed.writeUInt32LE(value ?? IDENTIFIER, 0);
  fixed.writeUInt8(PARTS.indexOf(part), 4);
  fixed.writeUInt8(FORMS.indexOf(form), 5);
  fixed.writeUInt16LE(extent, 6);
  for (const [i, filter] of filters.entries())
    fixed.writeUIntLE(filter, FIXED_BYTES + i * FILTER_BYTES, FILTER_BYTES);
  const prints = [{ tag, digest }, ...(all === undefined ? [] : [all])];
  return Buffer.concat([fixed, ...prints.map(packPrint)]);
}

function readPattern(body: Reading): Pattern {
  const value = body.u32();
  const part = PARTS[body.u8()];
  const form = FORMS[body.u8()];
  if (part === undefined || form === undefined)
    throw new Error('a sealed list of fingerprints is not its own');
  const extent = body.u16();
  const { count } = windowsOf(Math.min(extent, PIECE));
  const filters = Array.from({ length: count }, () => body.u24());
  return {
    value: value === IDENTIFIER ? undefined : value,
    part,
    form,
    extent,
    filters,
    ...readPrint(body),
    all: part === 'head' ? readPrint(body) : undefined,
  };
}

function packPrint({ tag, digest }: FieldPrint): Buffer {
  return Buffer.concat([packNumbers([tag]), digest]);
}

function readPrint(body: Reading): FieldPrint {
  return { tag: body.u32(), digest: body.bytes(DIGEST_BYTES) };
}

function packNumbers(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [i, number] of numbers.entries()) bytes.writeUInt32LE(number, i * 4);
  return bytes;
}

/** Reads numbers, low byte first, and bytes, one after the other. */
class Reading {
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#step(1));
  }

  u16(): number {
    return this.#bytes.readUInt16LE(this.#step(2));
  }

  u24(): number {
    return this.#bytes.readUIntLE(this.#step(3), 3);
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#step(4));
  }

  bytes(length: number): Uint8Array {
    const from = this.#step(length);
    return this.#bytes.subarray(from, from + length);
  }

  #step(length: number): number {
    const { at } = this;
    this.at += length;
    return at;
  }
}

function openSeal(keys: SearchKeys, packed: Uint8Array): Buffer {
  const start = 1 + NONCE + TAG;
  if (packed.length < start || packed[0] !== VERSION) throw damaged();
  const decipher = createDecipheriv('aes-256-gcm', keys.seal, packed.subarray(1, 1 + NONCE))
    .setAAD(ABOUT)
    .setAuthTag(packed.subarray(1 + NONCE, start));
  try {
    return Buffer.concat([decipher.update(packed.subarray(start)), decipher.final()]);
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause?: unknown): UserError {
  return new UserError(
    'fingerprints-damaged',
    'the fingerprints of an erasure are damaged, or of other secrets',
    {
      exit: ExitCode.damaged,
      hint: 'without them nobody can look again; compare with a backup of the ledger and its secrets',
      cause,
    },
  );
}
