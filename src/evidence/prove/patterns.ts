import {
  filterOfEight,
  filterOfFour,
  foldCase,
  mixWord,
  type SearchKeys,
  shortDigest,
  tagOf,
  wordAt,
} from './keyed-hash.ts';
import { type Form, hasFoldedCase, type WrittenForm } from './written-forms.ts';

/** Bytes of a piece: what is looked at before anything else of a long pattern. */
export const PIECE = 48;
/** Most bytes that one digest covers, and so what a search has to see on either side of a window. */
export const EXTENT = 1024;
/** Bytes of the shortest pattern. */
export const MIN_PATTERN = 5;

/** What of a pattern a piece is. */
export const PARTS = ['whole', 'head', 'tail'] as const;

/**
 * A pattern of bytes as it is kept. One of up to `PIECE` bytes is `whole`. A longer one has a `head`, its
 * first piece with the digest of all of it, and a `tail`, its last piece, which counts only where a border
 * of the stream cut off what is before it.
 */
export interface Pattern {
  /** Which field value of its list it is of; undefined for an identifier, which names its person anywhere. */
  readonly value: number | undefined;
  readonly part: (typeof PARTS)[number];
  readonly form: Form;
  /** Bytes of all of it. */
  readonly extent: number;
  /** Of the windows of the piece, in their order. */
  readonly filters: readonly number[];
  /** Of the piece. */
  readonly tag: number;
  readonly digest: Uint8Array;
  /** Of all that a head begins. */
  readonly all: { readonly tag: number; readonly digest: Uint8Array } | undefined;
}

/** The windows of a piece by which a search finds it: of which size, how many, and where the first begins. */
export interface Windows {
  readonly size: 4 | 8;
  readonly count: 2 | 4;
  readonly at: number;
}

/**
 * The windows in the middle of a piece. A search looks at every fourth place, or every second for a piece
 * under eleven bytes; that many windows side by side are met wherever the piece stands.
 */
export function windowsOf(piece: number): Windows {
  const [size, count] = piece < 11 ? ([4, 2] as const) : ([8, 4] as const);
  return { size, count, at: (piece - size - count + 1) >>> 1 };
}

/** From one extent of a long value to the next: each page that is filled with such a value holds a whole one. */
const STEP = 2 * EXTENT;
/** Extents of one form of a value that are taken at most, beside its last. */
const MAX_EXTENTS = 512;

/**
 * The patterns of a form of a value; of one of more than `EXTENT` bytes its first and its last, and in the forms
 * in which a ledger keeps it an extent on each of its pages.
 */
export function patternsOf(
  keys: SearchKeys,
  { form, bytes }: WrittenForm,
  value: number | undefined,
): readonly Pattern[] {
  if (bytes.length < MIN_PATTERN) return [];
  return extentsOf({ form, bytes }).flatMap((extent) =>
    patternsOfExtent(keys, { form, bytes: extent }, value),
  );
}

function extentsOf({ form, bytes }: WrittenForm): readonly Uint8Array[] {
  const last = bytes.length - EXTENT;
  if (last <= 0) return [bytes];
  const isStored = form === 'utf-8' || form === 'json';
  const count = isStored ? Math.min(Math.ceil(last / STEP), MAX_EXTENTS) : 1;
  const places = [...Array.from({ length: count }, (_, nth) => nth * STEP), last];
  return places.map((at) => bytes.subarray(at, at + EXTENT));
}

function patternsOfExtent(
  keys: SearchKeys,
  { form, bytes }: WrittenForm,
  value: number | undefined,
): readonly Pattern[] {
  const extent = bytes.length;
  const piece = (part: Pattern['part'], at: Uint8Array) => ({
    value,
    part,
    form,
    extent,
    ...pieceOf(keys, form, at),
  });
  if (extent <= PIECE) return [{ ...piece('whole', bytes), all: undefined }];
  return [
    { ...piece('head', bytes.subarray(0, PIECE)), all: printOf(keys, form, bytes) },
    { ...piece('tail', bytes.subarray(extent - PIECE)), all: undefined },
  ];
}

function pieceOf(
  keys: SearchKeys,
  form: Form,
  piece: Uint8Array,
): Pick<Pattern, 'filters' | 'tag' | 'digest'> {
  return { filters: filtersOf(keys, foldCase(piece)), ...printOf(keys, form, piece) };
}

function printOf(keys: SearchKeys, form: Form, bytes: Uint8Array): { tag: number; digest: Uint8Array } {
  return { tag: tagOf(bytes, 0, bytes.length, keys.words), digest: patternDigest(keys, form, bytes) };
}

/** The digest of a pattern's bytes, in folded case where its form has that. */
export function patternDigest(keys: SearchKeys, form: Form, bytes: Uint8Array): Uint8Array {
  return shortDigest(keys.bytes, hasFoldedCase(form) ? foldCase(bytes) : bytes);
}

function filtersOf({ words }: SearchKeys, folded: Uint8Array): readonly number[] {
  const { size, count, at } = windowsOf(folded.length);
  const mixedAt = (place: number) => mixWord(wordAt(folded, place), words);
  return Array.from({ length: count }, (_, i) =>
    size === 4
      ? filterOfFour(mixedAt(at + i), words)
      : filterOfEight(mixedAt(at + i), mixedAt(at + i + 4), words),
  );
}

/** By what an identifier is known that is looked for as a whole field alone. */
export interface FieldPrint {
  readonly tag: number;
  readonly digest: Uint8Array;
}

/** The print of a field: of the kind of its identifier and its text, in folded case. */
export function fieldPrint(keys: SearchKeys, name: string, text: string): FieldPrint {
  const bytes = foldCase(Buffer.from(`${name}\0${text}`, 'utf8'));
  return { tag: tagOf(bytes, 0, bytes.length, keys.words), digest: shortDigest(keys.field, bytes) };
}
