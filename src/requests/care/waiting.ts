import { refused } from '../../base/errors.ts';
import { requestName } from '../../base/ids.ts';
import { addPeriod } from '../../base/periods.ts';
import { dateIn, type PlainDate } from '../../base/time.ts';
import { textKey } from '../../people/anchor.ts';
import type { Identifier } from '../../people/identifier.ts';
import { isErasing, type Plan } from '../../plan/plan.ts';
import { kindOfColumn, tableSource } from '../../policy/find.ts';
import type { Policy, WaitingTime as WaitingRule } from '../../policy/types.ts';
import { rowsOfTheirsAlone } from '../../rights/own-rows.ts';
import type { SubjectView } from '../../rights/view.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request, WaitingTime } from '../../store/registers.ts';
import type { Reader, RecordId, Writer } from '../../store/store.ts';
import { endRequest } from '../close.ts';
import { requireRequest } from '../find.ts';
import { draftLetter } from '../letters/draft-letter.ts';
import { moveRequest } from '../moves.ts';
import { replacePlans } from '../plan.ts';
import { type BesideOthers, planAgain } from '../plan-again.ts';
import { sealOf } from '../seal.ts';
import { isAddress, replacedAddresses } from '../verification/proof.ts';
import { claimedViews } from '../verification/verified-view.ts';
import { requireAccessFirst } from './own-access.ts';
import { endWaiting, extendRestriction, placeRestriction, restrictionsOf } from './restrictions.ts';

/** How the run of a plan stands to the waiting time of the policy. */
export type WaitingStand = 'none' | 'to-start' | 'running' | 'served';

/** What may be said to a run beside the plan. */
export interface RunOptions extends BesideOthers {
  /** The person said that their erasure need not wait for their own open access: a reason code. */
  readonly beforeAccess?: string | undefined;
}

/** Whether the waiting time of a request is over: its last day is before today. */
export function isServed({ waiting }: Pick<Request, 'waiting'>, today: PlainDate): boolean {
  return waiting !== undefined && waiting.until < today;
}

/**
 * How a request stands to the waiting time of the policy. One that was planned again goes on with the time it
 * has waited; a correction to another value begins anew.
 */
export function waitingStand(
  ledger: Pick<Ledger, 'policy' | 'now' | 'keys'>,
  request: Pick<Request, 'waiting' | 'state' | 'outcome'>,
  plan: Plan,
): WaitingStand {
  const { policy, now } = ledger;
  const { waiting } = request;
  if (ruleFor(plan, policy) === undefined) return 'none';
  // The rest of a deletion, which a hold kept: it has waited.
  if (request.outcome?.applied.some(({ action }) => action === 'hold')) return 'served';
  if (waiting === undefined || waiting.wish !== wishOf(ledger, plan)) return 'to-start';
  if (isServed(request, dateIn(now, policy.controller.zone))) return 'served';
  return request.state === 'waiting' && waiting.plan === plan.digest ? 'running' : 'to-start';
}

/** Refuses a request whose waiting time is running: it says until when. */
export function requireOver(
  { policy, now }: Pick<Ledger, 'policy' | 'now'>,
  request: Pick<Request, 'id' | 'state' | 'waiting'>,
): void {
  const { waiting, state, id } = request;
  if (state !== 'waiting' || waiting === undefined) return;
  if (isServed(request, dateIn(now, policy.controller.zone))) return;
  const name = requestName(id);
  throw refused(
    'still-waiting',
    `${name} waits until ${waiting.until}`,
    `after that day dsr request run ${name} carries it out; dsr request stop ${name} --reason CODE ends it`,
  );
}

/** Refuses to carry out a plan whose waiting time is not over, or has not begun. */
export function requireServed(
  ledger: Pick<Ledger, 'policy' | 'now' | 'keys'>,
  request: Request,
  plan: Plan,
): void {
  const stand = waitingStand(ledger, request, plan);
  if (stand === 'running') requireOver(ledger, request);
  if (stand !== 'to-start') return;
  throw refused(
    'has-to-wait',
    'the policy has this wait first, so that the person can stop it',
    `dsr request run ${requestName(request.id)} starts the waiting time`,
  );
}

/**
 * Starts the waiting time of a plan, or goes on with one that began before it was planned again: the person's
 * rows are restricted at once, and the notice to the address that the ledger knows is drafted.
 */
export async function startWaiting(
  ledger: Ledger,
  id: number,
  digest: string,
  { beforeAccess, ...beside }: RunOptions = {},
): Promise<Request> {
  const facts = { plan: digest, before_access: beforeAccess, batch: beside.batch?.id };
  return moveRequest(ledger, id, { move: 'wait', reason: ledger.reason, facts }, async (request, tx) => {
    const { plan, view } = await planAgain(tx, ledger, id, digest, beside);
    const rule = ruleFor(plan, ledger.policy);
    if (rule === undefined)
      throw refused(
        'need-not-wait',
        'the policy has no waiting time for this',
        'dsr request run carries it out',
      );
    await requireAccessFirst(tx, { plan, request, view }, beforeAccess);
    const waiting = await waitingOf(tx, ledger, request, { plan, view, rule });
    const next = { ...request, waiting: { ...waiting, ...(beforeAccess !== undefined && { beforeAccess }) } };
    // Who was told when it began is not told again.
    if (waiting.restriction !== request.waiting?.restriction) await draftLetter(tx, ledger, next, 'waiting');
    return next;
  });
}

interface ToWait {
  readonly plan: Plan;
  readonly view: SubjectView;
  readonly rule: WaitingRule;
}

async function waitingOf(
  tx: Writer,
  ledger: Ledger,
  request: Request,
  { plan, view, rule }: ToWait,
): Promise<WaitingTime> {
  const { policy, now } = ledger;
  const wish = wishOf(ledger, plan);
  const records = toRestrict(plan, view, policy);
  const [placed] = await restrictionsOf(tx, request.id, 'waiting');
  const { waiting } = request;
  tx.facts({ rows: records.length });
  if (waiting !== undefined && waiting.wish === wish && placed !== undefined) {
    await extendRestriction(tx, placed, records);
    tx.facts({ until: waiting.until });
    return { ...waiting, plan: plan.digest };
  }
  await endWaiting(tx, request, now);
  const { subject } = request;
  const restricting = { request: request.id, subject, cause: 'waiting' as const, records };
  const restriction = await placeRestriction(tx, restricting, now);
  // The day on which it begins is not counted.
  const until = addPeriod(dateIn(now, policy.controller.zone), rule.period);
  tx.facts({ until });
  return { since: now, until, plan: plan.digest, restriction: restriction.id, wish };
}

/** Of a deletion all rows that name nobody else; of a correction those that change. */
function toRestrict(plan: Plan, view: SubjectView, policy: Policy): readonly RecordId[] {
  if (plan.right === 'edit') return [...new Set(plan.changes.map(({ record }) => record))];
  return rowsOfTheirsAlone(view, policy)
    .filter(({ record }) => record.retained === undefined)
    .map(({ record }) => record.id);
}

/**
 * The waiting time that a plan has to serve: a deletion that erases something, a change of an identifier. What a
 * parent wishes for a child's data waits only where the policy names it (16 CFR 312.6 has no waiting).
 */
function ruleFor(plan: Plan, policy: Policy): WaitingRule | undefined {
  const { waiting: rule } = policy;
  if (rule === undefined) return undefined;
  const kind =
    plan.parental === 'delete' ? 'parental-delete' : plan.right === 'delete' ? 'delete' : 'identifier';
  if (!rule.for.includes(kind)) return undefined;
  const waits = kind === 'identifier' ? changesIdentifier(plan, policy) : plan.items.some(isErasing);
  return waits ? rule : undefined;
}

/** Whether a correction changes by what the person is known: an address, a name to sign in with. */
function changesIdentifier(plan: Plan, policy: Policy): boolean {
  return plan.items.some(({ source, action, fields }) => {
    const table = tableSource(policy, source);
    const isKnownBy = (field: string) =>
      table !== undefined && kindOfColumn(policy, table, field) !== undefined;
    return action === 'change' && fields.some(isKnownBy);
  });
}

/** What a correction changes, under the seal: a waiting time serves for nothing else. */
function wishOf({ keys }: Pick<Ledger, 'keys'>, { right, changes }: Plan): string | undefined {
  if (right !== 'edit') return undefined;
  const wished = changes.map(({ record, field, new: value }) => JSON.stringify([record, field, value]));
  return sealOf({ keys })(wished.toSorted().join('\n'));
}

/**
 * Stops what waits: the rows are as they were, nothing was erased. The request is verified again, or withdrawn
 * where the person took it back.
 */
export async function stopWaiting(
  ledger: Ledger,
  id: number,
  words: { readonly reason: string; readonly note?: string | undefined },
  isWithdrawn: boolean,
): Promise<Request> {
  if (isWithdrawn) {
    requireWaiting(await ledger.store.read((tx) => requireRequest(tx, id)));
    return endRequest(ledger, id, 'withdraw', words.reason, words.note);
  }
  return moveRequest(ledger, id, { move: 'stop', ...words }, async (request, tx) => {
    requireWaiting(request);
    await replacePlans(tx, id);
    return { ...(await endWaiting(tx, request, ledger.now)), plan: undefined, approval: undefined };
  });
}

function requireWaiting({ waiting }: Request): void {
  if (waiting !== undefined) return;
  throw refused('not-waiting', 'this request does not wait', 'dsr request show tells where it stands');
}

/**
 * Where the notice of a waiting time goes: the addresses that the ledger holds of the person, whatever was proved
 * and whatever the request says; of one that was corrected the old one too, until an export shows the new one.
 */
export async function knownAddresses(
  tx: Reader,
  ledger: Ledger,
  request: Request,
): Promise<readonly Identifier[]> {
  const views = await claimedViews(tx, ledger, request);
  const found = views.flatMap((view) => [
    ...view.identifiers.filter(({ kind }) => isAddress(kind, ledger.policy)),
    ...replacedAddresses(view, ledger),
  ]);
  return [...new Map(found.map((identifier) => [textKey(identifier), identifier])).values()];
}
