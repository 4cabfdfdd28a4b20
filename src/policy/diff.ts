import type { Json } from '../base/json.ts';
import { policyFileForm } from './file-form.ts';
import { findSource, kindOf } from './find.ts';
import { type Path, renderPath } from './findings.ts';
import type { IdentifierColumn, Policy, Source } from './types.ts';

/** One difference between two policies, in the words of the policy file. */
export interface PolicyChange {
  /** `categories.payments.keep[0].for`. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly old?: Json;
  readonly new?: Json;
}

/**
 * What a policy became, in the order of the file; entries of lists are told one by one. Comments,
 * short forms and defaults make no difference.
 */
export function diffPolicies(a: Policy, b: Policy): PolicyChange[] {
  return diff([], policyFileForm(a), policyFileForm(b));
}

function diff(path: Path, old: Json | undefined, next: Json | undefined): PolicyChange[] {
  if (isWordList(old ?? next) && isWordList(next ?? old)) return diffWords(path, asWords(old), asWords(next));
  if (old === undefined || next === undefined) return [change(path, old, next)];
  if (Array.isArray(old) && Array.isArray(next)) {
    return range(Math.max(old.length, next.length)).flatMap((i) => diff([...path, i], old[i], next[i]));
  }
  if (isMap(old) && isMap(next)) return diffMaps(path, old, next);
  return old === next ? [] : [change(path, old, next)];
}

function diffMaps(path: Path, old: JsonMap, next: JsonMap): PolicyChange[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])];
  const members = keys.flatMap((key) => diff([...path, key], member(old, key), member(next, key)));
  return isOrdered(path) ? [...members, ...diffOrder(path, Object.keys(old), Object.keys(next))] : members;
}

/** Added and removed words one by one, then the order of the others where it changed. */
function diffWords(path: Path, old: readonly Json[], next: readonly Json[]): PolicyChange[] {
  const [before, after] = [new Set(old), new Set(next)];
  return [
    ...old.filter((word) => !after.has(word)).map((word) => change(path, word, undefined)),
    ...next.filter((word) => !before.has(word)).map((word) => change(path, undefined, word)),
    ...diffOrder(path, old, next),
  ];
}

function diffOrder(path: Path, old: readonly Json[], next: readonly Json[]): PolicyChange[] {
  const [before, after] = [new Set(old), new Set(next)];
  const [kept, still] = [old.filter((word) => after.has(word)), next.filter((word) => before.has(word))];
  return kept.every((word, i) => word === still[i]) ? [] : [change(path, old, next)];
}

// Of two identifiers of the same strength the one that stands first decides.
function isOrdered(path: Path): boolean {
  const [section, , key] = path;
  return (
    section === 'sources' &&
    (((key === 'subject' || key === 'weak') && path.length === 3) || (key === 'parties' && path.length === 4))
  );
}

function change(path: Path, old: Json | undefined, next: Json | undefined): PolicyChange {
  const where = renderPath(path);
  if (old === undefined) return { path: where, kind: 'added', new: next ?? null };
  return next === undefined
    ? { path: where, kind: 'removed', old }
    : { path: where, kind: 'changed', old, new: next };
}

/**
 * The sources of both policies whose rows reach other persons or have other keys than before: what
 * was loaded under the old policy must be indexed again, or the change refused.
 */
export function mappingChanges(a: Policy, b: Policy): string[] {
  return Object.values(a.sources)
    .filter((old) => {
      const next = findSource(b, old.name);
      return next !== undefined && mappingOf(old, a) !== mappingOf(next, b);
    })
    .map(({ name }) => name);
}

function mappingOf(source: Source, policy: Policy): string {
  if (source.type === 'log') {
    return JSON.stringify([source.format.type, source.identifiers.map((one) => reachOf(one, policy))]);
  }
  // The order of a table's identifiers does not change what they reach.
  const parties = source.parties.map(({ role, identifiers }) => [
    role,
    identifiers.map((one) => JSON.stringify(reachOf(one, policy))).toSorted(),
  ]);
  return JSON.stringify([source.key, source.account, Object.fromEntries(parties.toSorted())]);
}

function reachOf({ kind, column, confirmed }: IdentifierColumn, policy: Policy): Json {
  const { normalise, country } = kindOf(policy, kind) ?? {};
  return [kind, column, confirmed ?? null, normalise ?? null, country ?? null];
}

type JsonMap = { readonly [key: string]: Json };

function isMap(value: Json): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWordList(value: Json | undefined): boolean {
  return Array.isArray(value) && value.every((item) => typeof item !== 'object');
}

function asWords(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function member(map: JsonMap, key: string): Json | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
