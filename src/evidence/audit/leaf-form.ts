import type { Json } from '../../base/json.ts';
import { isCanonicalText } from './canonical-text.ts';

type Check = (value: unknown) => boolean;

interface Member {
  readonly name: string;
  readonly optional?: true;
  readonly holds: Check;
  /** How the value stands in most entries, as a regular expression: its canonical text without any escape. */
  readonly plain: string;
}

const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 1;
const words = { holds: isText, plain: '"[^"\\\\\\u0000-\\u001f]*"' };
const count = { holds: isCount, plain: '[1-9]\\d{0,14}' };
const form = (source: string) => {
  const whole = new RegExp(`^${source}$`);
  return { holds: (value: unknown) => isText(value) && whole.test(String(value)), plain: `"${source}"` };
};

/** The members of a leaf in canonical order; one that is not listed makes the entry invalid. */
const MEMBERS: readonly Member[] = [
  { name: 'act', ...form('[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*') },
  { name: 'actor', ...words },
  { name: 'at', ...form('\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ') },
  { name: 'facts', holds: isMap, plain: '(\\{.*\\})' },
  { name: 'login', ...words },
  { name: 'reason', optional: true, ...words },
  { name: 'request', optional: true, ...count },
  { name: 'seq', ...count, plain: `(${count.plain})` },
  { name: 'subject', optional: true, ...form('[0-9a-f]{64}') },
  { name: 'sudo', optional: true, ...words },
  { name: 'v', holds: (value) => value === 1, plain: '1' },
];

const NAMES = new Set(MEMBERS.map(({ name }) => name));

const PLAIN = new RegExp(`^\\{${MEMBERS.map(plainMember).join('')}\\}$`);

function plainMember({ name, optional, plain }: Member, index: number): string {
  const text = `${index === 0 ? '' : ','}"${name}":${plain}`;
  return optional === true ? `(?:${text})?` : text;
}

/**
 * Whether an entry is of the plain kind that nearly all are, and as it should be: of that number,
 * canonical, true to the schema. Says nothing of those it refuses; `listLeafFaults` does.
 */
export function isPlainLeaf(text: string, seq: number): boolean {
  const [, facts, number] = PLAIN.exec(text) ?? [];
  return facts !== undefined && number === String(seq) && text.isWellFormed() && isCanonicalText(facts);
}

/** Something that an entry may not be: a stable kebab-case word, and the same for people. */
export interface LeafFault {
  readonly code: string;
  readonly message: string;
}

/** All that an entry's text breaks of form, schema and number. */
export function listLeafFaults(text: string, seq: number): readonly LeafFault[] {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return [NOT_JSON];
  }
  const isOwnNumber = isMap(value) && Object.hasOwn(value, 'seq') && value.seq === seq;
  return [
    ...(isCanonicalText(text) ? [] : [NOT_CANONICAL]),
    ...listSchemaFaults(value).map((message) => ({ code: 'schema', message })),
    ...(isOwnNumber ? [] : [WRONG_NUMBER]),
  ];
}

/** Of an entry that is no text at all. */
export const NOT_JSON: LeafFault = { code: 'not-json', message: 'the entry is not JSON in UTF-8' };

const NOT_CANONICAL: LeafFault = {
  code: 'not-canonical',
  message: 'the entry is not in the form of RFC 8785',
};

const WRONG_NUMBER: LeafFault = {
  code: 'wrong-number',
  message: 'the entry names another number than its own',
};

/** What an entry's members break of the closed schema of leaves; names of known members only. */
function listSchemaFaults(leaf: Json): readonly string[] {
  if (!isMap(leaf)) return ['the entry is no JSON object'];
  const faults = Object.keys(leaf)
    .filter((name) => !NAMES.has(name))
    .map(() => 'the entry has a member that the schema does not know');
  for (const { name, optional, holds } of MEMBERS) {
    const value = Object.hasOwn(leaf, name) ? leaf[name] : undefined;
    if (value === undefined && optional !== true) faults.push(`"${name}" is missing`);
    if (value !== undefined && !holds(value)) faults.push(`"${name}" does not hold what it should`);
  }
  return faults;
}

function isMap(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
