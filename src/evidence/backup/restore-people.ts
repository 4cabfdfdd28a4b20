import { listSuppressions } from '../../duties/suppression-list.ts';
import { textKey } from '../../people/anchor.ts';
import { suppressionHex } from '../../people/digests.ts';
import type { Identifier } from '../../people/identifier.ts';
import { partiesOf } from '../../people/identities.ts';
import type { EventIdentifier, Resolution } from '../../people/resolution.ts';
import { resolve } from '../../people/resolve.ts';
import { tableSource } from '../../policy/find.ts';
import { countLines, viewNobody, viewPerson } from '../../requests/subject.ts';
import type { SubjectView } from '../../rights/view.ts';
import { ownersTagged } from '../../store/events.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request, StaffDecision } from '../../store/registers.ts';
import type { Fingerprints, NewSuppression, Reader, SubjectId } from '../../store/store.ts';
import { PatternSearch } from '../prove/search.ts';

/** What the books of a backup said, before those of today took their place. */
export interface Before {
  readonly decisions: readonly StaffDecision[];
  /** Suppressions, by `suppressionName`. */
  readonly suppressed: ReadonlySet<string>;
  /** Request → when its plan was carried out last. */
  readonly applied: ReadonlyMap<number, string>;
  /** Text of the policy then in force. */
  readonly policyText: string | undefined;
}

/** A suppression, by what it is told from others. */
export type Kept = Pick<NewSuppression, 'subject' | 'reason' | 'since' | 'tag'> & {
  /** Hex. */
  readonly digest: string;
};

/** A person who was erased or stopped since the backup. */
export interface DuePerson {
  readonly subject: SubjectId;
  readonly suppressions: readonly Kept[];
  /** The requests that were carried out since, oldest first; none where their files have ended. */
  readonly requests: readonly Request[];
}

const PAGE = 1000;
const ERASING: ReadonlySet<string> = new Set(['delete', 'stop']);

/** Reads what is needed of a backup's books. */
export async function readBefore(tx: Reader): Promise<Before> {
  const requests = await tx.entries('request');
  return {
    decisions: await tx.entries('decision'),
    suppressed: new Set((await suppressionsOf(tx)).map(suppressionName)),
    applied: new Map(
      requests.flatMap(({ id, outcome }) => (outcome === undefined ? [] : [[id, outcome.at]])),
    ),
    policyText: (await tx.policies()).at(-1)?.text,
  };
}

/** Everybody who was erased or stopped since the backup, by number. */
async function duePersons(tx: Reader, before: Before): Promise<readonly DuePerson[]> {
  const suppressions = await suppressionsOf(tx);
  const carried = (await tx.entries('request')).filter(
    ({ id, type, parental, outcome }) =>
      ERASING.has(parental?.action ?? type) && outcome !== undefined && before.applied.get(id) !== outcome.at,
  );
  const fresh = suppressions.filter((one) => !before.suppressed.has(suppressionName(one)));
  const subjects = new Set([...fresh, ...carried].flatMap(({ subject }) => subject ?? []));
  const suppressed = Map.groupBy(suppressions, ({ subject }) => subject);
  const asked = Map.groupBy(carried, ({ subject }) => subject);
  return [...subjects]
    .sort((a, b) => a - b)
    .map((subject) => ({
      subject,
      suppressions: suppressed.get(subject) ?? [],
      requests: asked.get(subject) ?? [],
    }));
}

function suppressionName({ subject, reason, digest }: Kept): string {
  return `${subject} ${reason} ${digest}`;
}

async function suppressionsOf(tx: Reader): Promise<readonly Kept[]> {
  const all = await listSuppressions(tx);
  return all.map((one) => ({ ...one, digest: Buffer.from(one.digest).toString('hex') }));
}

/** Finds persons of whom only keyed digests and fingerprints are left again, in rows and lines as they were. */
export class FormerPeople {
  readonly persons: readonly DuePerson[];
  readonly #tx: Reader;
  readonly #ledger: Ledger;
  readonly #decisions: readonly StaffDecision[];
  /** Hex digest → whose. */
  readonly #known: ReadonlyMap<string, readonly SubjectId[]>;
  readonly #prints: Prints;
  readonly #found = new Map<SubjectId, readonly Identifier[]>();

  private constructor(
    tx: Reader,
    ledger: Ledger,
    persons: readonly DuePerson[],
    decisions: readonly StaffDecision[],
    prints: Prints,
  ) {
    this.#prints = prints;
    this.persons = persons;
    this.#tx = tx;
    this.#ledger = ledger;
    this.#decisions = decisions.filter(({ state }) => state === 'in-force');
    const owners = persons.flatMap(({ suppressions }) => suppressions);
    this.#known = new Map(
      [...Map.groupBy(owners, ({ digest }) => digest)].map(([digest, own]) => [
        digest,
        [...new Set(own.map(({ subject }) => subject))],
      ]),
    );
  }

  /** Everybody who was erased or stopped since the backup; looks through rows and lines for their digests. */
  static async search(tx: Reader, ledger: Ledger, before: Before): Promise<FormerPeople> {
    const persons = await duePersons(tx, before);
    const decisions = joinDecisions(before.decisions, await tx.entries('decision'));
    const requests = persons.flatMap((person) => person.requests.map(({ id }) => id));
    const prints = new Prints(ledger.keys.fingerprint, await tx.fingerprints(requests));
    const people = new FormerPeople(tx, ledger, persons, decisions, prints);
    const suppressed = persons.flatMap(({ suppressions }) => suppressions.map(({ tag }) => tag));
    const tags = [...new Set([...suppressed, ...prints.tags])];
    await people.#searchRows(tags);
    await people.#searchLines(tags);
    return people;
  }

  /** The identifiers of a person that are still written somewhere. */
  identifiersOf(subject: SubjectId): readonly Identifier[] {
    return this.#found.get(subject) ?? [];
  }

  /** Everything that is theirs here: by their number, and by every identifier that was found. */
  async viewOf({ subject }: DuePerson): Promise<SubjectView> {
    const persons: Resolution[] = [];
    for (const start of [subject, ...this.identifiersOf(subject)]) {
      const people = {
        reader: this.#tx,
        policy: this.#ledger.policy,
        decisions: this.#decisions,
        keys: this.#ledger.keys,
      };
      const outcome = await resolve(people, start);
      if (outcome.kind === 'person') persons.push(outcome.person);
      if (outcome.kind === 'candidates') persons.push(...outcome.candidates);
    }
    const views: SubjectView[] = [];
    for (const person of persons.filter((one) => this.#isThem(one, subject)))
      views.push(await viewPerson(this.#tx, this.#ledger, subject, person));
    return this.#withLines(joinViews(subject, views), this.identifiersOf(subject));
  }

  /** An account of somebody else under an identifier of theirs is not theirs. */
  #isThem(person: Resolution, subject: SubjectId): boolean {
    if (person.subjects.includes(subject)) return true;
    const accounts = person.records.filter(({ record, role }) => {
      const source = tableSource(this.#ledger.policy, record.source);
      return source?.account === true && role === 'subject';
    });
    return accounts.length === 0;
  }

  /** Lines of an identifier that stands in no row any more are theirs too. */
  async #withLines(view: SubjectView, own: readonly Identifier[]): Promise<SubjectView> {
    const identifiers = once([...view.identifiers, ...own], textKey);
    const logs = Object.values(this.#ledger.policy.sources).filter(({ type }) => type === 'log');
    const more: readonly EventIdentifier[] = logs.flatMap(({ name }) =>
      own.map((identifier) => ({ source: name, identifier })),
    );
    const wanted = once([...view.wanted, ...more], (one) =>
      JSON.stringify([one.source, one.identifier.kind, one.identifier.value, one.window]),
    );
    return { ...view, identifiers, wanted, lines: await countLines(this.#tx, this.#ledger, wanted) };
  }

  async #searchRows(tags: readonly number[]): Promise<void> {
    const ids = await this.#tx.recordsTagged(tags);
    for (let from = 0; from < ids.length; from += PAGE) {
      for (const record of await this.#tx.records(ids.slice(from, from + PAGE))) {
        const source = tableSource(this.#ledger.policy, record.source);
        if (source === undefined) continue;
        for (const { identifiers } of partiesOf(source, this.#ledger.policy, record.fields))
          for (const { identifier } of identifiers) this.#note(identifier);
      }
    }
  }

  async #searchLines(tags: readonly number[]): Promise<void> {
    for (const source of Object.values(this.#ledger.policy.sources)) {
      if (source.type !== 'log') continue;
      for (const tag of tags) {
        for (const owner of await ownersTagged(this.#tx, this.#ledger, source, tag)) this.#note(owner);
      }
    }
  }

  #note({ kind, value }: Identifier): void {
    const digest = suppressionHex(this.#ledger.keys.suppression, { kind, value });
    const suppressed = this.#known.get(digest) ?? [];
    const tag = this.#ledger.keys.hasher.tag({ kind, value });
    for (const subject of new Set([...suppressed, ...this.#prints.ownersOf({ kind, value }, tag)])) {
      const found = this.#found.get(subject) ?? [];
      this.#found.set(subject, once([...found, { kind, value }], textKey));
    }
  }
}

/** By fingerprints devices are known again, which are never suppressed: others may use them later. */
class Prints {
  readonly tags: readonly number[];
  readonly #search: PatternSearch;
  readonly #byTag: ReadonlyMap<number, readonly Fingerprints[]>;

  constructor(key: Uint8Array, lists: readonly Fingerprints[]) {
    const tagged = lists.flatMap((list) => list.tags.map((tag) => ({ tag, list })));
    const byTag = Map.groupBy(tagged, ({ tag }) => tag);
    this.#byTag = new Map([...byTag].map(([tag, ones]) => [tag, ones.map(({ list }) => list)]));
    this.tags = [...byTag.keys()];
    this.#search = new PatternSearch(key, lists);
  }

  /** Whose erased identifier this is: its tag and the whole of it have to be known. */
  ownersOf({ kind, value }: Identifier, tag: number): readonly SubjectId[] {
    const tagged = this.#byTag.get(tag);
    if (tagged === undefined) return [];
    const requests = new Set(this.#search.fieldRequests(kind, value));
    const bytes = Buffer.from(value, 'utf8');
    this.#search.scan(bytes, ({ request, offset, length }) => {
      if (offset === 0 && length === bytes.length) requests.add(request);
    });
    return tagged.filter(({ request }) => requests.has(request)).map(({ subject }) => subject);
  }
}

/** The decisions of today, but of erased persons what was in force when the backup was taken. */
function joinDecisions(
  before: readonly StaffDecision[],
  now: readonly StaffDecision[],
): readonly StaffDecision[] {
  const then = new Map(before.map((decision) => [decision.id, decision]));
  return now.map((decision) =>
    decision.state === 'erased' ? (then.get(decision.id) ?? decision) : decision,
  );
}

function joinViews(subject: SubjectId, views: readonly SubjectView[]): SubjectView {
  return {
    ...viewNobody(),
    subject,
    subjects: [...new Set([subject, ...views.flatMap(({ subjects }) => subjects)])],
    rows: once(
      views.flatMap(({ rows }) => rows),
      ({ record, role }) => `${record.id} ${role}`,
    ),
    identifiers: views.flatMap(({ identifiers }) => identifiers),
    wanted: views.flatMap(({ wanted }) => wanted),
  };
}

function once<T>(items: readonly T[], name: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [name(item), item])).values()];
}
