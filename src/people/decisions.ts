import type { Instant } from '../base/time.ts';
import type { StaffDecision } from '../store/registers.ts';
import type { SubjectId } from '../store/store.ts';
import { textKey } from './anchor.ts';
import type { Identifier } from './identifier.ts';

/** An identifier that is a person's only between two instants, and only in logs. */
export interface Window {
  readonly identifier: Identifier;
  readonly from: Instant;
  readonly to: Instant;
}

/** What holds of one identifier for one subject, after all decisions on the two. */
interface Ruling {
  readonly subject: SubjectId;
  readonly identifier: Identifier;
  readonly isLinked: boolean;
  readonly isUnlinked: boolean;
  readonly windows: readonly Window[];
}

/** Staff decisions in force. Of several on one identifier and one subject, the later link or unlink counts. */
export class Decisions {
  readonly #byIdentifier: ReadonlyMap<string, readonly Ruling[]>;
  readonly #bySubject: ReadonlyMap<SubjectId, readonly Ruling[]>;
  readonly #merges: readonly (readonly [SubjectId, SubjectId])[];

  constructor(decisions: readonly StaffDecision[]) {
    const inForce = decisions.filter(({ state }) => state === 'in-force').toSorted((a, b) => a.id - b.id);
    const rulings = rulingsOf(inForce);
    this.#byIdentifier = Map.groupBy(rulings, ({ identifier }) => textKey(identifier));
    this.#bySubject = Map.groupBy(rulings, ({ subject }) => subject);
    this.#merges = inForce.flatMap(({ kind, subject, other }) =>
      kind === 'merge' && subject !== undefined && other !== undefined ? [[subject, other] as const] : [],
    );
  }

  /** The subjects to whom staff gave an identifier for good. */
  linkedTo(identifier: Identifier): readonly SubjectId[] {
    return this.#on(identifier).flatMap(({ subject, isLinked }) => (isLinked ? [subject] : []));
  }

  /** The subjects from whom staff took an identifier away. */
  unlinkedFrom(identifier: Identifier): readonly SubjectId[] {
    return this.#on(identifier).flatMap(({ subject, isUnlinked }) => (isUnlinked ? [subject] : []));
  }

  /** The identifiers that staff gave to a subject for good. */
  linksOf(subject: SubjectId): readonly Identifier[] {
    return this.#of(subject).flatMap(({ identifier, isLinked }) => (isLinked ? [identifier] : []));
  }

  /** The identifiers that staff gave to a subject for a time. */
  windowsOf(subject: SubjectId): readonly Window[] {
    return this.#of(subject).flatMap(({ windows }) => windows);
  }

  /** The subjects whom staff merged with a subject, directly. */
  mergedWith(subject: SubjectId): readonly SubjectId[] {
    return this.#merges.flatMap(([a, b]) => (a === subject ? [b] : b === subject ? [a] : []));
  }

  #on(identifier: Identifier): readonly Ruling[] {
    return this.#byIdentifier.get(textKey(identifier)) ?? [];
  }

  #of(subject: SubjectId): readonly Ruling[] {
    return this.#bySubject.get(subject) ?? [];
  }
}

function rulingsOf(inForce: readonly StaffDecision[]): readonly Ruling[] {
  const rulings = new Map<string, Ruling>();
  for (const decision of inForce) {
    const { identifier, subject } = decision;
    if (identifier === undefined || subject === undefined || decision.kind === 'merge') continue;
    const key = `${subject}\0${textKey(identifier)}`;
    rulings.set(key, ruled(decision, subject, identifier, rulings.get(key)));
  }
  return [...rulings.values()];
}

function ruled(
  { kind, from, to }: StaffDecision,
  subject: SubjectId,
  identifier: Identifier,
  before: Ruling | undefined,
): Ruling {
  if (kind === 'unlink') return { subject, identifier, isLinked: false, isUnlinked: true, windows: [] };
  const windows = before?.windows ?? [];
  if (from === undefined && to === undefined) {
    return { subject, identifier, isLinked: true, isUnlinked: false, windows };
  }
  const isLinked = before?.isLinked ?? false;
  // A window with one end is none: nothing proves the other side of it.
  const more = from === undefined || to === undefined ? [] : [{ identifier, from, to }];
  return { subject, identifier, isLinked, isUnlinked: false, windows: [...windows, ...more] };
}
