import type { Json } from '../base/json.ts';
import { maskCards } from '../formats/cards.ts';
import type { ReachHasher } from '../people/digests.ts';
import { normalise } from '../people/normalise.ts';
import type { Policy, TableSource } from '../policy/types.ts';
import type { Gate } from './gate.ts';

/** Characters of a set-aside row that are kept. */
const LONGEST_RAW = 4096;

const NEVER_NOTE = '[not kept: the source has columns that are never stored]';
export const SUPPRESSED_NOTE = '[not kept: names somebody who may not come back]';

export interface RawScope {
  readonly source: TableSource;
  readonly policy: Pick<Policy, 'identifiers'>;
  readonly hasher: ReachHasher;
  readonly gate: Gate;
}

/** A set-aside row whose fields are known, as JSON of what would have been stored. */
export function rawOfValues(columns: readonly string[], values: readonly Json[]): string {
  return cut(
    JSON.stringify(Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null]))),
  );
}

/** A row that could not be read, as it stands in the file, or a note where nobody can tell what is in it. */
export function rawOfBad(raw: string, scope: RawScope): string {
  if (scope.source.never.length > 0) return NEVER_NOTE;
  const text = cut(scope.source.payment ? maskCards(raw) : raw);
  return namesSuppressed(text, scope) ? SUPPRESSED_NOTE : text;
}

const SEPARATORS = /[\s,;|"'<>()[\]{}]+/;

/** Whether a word of the text is a suppressed identifier of some kind. */
export function namesSuppressed(
  text: string,
  { gate, policy, hasher }: Pick<RawScope, 'gate' | 'policy' | 'hasher'>,
): boolean {
  if (gate.isOpen) return false;
  const kinds = Object.values(policy.identifiers).filter(({ strength }) => strength !== 'network');
  const words = new Set(text.split(SEPARATORS));
  return [...words].some((word) =>
    kinds.some((kind) => {
      const value = normalise(kind, word);
      const identifier = value === undefined ? undefined : { kind: kind.name, value };
      return (
        identifier !== undefined &&
        gate.mayHold([hasher.reach(identifier)]) &&
        gate.entriesOn(identifier).length > 0
      );
    }),
  );
}

/** At most so many characters, none of them half. */
function cut(text: string): string {
  return text.length <= LONGEST_RAW ? text : text.slice(0, LONGEST_RAW).toWellFormed();
}
