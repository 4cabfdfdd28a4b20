import type { Json } from '../../../src/base/json.ts';
import { identifierKey } from '../../../src/people/anchor.ts';
import { anchorDigest, ReachHasher, suppressionDigest } from '../../../src/people/digests.ts';
import type { PeopleReader } from '../../../src/people/graph.ts';
import type { Identifier } from '../../../src/people/identifier.ts';
import { reachOf } from '../../../src/people/identities.ts';
import type { Outcome, Resolution } from '../../../src/people/resolution.ts';
import { resolve } from '../../../src/people/resolve.ts';
import { tableSource } from '../../../src/policy/find.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import type { Policy } from '../../../src/policy/types.ts';
import type { StaffDecision } from '../../../src/store/registers.ts';
import type {
  ReachDigest,
  StoredRecord,
  SubjectAnchor,
  SubjectId,
  Suppression,
} from '../../../src/store/store.ts';

export const KEYS = {
  hasher: new ReachHasher(new Uint8Array(16).fill(1)),
  suppression: new Uint8Array(32).fill(2),
  subject: new Uint8Array(32).fill(3),
};

const HEAD = `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2020-01-01
categories: { all: { on_delete: erase }, log: { on_delete: erase } }
`;

/** A policy with these sources (YAML, indented by two), all of them in one category. */
export function policyOf(sources: string, more = ''): Policy {
  return parsePolicy(`${HEAD}${more}\nsources:\n${sources}`, 'dsr.yaml');
}

/** A site with accounts, newsletter, orders, sessions, messages and a log. */
export const SITE = policyOf(`
  users: { files: "users*", format: csv, mode: snapshot, account: true, key: [id], category: all,
    subject: { user_id: id, username: name, email: { column: email, confirmed: email_ok }, phone: phone, ip: address },
    parties: { parent: { email: parent_email } } }
  newsletter: { files: "newsletter*", format: csv, mode: snapshot, key: [n], category: all,
    subject: { email: email, phone: phone, cookie: sid } }
  orders: { files: "orders*", format: csv, mode: append, key: [n], category: all,
    subject: { user_id: user, email: { column: email, confirmed: email_ok }, phone: phone } }
  sessions: { files: "sessions*", format: csv, mode: append, key: [n], category: all,
    subject: { user_id: user, cookie: sid, ip: address } }
  messages: { files: "messages*", format: ndjson, mode: append, key: [n], category: all,
    parties: { author: { user_id: from }, recipient: { user_id: to } }, free_text: [body] }
  access: { files: "access*", format: combined, subject: { username: user, cookie: "query.sid" }, weak: { ip: host }, category: log }`);

export interface FixtureRow {
  readonly source: string;
  readonly key: string;
  readonly fields: { readonly [column: string]: Json };
  readonly state?: StoredRecord['state'];
  readonly retainedFor?: SubjectId;
}

/** What a ledger holds of people, as plain arrays. */
export class MemoryPeople implements PeopleReader {
  readonly policy: Policy;
  readonly decisions: StaffDecision[] = [];
  readonly #records: { readonly record: StoredRecord; readonly reach: readonly ReachDigest[] }[] = [];
  readonly #subjects: SubjectAnchor[] = [];
  readonly #suppressions: (Suppression & { readonly tag: number; readonly digest: Uint8Array })[] = [];

  constructor(rows: readonly FixtureRow[], policy: Policy = SITE) {
    this.policy = policy;
    for (const row of rows) this.addRow(row);
  }

  addRow({ source, key, fields, state = 'active', retainedFor }: FixtureRow): void {
    const table = tableSource(this.policy, source);
    if (table === undefined) throw new Error(`no source ${source}`);
    const retained =
      retainedFor === undefined ? undefined : { until: '2030-01-01', basis: 'tax', subject: retainedFor };
    const record: StoredRecord = {
      id: this.#records.length + 1,
      source,
      key,
      version: 1,
      state: retained === undefined ? state : 'retained',
      import: 1,
      line: 1,
      at: undefined,
      missed: 0,
      retained,
      overlays: [],
      fields: new Map(Object.entries(fields)),
    };
    this.#records.push({ record, reach: reachOf(table, this.policy, KEYS.hasher, record.fields) });
  }

  removeRow(source: string, key: string): void {
    const index = this.#records.findIndex(({ record }) => record.source === source && record.key === key);
    this.#records.splice(index, 1);
  }

  addSubject(anchor: SubjectAnchor): SubjectId {
    return this.#subjects.push(anchor);
  }

  suppress(subject: SubjectId, identifier: Identifier, reason: Suppression['reason'] = 'erased'): void {
    const digest = suppressionDigest(KEYS.suppression, identifier);
    const id = this.#suppressions.length + 1;
    const entry = { id, kind: identifier.kind, subject, reason, request: 1, since: '2026-01-01T00:00:00Z' };
    this.#suppressions.push({
      ...entry,
      until: undefined,
      admitted: undefined,
      tag: KEYS.hasher.tag(identifier),
      digest,
    });
  }

  /** Adds a staff decision; `state` is `in-force` unless it says otherwise. */
  decide(decision: Pick<StaffDecision, 'kind' | 'subject'> & Partial<StaffDecision>): void {
    const [id, decidedAt] = [this.decisions.length + 1, '2026-01-01T00:00:00Z'];
    const none = { identifier: undefined, other: undefined, from: undefined, to: undefined };
    this.decisions.push({
      id,
      state: 'in-force',
      ...none,
      reason: 'letter',
      decidedAt,
      decidedBy: 'ana',
      ...decision,
    });
  }

  async recordsReached(digests: readonly ReachDigest[], limit = Infinity): Promise<readonly StoredRecord[]> {
    const wanted = new Set(digests);
    return this.#records
      .filter(({ reach }) => reach.some((digest) => wanted.has(digest)))
      .map(({ record }) => record)
      .slice(0, limit);
  }

  async recordsRetainedFor(subject: SubjectId): Promise<readonly StoredRecord[]> {
    return this.#records.flatMap(({ record }) => (record.retained?.subject === subject ? [record] : []));
  }

  async subjectOf(anchor: Uint8Array): Promise<SubjectId | undefined> {
    const index = this.#subjects.findIndex((subject) => Buffer.compare(subject.anchor, anchor) === 0);
    return index < 0 ? undefined : index + 1;
  }

  async subject(id: SubjectId): Promise<SubjectAnchor | undefined> {
    return this.#subjects[id - 1];
  }

  async subjectsHinted(hints: readonly ReachDigest[]) {
    return this.#subjects
      .map((subject, index) => ({ ...subject, id: index + 1 }))
      .filter(({ hint }) => hints.includes(hint));
  }

  async suppressionsTagged(tag: number) {
    return this.#suppressions.filter((entry) => entry.tag === tag);
  }

  async suppressionsOf(subject: SubjectId): Promise<readonly Suppression[]> {
    return this.#suppressions.filter((entry) => entry.subject === subject);
  }

  /** Looks for `kind:value` or a number. */
  find(start: string | SubjectId, maxRows?: number): Promise<Outcome> {
    const limit = maxRows === undefined ? {} : { maxRows };
    const people = { reader: this, policy: this.policy, decisions: this.decisions, keys: KEYS, ...limit };
    return resolve(people, typeof start === 'number' ? start : id(start));
  }

  /** The one person of `kind:value` or a number. */
  async person(start: string | SubjectId): Promise<Resolution> {
    const outcome = await this.find(start);
    if (outcome.kind !== 'person') throw new Error(`${start} is no person but ${outcome.kind}`);
    return outcome.person;
  }

  /** Gives the one person of `kind:value` a number. */
  async number(start: string): Promise<SubjectId> {
    const { subject, anchor } = await this.person(start);
    return subject ?? this.addSubject(anchor);
  }
}

/** `email:ada@example.org` in its normal form already. */
export function id(text: string): Identifier {
  const colon = text.indexOf(':');
  return { kind: text.slice(0, colon), value: text.slice(colon + 1) };
}

/** The anchor of a person without account. */
export function guestAnchor(text: string): SubjectAnchor {
  const identifier = id(text);
  return {
    anchor: anchorDigest(KEYS.subject, identifierKey(identifier)),
    hint: KEYS.hasher.reach(identifier),
  };
}

/** `users/1 subject`, `messages/7 author`: the rows of a person in order. */
export function rowsOf({ records }: Resolution): string[] {
  return records.map(({ record, role }) => `${record.source}/${record.key} ${role}`).sort();
}

/** `email:ada@example.org`, of those that reach. */
export function reachingOf({ identifiers }: Resolution): string[] {
  return identifiers.flatMap(({ identifier, reaches }) =>
    reaches ? [`${identifier.kind}:${identifier.value}`] : [],
  );
}

export function sharedOf({ shared }: Resolution): string[] {
  return shared.map(({ identifier }) => `${identifier.kind}:${identifier.value}`);
}
