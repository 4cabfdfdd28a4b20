import { type SearchKeys, searchKeys } from './keyed-hash.ts';
import { mergeFingerprints, openFingerprints, packFingerprints } from './packed-list.ts';
import { fieldPrint, type Pattern, patternsOf } from './patterns.ts';
import { writtenForms } from './written-forms.ts';

/**
 * Fingerprints are what erased values are found by again, without being kept. Each value is taken in each
 * form in which it may have been written (`written-forms.ts`), each form as patterns (`patterns.ts`): a few
 * filters of 20 bits, a tag of 32 bits, an HMAC of 16 bytes, and its length. The list is sealed
 * (`packed-list.ts`): without the key it gives away nothing but its size. With the key nobody reads a value
 * out of it either, but can tell a guessed value, and with 20 bits of certainty a guessed window of one.
 *
 * Identifiers are always kept; those that stand in anybody's bytes, because they are short or plain, are
 * looked for as whole fields alone. Field values count from eight bytes on.
 */
export type FingerprintValue =
  | { readonly kind: 'identifier'; readonly name: string; readonly text: string }
  | { readonly kind: 'value'; readonly text: string };

const MIN_IDENTIFIER = 5;
const MIN_VALUE = 8;
const MIN_DIGITS = 9;
const MIN_DISTINCT = 3;
const MIN_BASE64 = 12;
/** Field values of one erasure that are kept at most, the longest first. */
export const MAX_VALUES = 2000;
/** Patterns of field values that are kept at most: all of a list are in memory while it is searched. */
export const MAX_PATTERNS = 20_000;

/** Packs what the values are found by again; its `Coverage` says how much of them that is. */
export function fingerprintValues(key: Uint8Array, values: readonly FingerprintValue[]): Uint8Array {
  const keys = searchKeys(key);
  const { names, respelled, fields, texts, large } = sortOut(values);
  const fitting = patternsThatFit(keys, texts);
  return packFingerprints(keys, {
    coverage: {
      searched: names.length + fitting.texts,
      fieldsOnly: fields.length,
      leftOut: large - fitting.texts,
    },
    patterns: [
      ...names.flatMap((text) => patternsOfText(keys, text, undefined)),
      // Of another case only base64 is another.
      ...respelled.flatMap((text) => patternsOfText(keys, text, undefined).filter(isBase64)),
      ...fitting.patterns,
    ],
    fields: fields.map(({ name, text }) => fieldPrint(keys, name, text)),
  });
}

/** Letters that are written in many ways take many patterns: what no longer fits is left out, and counted. */
function patternsThatFit(
  keys: SearchKeys,
  all: readonly string[],
): { readonly patterns: readonly Pattern[]; readonly texts: number } {
  const patterns: Pattern[] = [];
  let texts = 0;
  for (const text of all) {
    const own = patternsOfText(keys, text, texts);
    if (patterns.length + own.length > MAX_PATTERNS) break;
    patterns.push(...own);
    texts += 1;
  }
  return { patterns, texts };
}

/** One list of several under the same key: what was erased in steps is looked for at once. */
export function joinFingerprints(key: Uint8Array, lists: readonly Uint8Array[]): Uint8Array {
  const keys = searchKeys(key);
  return packFingerprints(keys, mergeFingerprints(lists.map((list) => openFingerprints(keys, list))));
}

interface Sorted {
  /** Identifiers that are searched as bytes, each text once. */
  readonly names: readonly string[];
  /** Field values that are one of them in another case. */
  readonly respelled: readonly string[];
  readonly fields: readonly Extract<FingerprintValue, { kind: 'identifier' }>[];
  /** All other field values that are to be searched, the longest first. */
  readonly texts: readonly string[];
  /** How many field values are long enough for a search. */
  readonly large: number;
}

function sortOut(values: readonly FingerprintValue[]): Sorted {
  const identifiers = values.filter((value) => value.kind === 'identifier');
  const names = new Set(
    identifiers.map(({ text }) => text).filter((text) => isTelling(text, MIN_IDENTIFIER)),
  );
  const short = identifiers.filter(({ text }) => !names.has(text));
  const lower = new Set([...names].map((text) => text.toLowerCase()));
  const others = new Set(values.filter(({ kind }) => kind === 'value').map(({ text }) => text));
  const [respelled, rest] = partition([...others], (text) => lower.has(text.toLowerCase()));
  const large = rest.filter((text) => Buffer.byteLength(text) >= MIN_VALUE);
  const telling = large.filter((text) => isTelling(text, MIN_VALUE)).sort((a, b) => b.length - a.length);
  return {
    names: [...names],
    respelled: respelled.filter((text) => !names.has(text)),
    fields: [...new Map(short.map((one) => [JSON.stringify(one), one])).values()],
    texts: telling.slice(0, MAX_VALUES),
    large: large.length,
  };
}

function partition<T>(all: readonly T[], is: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(is), all.filter((one) => !is(one))];
}

/** A short text, a short number or a line of dashes stands in anybody's bytes. */
function isTelling(text: string, atLeast: number): boolean {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length < atLeast || new Set(bytes).size < MIN_DISTINCT) return false;
  return bytes.length >= MIN_DIGITS || !/^\d+$/.test(text);
}

function patternsOfText(keys: SearchKeys, text: string, value: number | undefined): readonly Pattern[] {
  const base64 = value === undefined && Buffer.byteLength(text) >= MIN_BASE64;
  return writtenForms(text, { base64 }).flatMap((written) => patternsOf(keys, written, value));
}

function isBase64({ form }: Pattern): boolean {
  return form === 'base64';
}
