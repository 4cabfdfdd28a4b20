import type { Policy } from '../policy/types.ts';
import type { LedgerKeys } from '../store/ledger.ts';
import type { Reader } from '../store/store.ts';
import type { Identifier } from './identifier.ts';
import { normalise } from './normalise.ts';

/**
 * Tells whether a word points to somebody: the person at hand, anybody whose rows the ledger holds, or
 * anybody who was erased. What it points to does not go into a count.
 */
export function knownWords(
  tx: Reader,
  ledger: { readonly policy: Pick<Policy, 'identifiers'>; readonly keys: Pick<LedgerKeys, 'hasher'> },
  own: readonly Identifier[],
  words: ReadonlySet<string> = new Set(),
): (word: string) => Promise<boolean> {
  const kinds = Object.values(ledger.policy.identifiers).filter(({ strength }) => strength !== 'network');
  const isOwn = (identifier: Identifier) =>
    own.some(({ kind, value }) => kind === identifier.kind && value === identifier.value);
  return async (word) => {
    if (wordsOf(word).some((part) => words.has(part))) return true;
    const identifiers = kinds.flatMap((kind) => {
      const value = normalise(kind, word);
      return value === undefined ? [] : [{ kind: kind.name, value }];
    });
    if (identifiers.some(isOwn)) return true;
    const { hasher } = ledger.keys;
    if ((await tx.recordsReached(identifiers.map((identifier) => hasher.reach(identifier)))).length > 0)
      return true;
    for (const identifier of identifiers)
      if ((await tx.suppressionsTagged(hasher.tag(identifier))).length > 0) return true;
    return false;
  };
}

/** The words of a text, in lower case; short ones say nothing. */
export function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length >= 4);
}
