import { ExitCode, refused, UserError } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import { addPeriod, dateIn } from '../base/time.ts';
import { agesOf } from '../people/age.ts';
import { normalise } from '../people/normalise.ts';
import { requireLinked } from '../people/parents.ts';
import { tableSource } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import type { OwnRow } from '../rights/view.ts';
import type { Ledger } from '../store/ledger.ts';
import type { ConsentStep, Request } from '../store/registers.ts';
import type { Reader, SubjectId, Writer } from '../store/store.ts';
import { moved } from './moves.ts';
import { requireRequest } from './open.ts';
import { viewSubject } from './subject.ts';

/** `account`: signed in to their own account; `data-points`: values compared; `parent`: all steps of consent. */
export const VERIFICATION_METHODS: readonly string[] = ['account', 'data-points', 'parent'];

/** Tries at a verification; after them the request is denied, or proved another way. */
export const MAX_TRIES = 3;

/** A data point as the requester gave it: `email=ada@example.org`. */
export interface DataPoint {
  readonly name: string;
  readonly value: string;
}

/**
 * Verifies who asks (GDPR Art. 12(6), 11 CCR §7060), without showing what is held: staff learn only
 * how many points matched. Three tries; each is recorded.
 */
export async function verifyRequest(
  ledger: Ledger,
  id: number,
  method: string,
  points: readonly DataPoint[],
): Promise<Request> {
  if (!VERIFICATION_METHODS.includes(method)) {
    throw new UserError('unknown-method', 'no such method of verification', {
      exit: ExitCode.usage,
      hint: `methods: ${VERIFICATION_METHODS.join(', ')}`,
    });
  }
  const entry = { act: 'request.verification-tried', at: ledger.now, actor: ledger.actor, request: id };
  return ledger.store.act(entry, async (tx) => {
    const request = await requireRequest(tx, id);
    if (request.verification.tries >= MAX_TRIES)
      throw refused('too-many-tries', 'three tries were made', 'deny the request, or ask for other proof');
    const { matched, needed } = await compare(tx, ledger, request, method, points);
    const verified = matched >= needed;
    tx.facts({ method, matched, needed, verified });
    const verification = { verified, method, matched, needed, tries: request.verification.tries + 1 };
    const next = { ...moved(request, verified ? 'verify' : 'try', ledger), verification };
    await tx.put('request', next);
    return next;
  });
}

interface Comparison {
  readonly matched: number;
  readonly needed: number;
}

async function compare(
  tx: Writer,
  ledger: Ledger,
  request: Request,
  method: string,
  points: readonly DataPoint[],
): Promise<Comparison> {
  if (request.type === 'parental-review') {
    if (method !== 'parent')
      throw refused('parent-required', 'a parental review needs a verified parent', 'use --method parent');
    return compareParent(tx, ledger, request);
  }
  if (method === 'parent') throw refused('not-parental', 'this method is for a parental review');
  requireDistinct(points, ledger.policy);
  // Where nobody is known there is nothing to compare with, and nothing to protect.
  if (request.subject === undefined) return { matched: 0, needed: 0 };
  if (method === 'account') return { matched: 1, needed: 1 };
  const needed = pointsNeeded(request, ledger.policy);
  const view = await viewSubject(tx, ledger, request.subject);
  return { matched: matchedPoints(view.rows, points, ledger.policy), needed };
}

/** Two points open categories and corrections, three open specific pieces and deletions (11 CCR §7062). */
export function pointsNeeded(request: Request, policy: Policy): number {
  const specific = request.type === 'delete' || (request.type === 'access' && request.level === 'specific');
  return specific ? policy.limits.pointsSpecific : policy.limits.pointsCategories;
}

/** Several guesses at one point would count as one try. */
function requireDistinct(points: readonly DataPoint[], policy: Policy): void {
  for (const source of Object.values(policy.sources)) {
    if (source.type !== 'table') continue;
    const columns = points.flatMap(({ name }) => columnOf(name, source.parties, source.columns) ?? []);
    if (new Set(columns).size < columns.length)
      throw new UserError('point-given-twice', 'a data point is given twice', { exit: ExitCode.usage });
  }
}

/** Distinct usable columns of account rows whose value is the one given; what profiles show never counts. */
function matchedPoints(rows: readonly OwnRow[], points: readonly DataPoint[], policy: Policy): number {
  const matched = new Set<string>();
  for (const { record, role } of rows) {
    const source = tableSource(policy, record.source);
    if (source === undefined || !source.account || role !== 'subject') continue;
    for (const point of points) {
      const column = columnOf(point.name, source.parties, source.columns);
      if (column === undefined || !source.usable.includes(column) || source.visible.includes(column))
        continue;
      if (
        sameValue(
          point.value,
          record.fields.get(column) ?? null,
          kindOfColumn(column, source.parties, policy),
        )
      )
        matched.add(`${source.name}.${column}`);
    }
  }
  return matched.size;
}

type Parties = readonly {
  readonly role: string;
  readonly identifiers: readonly { readonly kind: string; readonly column: string }[];
}[];

/** The column that a data point means: by its name, or by the kind of identifier in it. */
export function columnOf(name: string, parties: Parties, columns: readonly string[]): string | undefined {
  if (columns.includes(name)) return name;
  return parties.flatMap((party) => party.identifiers).find(({ kind }) => kind === name)?.column;
}

function kindOfColumn(column: string, parties: Parties, policy: Policy) {
  const kind = parties
    .flatMap((party) => party.identifiers)
    .find((identifier) => identifier.column === column)?.kind;
  return kind === undefined ? undefined : policy.identifiers[kind];
}

function sameValue(given: string, held: Json, kind: Parameters<typeof normalise>[0] | undefined): boolean {
  if (held === null || String(held).trim() === '') return false;
  if (kind !== undefined) {
    const normalised = normalise(kind, given);
    return normalised !== undefined && normalised === normalise(kind, held);
  }
  const plain = (value: string) => value.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ');
  return plain(given) === plain(String(held));
}

/** A parent is verified by all the steps of consent that the policy demands, within its time (16 CFR 312.5). */
async function compareParent(tx: Writer, ledger: Ledger, request: Request): Promise<Comparison> {
  const { coppa } = ledger.policy;
  if (coppa === undefined) throw refused('no-parental-rule', 'the policy has no rule for parental consent');
  const child = request.subject;
  const parent = request.parental?.parent;
  if (child === undefined || parent === undefined) return { matched: 0, needed: coppa.allOf.length };
  await requireLinked(tx, child, parent);
  await requireChild(tx, ledger, child, coppa.under);
  const missing = await missingSteps(tx, ledger, request);
  return { matched: coppa.allOf.length - missing.length, needed: coppa.allOf.length };
}

/** A parent speaks for a child; where no row tells an age, the parent's word for it stands. */
async function requireChild(tx: Reader, ledger: Ledger, child: SubjectId, under: number): Promise<void> {
  const { rows } = await viewSubject(tx, ledger, child);
  const ages = agesOf(rows, ledger.policy, dateIn(ledger.now, ledger.policy.controller.zone));
  if (ages.length === 0 || ages.some((age) => age < under)) return;
  throw refused(
    'not-a-child',
    `by their own rows this person is not under ${under}`,
    'who is of age asks for themselves',
  );
}

/** The steps of consent that the parent of a request has not given, or not in time, as the policy names them. */
export async function missingSteps(
  tx: Pick<Writer, 'entries'>,
  ledger: Ledger,
  request: Request,
): Promise<readonly string[]> {
  const { coppa } = ledger.policy;
  const child = request.subject;
  const parent = request.parental?.parent;
  if (coppa === undefined || child === undefined || parent === undefined) return coppa?.allOf ?? [];
  const given = await tx.entries('consent', { state: 'given', subject: child });
  const own = given.filter((step) => step.parent === parent);
  return coppa.allOf.filter((step) => !isTimely(step, own, coppa.within, ledger));
}

// All steps lie within the policy's time of one another: of the newest of each, none is older than that before the newest of all.
function isTimely(step: string, given: readonly ConsentStep[], within: string, ledger: Ledger): boolean {
  const { zone } = ledger.policy.controller;
  const days = (wanted: string | undefined) =>
    given
      .filter((consent) => wanted === undefined || consent.step === wanted)
      .map((consent) => dateIn(consent.at, zone))
      .sort();
  const newest = days(step).at(-1);
  const last = days(undefined).at(-1);
  return newest !== undefined && last !== undefined && addPeriod(newest, within) >= last;
}
