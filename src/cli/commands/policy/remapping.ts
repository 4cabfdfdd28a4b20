import { refused, type UserError } from '../../../base/errors.ts';
import { mappingChanges } from '../../../policy/diff.ts';
import type { Policy, Source } from '../../../policy/types.ts';

/**
 * The sources whose stored rows must be indexed again under the next policy, of those that hold data;
 * refuses a change that stored rows or lines cannot follow.
 */
export function planRemapping(old: Policy, next: Policy, loaded: readonly string[]): readonly string[] {
  for (const name of loaded) requireSameKind(name, old.sources[name], next.sources[name]);
  const changed = mappingChanges(old, next).filter((name) => loaded.includes(name));
  for (const name of changed) requireIndexable(name, old.sources[name], next.sources[name]);
  return changed;
}

function requireSameKind(name: string, old: Source | undefined, next: Source | undefined): void {
  if (old === undefined || next?.type === old.type) return;
  throw cannotFollow(name, next === undefined ? 'leave the policy' : 'become another kind of source');
}

function requireIndexable(name: string, old: Source | undefined, next: Source | undefined): void {
  // Lines lie on shelves by their strongest identifier, and rows are found again by their key.
  if (next?.type !== 'table') throw cannotFollow(name, 'change its identifiers');
  const [before, after] = [old?.type === 'table' ? old.key : [], next.key].map((key) => JSON.stringify(key));
  if (before !== after) throw cannotFollow(name, 'change its key');
}

function cannotFollow(name: string, what: string): UserError {
  return refused(
    'source-has-data',
    `source ${name} has data in the ledger and cannot ${what}`,
    'add a source under another name instead, and load the exports of it from then on',
  );
}
