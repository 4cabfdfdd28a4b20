import { refused } from '../base/errors.ts';
import { requireFreshSources } from '../evidence/backup/awaited-sources.ts';
import type { Identifier } from '../people/identifier.ts';
import { normalise } from '../people/normalise.ts';
import type { Plan } from '../plan/plan.ts';
import { withoutValues } from '../plan/stored-plan.ts';
import { tableSource } from '../policy/find.ts';
import { planRequest } from '../rights/plan-request.ts';
import type { PlanContext, SubjectView } from '../rights/view.ts';
import type { Ledger } from '../store/ledger.ts';
import type { FieldEdit, Request, StoredPlan } from '../store/registers.ts';
import type { Reader, Writer } from '../store/store.ts';
import { moved } from './moves.ts';
import { requireRequest } from './open.ts';
import { sealOf } from './seal.ts';
import { isSomebody, viewNobody, viewSubject } from './subject.ts';
import { requireMove } from './transitions.ts';

export interface PlanInput {
  readonly edits: readonly FieldEdit[];
  readonly grounds: readonly string[];
}

/** Plans a verified request and keeps the plan; nothing else is written. */
export async function makePlan(
  ledger: Ledger,
  id: number,
  input: PlanInput,
): Promise<{ request: Request; plan: Plan }> {
  const entry = { act: 'request.planned', at: ledger.now, actor: ledger.actor, request: id };
  return ledger.store.act(entry, async (tx) => {
    const request = await requireRequest(tx, id);
    requireVerified(request);
    requireMove(request.state, 'plan');
    const { plan } = await planNow(tx, ledger, request, input, ledger.now);
    await replacePlans(tx, id);
    await tx.add('plan', {
      state: 'open',
      subject: request.subject,
      request: id,
      digest: plan.digest,
      plannedBy: ledger.actor.name,
      plan,
      ...input,
    });
    const next = { ...moved(request, 'plan', ledger), plan: plan.digest, approval: undefined };
    await tx.put('request', next);
    tx.facts({ plan: plan.digest, policy_version: plan.policyVersion });
    return { request: next, plan };
  });
}

function requireVerified(request: Request): void {
  if (request.verification.verified) return;
  throw refused('not-verified', 'who asks is not verified', 'dsr request verify does it');
}

/** The plan of a request as the ledger stands, at a given instant, with what it was made from. */
export async function planNow(
  tx: Reader,
  ledger: Ledger,
  request: Request,
  input: PlanInput,
  instant: string,
): Promise<{ readonly plan: Plan; readonly view: SubjectView }> {
  await requireFreshSources(tx, ledger.policy);
  const view = await viewOf(tx, ledger, request);
  await requireUnknown(tx, ledger, view, input.edits);
  const wish = { type: request.type, parental: request.parental?.action, level: request.level, ...input };
  return { plan: planRequest(view, wish, await contextOf(tx, ledger, instant)), view };
}

/** What is theirs; an empty view where nobody was known by what was asked for, and nobody is. */
export async function viewOf(tx: Reader, ledger: Ledger, request: Request): Promise<SubjectView> {
  if (request.subject !== undefined) return viewSubject(tx, ledger, request.subject);
  if (request.asked !== undefined && (await isSomebody(tx, ledger, request.asked))) {
    throw refused(
      'somebody-by-now',
      'somebody is known by this identifier since the request was opened',
      'dsr request withdraw ends it; open it again with its --received date, and verify who asks',
    );
  }
  return viewNobody();
}

export async function contextOf(tx: Reader, ledger: Ledger, instant: string): Promise<PlanContext> {
  return {
    policy: ledger.policy,
    policyVersion: ledger.policyVersion,
    instant,
    holds: await tx.entries('hold', { state: 'placed' }),
    seal: sealOf(ledger),
  };
}

/** Ends the open plans of a request; what they held of personal values goes. */
export async function replacePlans(tx: Writer, request: number): Promise<void> {
  for (const plan of await plansOf(tx, request)) {
    if (plan.state === 'open') await tx.put('plan', withoutValues({ ...plan, state: 'replaced' }));
  }
}

export async function plansOf(tx: Reader, request: number): Promise<readonly StoredPlan[]> {
  return tx.entries('plan', { request });
}

/** An identifier under which the ledger knows somebody else's rows would open them to whoever claims it. */
async function requireUnknown(
  tx: Reader,
  ledger: Ledger,
  view: SubjectView,
  edits: readonly FieldEdit[],
): Promise<void> {
  const own = new Set(view.rows.map(({ record }) => record.id));
  for (const edit of edits) {
    const identifier = identifierOf(edit, ledger);
    if (identifier === undefined) continue;
    const rows = await tx.recordsReached([ledger.keys.hasher.reach(identifier)], own.size + 1);
    if (rows.every(({ id }) => own.has(id))) continue;
    throw refused(
      'identifier-in-use',
      `the new value of ${edit.source}.${edit.field} stands in rows that are not this person's`,
      'dsr subject find looks it up; where it is theirs, dsr subject link gives it to them first',
    );
  }
}

function identifierOf({ source: name, field, value }: FieldEdit, ledger: Ledger): Identifier | undefined {
  const columns = tableSource(ledger.policy, name)?.parties.flatMap(({ identifiers }) => identifiers) ?? [];
  const kind = ledger.policy.identifiers[columns.find(({ column }) => column === field)?.kind ?? ''];
  const normal =
    kind === undefined || kind.strength === 'network' || value === undefined
      ? undefined
      : normalise(kind, value);
  return kind === undefined || normal === undefined ? undefined : { kind: kind.name, value: normal };
}
