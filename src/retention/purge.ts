import { refused } from '../base/errors.ts';
import { subtractPeriod } from '../base/periods.ts';
import { dateIn } from '../base/time.ts';
import { expireBackups } from '../evidence/backup/backup.ts';
import { type ErasureEnd, finishErasures } from '../evidence/erasure/erasure.ts';
import type { Identifier } from '../people/identifier.ts';
import { planDigest } from '../plan/digest.ts';
import type { Plan, PlanItem } from '../plan/plan.ts';
import { withoutValues } from '../plan/stored-plan.ts';
import { requireSource } from '../policy/find.ts';
import { sealOf } from '../requests/seal.ts';
import { viewSubject } from '../requests/subject.ts';
import type { Decision } from '../rights/grouping.ts';
import { eventItem, groupDecisions } from '../rights/grouping.ts';
import { countEvents, expireEvents } from '../store/events.ts';
import type { Ledger } from '../store/ledger.ts';
import type { AppliedGroup, LegalHold } from '../store/registers.ts';
import type { Reader, RecordFilter, StoredRecord, Writer } from '../store/store.ts';
import { applyForgetting, planForgetting } from './forget.ts';
import { findHold } from './holds.ts';
import type { DueRule } from './schedule.ts';
import { dueRules, vanishedFate } from './schedule.ts';
import { applySuppressionEnds, planSuppressionEnds } from './suppressions.ts';

export interface PurgeResult {
  readonly plan: Plan;
  readonly applied: readonly AppliedGroup[];
  /** Set-aside rows whose time was over. */
  readonly rejects: number;
  readonly bytes: 'scrubbed' | 'pending' | 'not-needed';
  /** What followed: for this purge, and for every request that waited. */
  readonly end: ErasureEnd;
}

const PAGE = 5000;
const DAY = 86_400;
/** Complete snapshots without a row before its erasure is due. */
const MISSED_FOR_ERASURE = 2;

/** What the schedule makes due now: expired rows and lines, ended retentions, vanished rows; held ones stay. */
export async function planPurge(ledger: Ledger): Promise<Plan> {
  return ledger.store.read(async (tx) => planAt(tx, ledger, ledger.now, await heldRows(tx, ledger)));
}

/** Does exactly the plan, then scrubs and proves all that waits for it; running it twice is the same as once. */
export async function runPurge(ledger: Ledger, plan: Plan): Promise<PurgeResult> {
  const entry = { act: 'purge.done', at: ledger.now, actor: ledger.actor, facts: { plan: plan.digest } };
  const { applied, rejects } = await ledger.store.act(entry, async (tx) => {
    const held = await heldRows(tx, ledger);
    const now = await planAt(tx, ledger, plan.instant, held);
    if (now.digest !== plan.digest)
      throw refused(
        'plan-changed',
        'what is due has changed since the plan was made',
        'dsr purge --dry-run shows it',
      );
    await applySuppressionEnds(tx, plan.items);
    const groups = [
      ...(await applyPurge(tx, ledger, plan, held)),
      ...(await applyForgetting(tx, plan.items)),
    ];
    await emptyExpiredPlans(tx, ledger);
    const dropped = await tx.dropRejectsBefore(dateIn(ledger.now, ledger.policy.controller.zone));
    const backups = await expireBackups(tx, ledger);
    tx.facts({ applied: groups.map((group) => ({ ...group })), rejects: dropped, backups_over: backups });
    if (groups.length + dropped > 0) {
      await tx.add('purge', {
        state: 'done',
        subject: undefined,
        at: ledger.now,
        plan: plan.digest,
        applied: groups,
        protectedCount: countOf(plan.items.filter(({ action }) => action === 'hold')),
        bytes: 'pending',
      });
    }
    return { applied: groups, rejects: dropped };
  });
  const { bytesPending } = await ledger.store.read((tx) => tx.info());
  const end = await finishErasures(ledger, 'always');
  const bytes = bytesPending ? (end.delay === undefined ? 'scrubbed' : 'pending') : 'not-needed';
  return { plan, applied, rejects, bytes, end };
}

/** A plan that can no longer be run keeps no personal value. */
async function emptyExpiredPlans(tx: Writer, ledger: Ledger): Promise<void> {
  const { controller, limits } = ledger.policy;
  const oldest = subtractPeriod(dateIn(ledger.now, controller.zone), limits.planValid);
  for (const stored of await tx.entries('plan', { state: 'open' })) {
    if (dateIn(stored.plan.instant, controller.zone) >= oldest) continue;
    await tx.put('plan', withoutValues({ ...stored, state: 'expired' }));
  }
}

function countOf(items: readonly PlanItem[]): number {
  return items.reduce((sum, item) => sum + item.records.length + item.events, 0);
}

/** The plan of a purge at an instant, by what the ledger holds now and what of it must stay. */
export async function planAt(tx: Reader, ledger: Ledger, instant: string, held: Held): Promise<Plan> {
  const clock = { instant, zone: ledger.policy.controller.zone };
  const decisions = [
    ...(await endedRetentions(tx, ledger, dateIn(instant, clock.zone), held)),
    ...(await vanishedRows(tx, ledger, clock, held)),
  ];
  const taken = new Set(decisions.map(({ record }) => record.id));
  const events: PlanItem[] = [];
  for (const rule of dueRules(ledger.policy, clock)) {
    if (rule.source.type === 'log') events.push(...(await dueLines(tx, ledger, rule, held)));
    else
      for (const decision of await expiredRows(tx, rule, held))
        if (!taken.has(decision.record.id)) decisions.push(decision);
  }
  const ends = await planSuppressionEnds(tx, ledger, instant);
  const plan = {
    right: 'purge' as const,
    parental: undefined,
    level: undefined,
    subject: undefined,
    policyVersion: ledger.policyVersion,
    instant,
    items: [
      ...groupDecisions(decisions),
      ...events,
      ...ends,
      ...(await planForgetting(tx, ledger, instant, ends)),
    ],
    changes: [],
    orders: [],
    suppress: [],
    permittedRemains: [],
    notes: [],
  };
  return { ...plan, digest: planDigest(plan, sealOf(ledger)) };
}

/** What the holds in force preserve: rows of persons by id, and whole categories or sources. */
export interface Held {
  readonly records: ReadonlyMap<number, string>;
  readonly wide: readonly LegalHold[];
  /** Identifiers whose log lines stay. */
  readonly lines: readonly (Identifier & { readonly source: string; readonly matter: string })[];
}

/** What must stay now, whatever the schedule says. */
export async function heldRows(tx: Reader, ledger: Ledger): Promise<Held> {
  const holds = await tx.entries('hold', { state: 'placed' });
  const records = new Map<number, string>();
  const lines: (Identifier & { source: string; matter: string })[] = [];
  for (const hold of holds) {
    if (hold.subject === undefined) continue;
    const view = await viewSubject(tx, ledger, hold.subject);
    for (const { record } of view.rows) {
      const source = requireSource(ledger.policy, record.source);
      const target = { subjects: view.subjects, category: source.category, source: source.name };
      // By the account row everything else that is held is found again.
      const isAccount = source.type === 'table' && source.account;
      if (isAccount || findHold([hold], target) !== undefined) records.set(record.id, hold.matter);
    }
    for (const { source, identifier } of view.wanted) {
      const { category } = requireSource(ledger.policy, source);
      if (findHold([hold], { subjects: view.subjects, category, source }))
        lines.push({ ...identifier, source, matter: hold.matter });
    }
  }
  return { records, wide: holds.filter(({ subject }) => subject === undefined), lines };
}

function decide(
  record: StoredRecord,
  category: string,
  held: Held,
  fate: Pick<Decision, 'action' | 'reason' | 'basis' | 'until'>,
): Decision {
  const wide = findHold(held.wide, { subjects: [], category, source: record.source });
  const matter = wide?.matter ?? held.records.get(record.id);
  const base = {
    source: record.source,
    category,
    role: 'subject',
    record: { id: record.id, version: record.version },
  };
  if (matter !== undefined) return { ...base, action: 'hold', reason: `hold:${matter}`, basis: 'legal-hold' };
  return { ...base, ...fate };
}

async function endedRetentions(tx: Reader, ledger: Ledger, today: string, held: Held): Promise<Decision[]> {
  return collect(tx, { state: 'retained', retainedUntilBefore: today }, (record) =>
    decide(record, requireSource(ledger.policy, record.source).category, held, {
      action: 'erase',
      reason: 'retention-ended',
    }),
  );
}

async function vanishedRows(
  tx: Reader,
  ledger: Ledger,
  clock: { instant: string; zone: string },
  held: Held,
): Promise<Decision[]> {
  return collect(tx, { state: 'restricted', missedAtLeast: MISSED_FOR_ERASURE }, (record) => {
    const fate = vanishedFate(record, ledger.policy, clock);
    return decide(record, requireSource(ledger.policy, record.source).category, held, {
      ...fate,
      reason: 'vanished',
    });
  });
}

async function expiredRows(tx: Reader, rule: DueRule, held: Held): Promise<Decision[]> {
  return collect(tx, { source: rule.source.name, before: rule.before }, (record) =>
    // What a law keeps has its own end.
    record.retained !== undefined
      ? undefined
      : decide(record, rule.category, held, { action: 'erase', reason: 'expired' }),
  );
}

async function collect(
  tx: Reader,
  filter: RecordFilter,
  decideOne: (record: StoredRecord) => Decision | undefined,
): Promise<Decision[]> {
  const decisions: Decision[] = [];
  for (
    let page = await tx.listRecords(filter, 0, PAGE);
    page.length > 0;
    page = await tx.listRecords(filter, page.at(-1)?.id ?? 0, PAGE)
  ) {
    for (const record of page) {
      const decision = decideOne(record);
      if (decision !== undefined) decisions.push(decision);
    }
  }
  return decisions;
}

/** Lines of days that are over; those of persons under a hold stay, and are said to. */
async function dueLines(tx: Reader, ledger: Ledger, rule: DueRule, held: Held): Promise<PlanItem[]> {
  const { source, category, beforeDay } = rule;
  const all = await tx.countLinesBefore(source.name, beforeDay);
  if (all === 0 || source.type !== 'log') return [];
  const base = { source: source.name, category };
  const wide = findHold(held.wide, { subjects: [], category, source: source.name });
  if (wide !== undefined)
    return [
      eventItem({ ...base, events: all, action: 'hold', reason: `hold:${wide.matter}`, basis: 'legal-hold' }),
    ];
  const items: PlanItem[] = [];
  const window = { from: Number.MIN_SAFE_INTEGER, to: beforeDay * DAY };
  let left = all;
  for (const [matter, lines] of Map.groupBy(linesIn(held, source.name), (line) => line.matter)) {
    const wanted = lines.map(({ kind, value }) => ({ kind, value, window }));
    const { lines: events } = await countEvents(tx, ledger, source, wanted);
    if (events > 0)
      items.push(
        eventItem({ ...base, events, action: 'hold', reason: `hold:${matter}`, basis: 'legal-hold' }),
      );
    left -= events;
  }
  return left <= 0
    ? items
    : [...items, eventItem({ ...base, events: left, action: 'erase', reason: 'expired' })];
}

/** Each held identifier of a log once, under the first matter that names it. */
function linesIn(held: Held, source: string): Held['lines'] {
  const own = held.lines.filter((line) => line.source === source);
  return own.filter(
    (line, index) => own.findIndex(({ kind, value }) => kind === line.kind && value === line.value) === index,
  );
}

async function applyPurge(tx: Writer, ledger: Ledger, plan: Plan, held: Held): Promise<AppliedGroup[]> {
  const applied: AppliedGroup[] = [];
  for (const item of plan.items) {
    if (item.action !== 'erase') continue;
    const count =
      item.records.length > 0 ? await eraseRows(tx, item) : await eraseLines(tx, ledger, plan, item, held);
    const { source, category, action } = item;
    if (count > 0)
      applied.push({
        source,
        category,
        action: `${action}:${item.reason}`,
        count,
        basis: item.basis,
        until: item.until,
      });
  }
  return applied;
}

async function eraseRows(tx: Writer, item: PlanItem): Promise<number> {
  await tx.eraseRecords(item.records.map(({ id }) => id));
  return item.records.length;
}

async function eraseLines(
  tx: Writer,
  ledger: Ledger,
  plan: Plan,
  item: PlanItem,
  held: Held,
): Promise<number> {
  const clock = { instant: plan.instant, zone: ledger.policy.controller.zone };
  const rule = dueRules(ledger.policy, clock).find(({ source }) => source.name === item.source);
  if (rule === undefined || rule.source.type !== 'log') return 0;
  const spare = linesIn(held, item.source);
  return (await expireEvents(tx, ledger, rule.source, rule.beforeDay, spare)).erased;
}
