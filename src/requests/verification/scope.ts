import { textKey } from '../../people/anchor.ts';
import type { Identifier } from '../../people/identifier.ts';
import { kindOf } from '../../policy/find.ts';
import type { SubjectView } from '../../rights/view.ts';
import {
  accountsOf,
  broughtDigest,
  identifierDigest,
  type Place,
  type Prover,
  placesOf,
  restDigest,
  subjectDigest,
} from './proof.ts';

/** A person's view cut to what was proved, and what was left out of it. */
export interface Scoped {
  readonly view: SubjectView;
  readonly leftOut: readonly LeftOut[];
}

/** Rows that what was proved does not reach, by what they are known by. */
export interface LeftOut {
  /** `phone`, or `an account in users`: whoever asks has not shown that they may learn more of it. */
  readonly knownBy: string;
  readonly rows: number;
}

/**
 * Cuts a view to what was proved: each identifier is verified on its own. A proved account brings its row, what
 * its confirmed identifiers reach, and what stands beside them; a proved address the accounts on which it stands
 * confirmed and its own rows, but no other address. What stands on another account of theirs is reached by no
 * row beside it. Lines are left to be counted again.
 */
export function scopeView(view: SubjectView, proved: ReadonlySet<string>, prover: Prover): Scoped {
  if (isWhole(view, proved, prover)) return { view, leftOut: [] };
  const places = placesOf(view.rows, prover);
  const reach = new Reach(view, proved, prover);
  const taken = reach.takeAll(places);
  const records = new Set([...taken].map(({ row }) => row.record.id));
  const left = places.filter((place) => !taken.has(place) && !records.has(place.row.record.id));
  const standing = new Set(
    [...taken].flatMap(({ identifiers }) => identifiers.map(({ identifier }) => textKey(identifier))),
  );
  const noted = view.noted?.filter(({ identifier }) => standing.has(textKey(identifier))) ?? [];
  return {
    view: {
      ...view,
      rows: places.flatMap((place) => (taken.has(place) ? [place.row] : [])),
      identifiers: view.identifiers.filter((identifier) => reach.has(identifier)),
      // A window of an address was proved for the person, not for one of their accounts.
      wanted: view.wanted.filter(({ identifier, window }) => window === undefined && reach.has(identifier)),
      notes: noted.map(({ note }) => note),
      noted,
    },
    leftOut: groupLeft(left),
  };
}

function isWhole({ subject, rows }: SubjectView, proved: ReadonlySet<string>, prover: Prover): boolean {
  if (subject !== undefined && proved.has(subjectDigest(prover, subject))) return true;
  const accounts = accountsOf(rows, prover);
  if (accounts.length > 0) return accounts.every((account) => proved.has(account));
  return subject !== undefined && proved.has(restDigest(prover, subject));
}

/**
 * A proved account with what it brings along, as it is kept: once its row is gone what was held back is still
 * found by it.
 */
export function withBrought(
  views: readonly SubjectView[],
  account: string,
  prover: Prover,
): readonly string[] {
  const brought = views.flatMap((view) => {
    if (!accountsOf(view.rows, prover).includes(account)) return [];
    const proved = new Set([account]);
    const { identifiers, subject } = scopeView(view, proved, prover).view;
    const isAll = subject !== undefined && isWhole(view, proved, prover);
    return [
      ...identifiers.map((identifier) => broughtDigest(prover, identifier)),
      ...(isAll ? [restDigest(prover, subject)] : []),
    ];
  });
  return [account, ...brought];
}

/** The identifiers that what was proved leads to, grown until nothing is added. */
class Reach {
  /** Identifier → whether an account was proved from which it comes, so that addresses beside it count too. */
  readonly #taken = new Map<string, boolean>();
  readonly #own: ReadonlySet<string>;
  /** Those that were proved by themselves. */
  readonly #direct: ReadonlySet<string>;
  readonly #proved: ReadonlySet<string>;
  readonly #prover: Prover;

  constructor({ identifiers }: SubjectView, proved: ReadonlySet<string>, prover: Prover) {
    this.#own = new Set(identifiers.map(textKey));
    const direct = identifiers.filter((one) => proved.has(identifierDigest(prover, one)));
    this.#direct = new Set(direct.map(textKey));
    this.#proved = proved;
    this.#prover = prover;
    for (const identifier of identifiers) {
      const isSignIn = this.#strength(identifier) === 'account' && this.#isProved(identifier);
      const isBrought = proved.has(broughtDigest(prover, identifier));
      if (isSignIn || isBrought) this.#taken.set(textKey(identifier), true);
      else if (this.#isProved(identifier)) this.#taken.set(textKey(identifier), false);
    }
  }

  has(identifier: Identifier): boolean {
    return this.#taken.has(textKey(identifier));
  }

  takeAll(places: readonly Place[]): ReadonlySet<Place> {
    const taken = new Set<Place>();
    for (let before = ''; before !== this.#size(taken); ) {
      before = this.#size(taken);
      for (const place of places) {
        const from = place.account === undefined ? this.#ofOwner(place) : this.#ofAccount(place, places);
        if (from === undefined) continue;
        taken.add(place);
        for (const { identifier, confirmed } of place.identifiers)
          if (confirmed && !isOnOthersAlone(identifier, places, taken))
            this.#take(identifier, from === 'account');
      }
    }
    return taken;
  }

  #size(taken: ReadonlySet<Place>): string {
    const whole = [...this.#taken.values()].filter((is) => is).length;
    return `${taken.size} ${this.#taken.size} ${whole}`;
  }

  /** An account is reached where it was proved itself, or an address that is confirmed on it and on no other. */
  #ofAccount({ account, identifiers }: Place, places: readonly Place[]): 'account' | 'address' | undefined {
    if (this.#proved.has(account ?? '')) return 'account';
    const by = identifiers.filter(({ identifier, confirmed }) => confirmed && this.#isProved(identifier));
    if (by.some(({ strength }) => strength === 'account')) return 'account';
    const isAlone = by.some(({ identifier, strength }) => {
      return strength === 'contact' && accountsWith(identifier, places).length === 1;
    });
    return isAlone ? 'address' : undefined;
  }

  /** Any other row is reached by its strongest identifier. */
  #ofOwner({ identifiers: [owner] }: Place): 'account' | 'address' | undefined {
    const whole = owner === undefined ? undefined : this.#taken.get(textKey(owner.identifier));
    return whole === undefined ? undefined : whole ? 'account' : 'address';
  }

  #take(identifier: Identifier, whole: boolean): void {
    const key = textKey(identifier);
    if (!this.#own.has(key)) return;
    if (this.#strength(identifier) === 'contact' && !whole && !this.#isProved(identifier)) return;
    this.#taken.set(key, whole || this.#taken.get(key) === true);
  }

  #isProved(identifier: Identifier): boolean {
    return this.#direct.has(textKey(identifier));
  }

  #strength({ kind }: Identifier) {
    return kindOf(this.#prover.policy, kind)?.strength;
  }
}

function accountsWith(identifier: Identifier, places: readonly Place[]): readonly Place[] {
  const key = textKey(identifier);
  const holds = ({ identifiers }: Place) =>
    identifiers.some((entry) => entry.confirmed && textKey(entry.identifier) === key);
  return places.filter((place) => place.account !== undefined && holds(place));
}

/** Whether an identifier is on accounts of theirs, and on none that is reached: beside a row it leads to no other. */
function isOnOthersAlone(
  identifier: Identifier,
  places: readonly Place[],
  taken: ReadonlySet<Place>,
): boolean {
  const accounts = accountsWith(identifier, places);
  return accounts.length > 0 && !accounts.some((account) => taken.has(account));
}

function groupLeft(left: readonly Place[]): readonly LeftOut[] {
  const groups = Map.groupBy(left, knownBy);
  return [...groups].map(([words, places]) => ({
    knownBy: words,
    rows: new Set(places.map(({ row }) => row.record.id)).size,
  }));
}

function knownBy({ row, identifiers: [first], account }: Place): string {
  if (account !== undefined) return `an account in ${row.record.source}`;
  if (first !== undefined) return first.identifier.kind;
  return row.record.state === 'retained' ? 'what is kept by law' : `rows of ${row.record.source}`;
}
