import { z } from 'zod';
import { type Finding, missingKey, ofKey, ofName, ofValue, type Path, quoted } from './findings.ts';
import { policyFile } from './schema.ts';
import { didYouMean, listed } from './words.ts';

/** Everything in which a value departs from the grammar of the policy file. */
export function listShapeFaults(value: unknown): Finding[] {
  const result = policyFile.safeParse(value, { error: plainMessage });
  return result.success ? [] : result.error.issues.flatMap((issue) => findingsOf(issue, [], value));
}

type Issue = z.core.$ZodIssue;

function findingsOf(issue: Issue, base: Path, value: unknown): Finding[] {
  const path: Path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  const last = path.at(-1);
  if (typeof last === 'string' && isMissing(value, path)) return [missingKey(path.slice(0, -1), last)];
  // The message has one line per key.
  if (issue.code === 'unrecognized_keys')
    return issue.message.split('\n').map((line, i) => ofKey(path, issue.keys[i] ?? '', line));
  if (issue.code === 'invalid_key')
    return [ofName(path, `the name ${issue.issues[0]?.message ?? 'is not valid'}`)];
  const form = issue.code === 'invalid_union' ? findForm(issue.errors) : undefined;
  if (form !== undefined) return form.flatMap((inner) => findingsOf(inner, path, value));
  return [ofValue(path, issue.message)];
}

/** Of several forms of a value, the one that was meant: the right type, few problems, and those deep inside. */
function findForm(forms: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (form: readonly Issue[]): number =>
    form.reduce((most, { path }) => Math.max(most, path.length), 0);
  return forms
    .filter((form) => !form.some(isOtherType))
    .toSorted((a, b) => a.length - b.length || depth(b) - depth(a))
    .at(0);
}

function isOtherType(issue: Issue): boolean {
  return issue.path.length === 0 && ['invalid_type', 'invalid_value', 'invalid_union'].includes(issue.code);
}

function isMissing(value: unknown, path: Path): boolean {
  let inner = value;
  for (const part of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, part)) return true;
    inner = (inner as Record<string | number, unknown>)[part];
  }
  return false;
}

function plainMessage(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, issue.input);
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, issue.inst)).join('\n');
    case 'too_small':
      return issue.origin === 'array' ? 'must not be empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'invalid_union':
      return wrongVariant(issue);
    default:
      return 'is not valid';
  }
}

function wrongVariant({
  options,
  discriminator,
  input,
}: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string {
  const known = ((options ?? []) as readonly unknown[]).map(String);
  const word = (input as Readonly<Record<string, unknown>> | undefined)?.[String(discriminator)];
  return `must be ${listed(known)}${didYouMean(word, known)}`;
}

function wrongType(expected: string, input: unknown): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    array: 'a list',
    object: 'a map',
    record: 'a map',
    boolean: 'true or false',
    int: 'a whole number',
    number: 'a whole number',
  };
  const wanted = `must be ${names[expected] ?? expected}`;
  if (input === null) return `has no value; it ${wanted}`;
  const isBare = expected === 'string' && ['number', 'boolean'].includes(typeof input);
  return isBare ? `${wanted}; write it in quotes` : wanted;
}

function unknownKey(key: string, schema: unknown): string {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return `unknown key ${quoted(key)}${didYouMean(key, known)}`;
}
