import type { Json } from '../base/json.ts';
import type { Encoding } from '../policy/types.ts';
import { JsonScan } from './json-scan.ts';
import { createDecoder, findTextFault } from './text.ts';

/** Deeper values are refused. */
export const MAX_DEPTH = 64;

/** A JSON text that was read, or why it was not. Reasons hold nothing of the text. */
export type JsonText =
  | {
      readonly kind: 'value';
      readonly value: Json /** Why it can be no row, though it is JSON. */;
      readonly rowFault: string | undefined;
    }
  | { readonly kind: 'bad'; readonly reason: string };

/**
 * Reads one JSON value, strictly as RFC 8259 has it. A number that JavaScript cannot hold exactly,
 * and every integer beyond 2^53, is given as its text, so that no id becomes another.
 */
export function parseJsonText(source: string | Buffer, encoding: Encoding = 'utf-8'): JsonText {
  const text = typeof source === 'string' ? source : decodeWhole(source, encoding);
  const scan = new JsonScan();
  scan.start(/\S/.exec(text)?.index ?? 0);
  scan.run(text);
  return parseScanned(text, scan, encoding);
}

function decodeWhole(bytes: Buffer, encoding: Encoding): string {
  const decoder = createDecoder(encoding);
  return decoder.decode(bytes) + decoder.end();
}

/** As `parseJsonText`, of a text that was scanned. */
export function parseScanned(text: string, scan: JsonScan, encoding: Encoding): JsonText {
  if (scan.deepest > MAX_DEPTH) return bad(`nested deeper than ${MAX_DEPTH} levels`);
  const fault = findTextFault(text, encoding);
  if (fault !== undefined) return bad(fault);
  const parsed = scan.hasLongNumber ? parseExactly(text) : parse(text);
  if (parsed.kind === 'bad') return parsed;
  const { value } = parsed;
  // Only an escape can put into a string what the text itself does not show.
  const isPlain = !/\\u|__proto__/.test(text);
  if (!isPlain && !everyString(value, (string) => string.isWellFormed()))
    return bad('half a character (a lone surrogate)');
  return {
    kind: 'value',
    value,
    rowFault: findDuplicate(value, scan) ?? (isPlain ? undefined : findRowFault(value)),
  };
}

type Parsed =
  | { readonly kind: 'parsed'; readonly value: Json }
  | { readonly kind: 'bad'; readonly reason: string };

function bad(reason: string): { readonly kind: 'bad'; readonly reason: string } {
  return { kind: 'bad', reason };
}

function parse(text: string, reviver?: Reviver): Parsed {
  try {
    return { kind: 'parsed', value: JSON.parse(text, reviver) as Json };
  } catch {
    // The engine's message quotes the text.
    return bad('not valid JSON');
  }
}

type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

function parseExactly(text: string): Parsed {
  let isOutOfRange = false;
  const parsed = parse(text, (_key, value, context) => {
    if (typeof value !== 'number') return value;
    isOutOfRange ||= !Number.isFinite(value);
    return exactNumber(value, context?.source ?? String(value));
  });
  return isOutOfRange && parsed.kind === 'parsed' ? bad('number out of range') : parsed;
}

function exactNumber(value: number, source: string): number | string {
  const isInteger = /^-?\d+$/.test(source);
  if (isInteger) return Number.isSafeInteger(value) ? value : source;
  return significant(source) === significant(String(value)) ? value : source;
}

/** The digits and the power of ten of a number, the same for all ways of writing it: `1.50` and `15e-1`. */
function significant(number: string): string {
  const [mantissa = '', power = '0'] = number.toLowerCase().replace(/^-/, '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const trimmed = withoutTrailingZeros(digits);
  return trimmed === ''
    ? '0'
    : `${trimmed}e${Number(power) - fraction.length + digits.length - trimmed.length}`;
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

function findDuplicate(value: Json, scan: JsonScan): string | undefined {
  const members = scan.deepest <= 1 ? flatMembers(value) : countMembers(value);
  return members === scan.members ? undefined : 'duplicate member';
}

function flatMembers(value: Json): number {
  return isObject(value) ? Object.keys(value).length : 0;
}

function countMembers(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  const children: readonly Json[] = Object.values(value);
  return children.reduce<number>(
    (sum, child) => sum + countMembers(child),
    isObject(value) ? children.length : 0,
  );
}

function findRowFault(value: Json): string | undefined {
  if (!everyString(value, (text) => !text.includes('\0'))) return 'NUL character';
  return everyString(value, (text, isName) => !isName || text !== '__proto__')
    ? undefined
    : 'a member named __proto__';
}

/** Whether all strings and member names in a value pass a test. */
function everyString(value: Json, test: (text: string, isName: boolean) => boolean): boolean {
  if (typeof value === 'string') return test(value, false);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, child]) => test(name, true) && everyString(child, test));
}

/** Whether a JSON value is an object, not an array. */
export function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
