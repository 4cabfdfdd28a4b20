import type { HitClass } from './classify.ts';
import type { FoundPlace, RequestReport } from './job.ts';
import type { Coverage } from './packed-list.ts';

/** Places that are shown of each class, and that are kept of each group: the counts say how many there are. */
const SHOWN: Readonly<Record<HitClass, number>> = { residue: 500, retained: 50, another: 50 };
const SHOWN_OF_GROUP = 20;

/** What was found, and in what: a live row, other bytes of the ledger, or a file. */
export interface Standing {
  /** As of `Hit`. */
  readonly value: number | undefined;
  readonly standing: 'live' | 'dead' | 'file';
}

/** Counts what was found of each request, and keeps the first places of each class. */
export class Tally {
  readonly #requests: ReadonlyMap<number, RequestTally>;

  constructor(coverage: ReadonlyMap<number, Coverage>) {
    this.#requests = new Map(
      [...coverage].map(([request, covered]) => [request, new RequestTally(request, covered)]),
    );
  }

  add(found: FoundPlace, standing: Standing): void {
    this.#requests.get(found.request)?.add(found, standing);
  }

  reports(): readonly RequestReport[] {
    return [...this.#requests.values()].map((tally) => tally.report());
  }
}

/** Places of one kind of find, and how many there are. */
interface Group extends Standing {
  readonly first: FoundPlace;
  readonly places: FoundPlace[];
  count: number;
}

/**
 * A field value that another person's live row holds too says nothing of whose it was where it stands in no
 * row: such finds are another's (design §3). An identifier names its person anywhere.
 */
class RequestTally {
  readonly #request: number;
  readonly #coverage: Coverage;
  readonly #groups = new Map<string, Group>();
  /** Values that stand in live rows of others. */
  readonly #shared = new Set<number>();
  readonly #kept: Record<HitClass, number> = { retained: 0, another: 0, residue: 0 };

  constructor(request: number, coverage: Coverage) {
    this.#request = request;
    this.#coverage = coverage;
  }

  add(found: FoundPlace, { value, standing }: Standing): void {
    if (found.class === 'another' && standing === 'live' && value !== undefined) this.#shared.add(value);
    const key = [found.class, found.kind, found.named, standing, value].join('\n');
    const group = this.#groups.get(key) ?? { first: found, places: [], count: 0, value, standing };
    this.#groups.set(key, group);
    group.count += 1;
    if (group.places.length >= SHOWN_OF_GROUP) return;
    // Of what is not residue the first will do, whichever value it is.
    if (found.class !== 'residue' && this.#kept[found.class] >= SHOWN[found.class]) return;
    this.#kept[found.class] += 1;
    group.places.push(found);
  }

  report(): RequestReport {
    const groups = [...this.#groups.values()].map((group) => ({ ...group, class: this.#classOf(group) }));
    const own = groups.filter(({ first }) => !first.named);
    const residue = own.filter((group) => group.class === 'residue');
    return {
      request: this.#request,
      coverage: this.#coverage,
      found: {
        retained: countOf(own.filter((group) => group.class === 'retained')),
        another: countOf(own.filter((group) => group.class === 'another')),
        residue: countOf(residue),
      },
      dead: countOf(residue.filter(({ standing }) => standing === 'dead')),
      named: countOf(groups.filter((group) => group.first.named && group.class === 'residue')),
      places: [...Map.groupBy(residue, ({ first }) => first.kind)].map(([kind, ones]) => ({
        kind,
        count: countOf(ones),
      })),
      hits: shownOf(groups),
    };
  }

  #classOf({ first, value, standing }: Group): HitClass {
    return standing !== 'live' && value !== undefined && this.#shared.has(value) ? 'another' : first.class;
  }
}

function countOf(groups: readonly { readonly count: number }[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

function shownOf(
  groups: readonly { readonly class: HitClass; readonly places: readonly FoundPlace[] }[],
): readonly FoundPlace[] {
  const ofClass = (wanted: HitClass) =>
    groups
      .filter((group) => group.class === wanted)
      .flatMap(({ places }) => places.map((place) => ({ ...place, class: wanted })))
      .slice(0, SHOWN[wanted]);
  return [...ofClass('residue'), ...ofClass('retained'), ...ofClass('another')];
}
