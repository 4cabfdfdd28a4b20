import { z } from 'zod';
import { findDateFormatFault } from './date-pattern.ts';
import { quoted } from './findings.ts';
import { findTakenAtFault } from './match.ts';
import { didYouMean, listed } from './words.ts';

/** A map that refuses unknown keys. */
export const strict = z.strictObject;

const NAME_RULE = 'must be lower-case letters, digits and _, starting with a letter';

/** Names of sources, categories, roles and kinds: they become file names and SQL values. */
export const name = z.string().regex(/^[a-z][a-z0-9_]*$/, NAME_RULE);

/** A role of `on_delete`; `count_by` has a meaning of its own there. */
export const role = z.string().regex(/^(?!count_by$)[a-z][a-z0-9_]*$/, NAME_RULE);

/** Names that people see: recipients and purposes. */
export const label = z
  .string()
  .regex(/^[a-z][a-z0-9_-]*$/, 'must be lower-case letters, digits, _ and -, starting with a letter');

/** Codes that go to the audit log: grounds. */
export const code = z.string().regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and -');

export const text = z.string().regex(/\S/, 'must not be empty');

/** A column of a file, verbatim. */
export const column = z
  .string()
  .regex(
    /^(?!__proto__$)[^\u0000-\u001f\u007f]+$/,
    'must be a column name; __proto__ and control characters cannot be read',
  );

/** A calendar period; no times, never zero, small enough for every calendar. */
export const period = z
  .string()
  .regex(
    /^P(?=.*[1-9])(?=\d)(?:\d{1,3}Y)?(?:\d{1,4}M)?(?:\d{1,4}W)?(?:\d{1,5}D)?$/,
    'must be a period such as P90D, P6M or P7Y',
  );

export const date = z.iso.date('must be a date such as 2026-11-22');

export const size = z
  .string('must be a size such as 2GB')
  .regex(/^\d{1,6}(?:KB|MB|GB|TB)$/, 'must be a size such as 2GB');

export const character = z.string().regex(/^[^\r\n\0\ud800-\udfff]$/, 'must be one character');

/** One character, or none where no cell is quoted. */
export const quoteCharacter = z
  .string()
  .regex(/^[^\r\n\0\ud800-\udfff]?$/, 'must be one character, or empty');

export const zone = z.string().refine(isZone, 'must be an IANA time zone such as Europe/Berlin');

export const country = z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters such as US');

export const glob = z
  .string()
  .regex(/^[^/\\\u0000-\u001f]+$/, 'must be a file name, with * and ? but without a folder');

export const dateFormat = z.string().check(fault(findDateFormatFault));

export const takenAt = z.string().check(fault(findTakenAtFault));

/** A word of a closed list; the message names the list and the nearest word. */
export function word<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: ({ input }) => `must be ${listed(words)}${didYouMean(input, words)}` });
}

/** The message of a value with several forms, one of which is text; a bare number needs quotes. */
export function forms(message: string): FormsError {
  const isBare = (input: unknown): boolean => ['number', 'boolean'].includes(typeof input);
  return { error: ({ input }) => (isBare(input) ? 'must be text; write it in quotes' : message) };
}

/** The message of a value with several forms, one of which is a word of a list. */
export function wordForms(message: string, words: readonly string[]): FormsError {
  return { error: ({ input }) => `${message}${didYouMean(input, words)}` };
}

interface FormsError {
  readonly error: (issue: { readonly input?: unknown }) => string;
}

/** A list in which nothing stands twice. */
export function list<Item extends z.ZodType<string>>(item: Item) {
  return z.array(item).check(refuseRepeats).meta({ uniqueItems: true });
}

/** A list of at least one, in which nothing stands twice. */
export function filledList<Item extends z.ZodType<string>>(item: Item) {
  return z.array(item).min(1).check(refuseRepeats).meta({ uniqueItems: true });
}

/** A map of names that must hold at least one. */
export function filledRecord<Key extends z.ZodType<string>, Value extends z.ZodType>(
  key: Key,
  value: Value,
  lacking: string,
) {
  return z
    .record(key as Key & z.core.$ZodRecordKey, value)
    .refine((record) => Object.keys(record).length > 0, lacking)
    .meta({ minProperties: 1 });
}

function refuseRepeats({ value, issues }: z.core.ParsePayload<readonly string[]>): void {
  const seen = new Set<string>();
  value.forEach((item, i) => {
    if (seen.has(item))
      issues.push({ code: 'custom', input: item, path: [i], message: `${quoted(item)} stands here twice` });
    seen.add(item);
  });
}

function fault(find: (value: string) => string | undefined) {
  return ({ value, issues }: z.core.ParsePayload<string>): void => {
    const message = find(value);
    if (message !== undefined) issues.push({ code: 'custom', input: value, message });
  };
}

function isZone(value: string): boolean {
  try {
    return /^[A-Za-z]/.test(value) && new Intl.DateTimeFormat('en', { timeZone: value }) !== undefined;
  } catch {
    return false;
  }
}
