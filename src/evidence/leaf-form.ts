type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const matches =
  (form: RegExp): Check =>
  (value) =>
    typeof value === 'string' && form.test(value);
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 1;

/** The members of a leaf; one that is not listed makes the entry invalid. */
const MEMBERS: ReadonlyMap<string, { readonly optional?: true; readonly holds: Check }> = new Map([
  ['v', { holds: (value) => value === 1 }],
  ['seq', { holds: isCount }],
  ['at', { holds: matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) }],
  ['act', { holds: matches(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/) }],
  ['actor', { holds: isText }],
  ['login', { holds: isText }],
  ['sudo', { optional: true, holds: isText }],
  ['reason', { optional: true, holds: isText }],
  ['request', { optional: true, holds: isCount }],
  ['subject', { optional: true, holds: matches(/^[0-9a-f]{64}$/) }],
  ['facts', { holds: isMap }],
]);

/** What an entry's members break of the closed schema of leaves; names of known members only. */
export function listSchemaFaults(leaf: unknown): readonly string[] {
  if (!isMap(leaf)) return ['the entry is no JSON object'];
  const faults: string[] = [];
  for (const name in leaf)
    if (!MEMBERS.has(name)) faults.push('the entry has a member that the schema does not know');
  for (const [name, { optional, holds }] of MEMBERS) {
    const value = Object.hasOwn(leaf, name) ? leaf[name] : undefined;
    if (value === undefined && optional !== true) faults.push(`"${name}" is missing`);
    if (value !== undefined && !holds(value)) faults.push(`"${name}" does not hold what it should`);
  }
  return faults;
}

// Deeper than any leaf, and far from the end of the stack.
const DEEPEST = 32;

/**
 * RFC 8785 text of a parsed entry, or undefined where it holds what leaves may not: fractions, numbers
 * past 2^53, lone surrogates. Written from the RFC for the verifier alone; the writer has its own.
 */
export function canonicalText(value: Json, room = DEEPEST): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? quoted(value) : undefined;
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? value.toString(10) : undefined;
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return value === null ? 'null' : compound(value, room - 1);
  }
}

function compound(
  value: readonly Json[] | { readonly [key: string]: Json },
  room: number,
): string | undefined {
  if (room === 0) return undefined;
  if (isList(value))
    return enclosed(
      '[',
      value.map((item) => canonicalText(item, room)),
      ']',
    );
  // Without an argument `sort` compares UTF-16 code units, as RFC 8785 §3.2.3 asks.
  const members = Object.keys(value)
    .sort()
    .map((name) => member(canonicalText(name), canonicalText(value[name] ?? null, room)));
  return enclosed('{', members, '}');
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

function member(name: string | undefined, item: string | undefined): string | undefined {
  return name === undefined || item === undefined ? undefined : `${name}:${item}`;
}

function enclosed(open: string, parts: readonly (string | undefined)[], close: string): string | undefined {
  return parts.includes(undefined) ? undefined : open + parts.join(',') + close;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

const ESCAPED = /["\\\u0000-\u001f]/;

// RFC 8785 §3.2.2.2: the seven short escapes, \u00xx for the other controls, all else verbatim.
function quoted(text: string): string {
  return ESCAPED.test(text) ? `"${Array.from(text, escaped).join('')}"` : `"${text}"`;
}

function escaped(char: string): string {
  if (!ESCAPED.test(char)) return char;
  return SHORT_ESCAPES[char] ?? `\\u00${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
