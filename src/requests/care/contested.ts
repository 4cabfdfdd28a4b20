import { refused } from '../../base/errors.ts';
import { dateIn, type Instant, type PlainDate } from '../../base/time.ts';
import type { Plan } from '../../plan/plan.ts';
import { contestable } from '../../rights/edit.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Dispute, FieldEdit, Request } from '../../store/registers.ts';
import type { Reader, RecordId, SubjectId, Writer } from '../../store/store.ts';
import { isUnanswered } from '../due.ts';
import { moveRequest, type Saying } from '../moves.ts';
import { viewOf } from '../plan.ts';
import { requireVerified } from '../verification/need.ts';
import { liftRestriction, placeRestriction } from './restrictions.ts';

/** A place in the map that is contested. */
export type ContestedPlace = Pick<FieldEdit, 'source' | 'key' | 'field'>;

/** Restricts the rows whose accuracy a person contests, while that is looked into (GDPR Art. 18(1)(a)). */
export async function disputeFields(
  ledger: Ledger,
  id: number,
  places: readonly ContestedPlace[],
  words: Saying,
): Promise<Request> {
  return moveRequest(ledger, id, { move: 'dispute', ...words }, async (request, tx) => {
    requireContesting(request);
    const fresh = places.filter((place) => !isContested(request, place));
    if (fresh.length === 0)
      throw refused('already-contested', 'this is contested already', 'dsr request show tells what is');
    const alike = Map.groupBy(fresh, ({ source, key }) => JSON.stringify([source, key]));
    const disputes: Dispute[] = [];
    for (const group of alike.values()) disputes.push(await disputeRows(tx, ledger, request, group));
    tx.facts({ fields: fresh.length });
    return { ...request, disputes: [...(request.disputes ?? []), ...disputes] };
  });
}

function requireContesting(request: Request): void {
  if (!isUnanswered(request))
    throw refused(
      'already-answered',
      'the request is answered',
      'open another one for what is contested now',
    );
  requireVerified(request);
}

function isContested({ disputes = [] }: Request, { source, key, field }: ContestedPlace): boolean {
  return disputes.some(
    (one) =>
      one.endedAt === undefined && one.source === source && one.key === key && one.fields.includes(field),
  );
}

async function disputeRows(
  tx: Writer,
  ledger: Ledger,
  request: Request,
  places: readonly ContestedPlace[],
): Promise<Dispute> {
  const view = await viewOf(tx, ledger, request);
  const rows = places.flatMap((place) => contestable(view, place, ledger.policy));
  const records = [...new Set(rows.map(({ id }) => id))];
  const { subject, id } = request;
  const restricting = { request: id, subject, cause: 'dispute' as const, records };
  const restriction = await placeRestriction(tx, restricting, ledger.now);
  return {
    at: ledger.now,
    actor: ledger.actor.name,
    source: places[0]?.source ?? '',
    key: places[0]?.key,
    fields: [...new Set(places.map(({ field }) => field))],
    restriction: restriction.id,
  };
}

/** How the person was told that a restriction ends. */
export interface DisputeEnd {
  /** All that is contested where there are none. */
  readonly places: readonly ContestedPlace[];
  /** The day on which the person was told, where no letter of dsr did it. */
  readonly toldOn: PlainDate | undefined;
}

/** Ends disputes; the person has to be told before their rows are used again (GDPR Art. 18(3)). */
export async function endDispute(
  ledger: Ledger,
  id: number,
  { places, toldOn }: DisputeEnd,
  words: Saying,
): Promise<Request> {
  requireNotFuture(ledger, toldOn);
  return moveRequest(ledger, id, { move: 'dispute', ...words }, async (request, tx) => {
    const ending = (request.disputes ?? []).filter((one) => isMeant(one, places));
    if (ending.length === 0)
      throw refused('not-contested', 'nothing of this is contested', 'dsr request show tells what is');
    for (const one of ending) await requireTold(tx, ledger, request, one, toldOn);
    const fields = (one: Dispute) => fieldsMeant(one, places);
    tx.facts({ ended: ending.flatMap(fields).length, told_on: toldOn });
    return endFields(tx, request, ledger.now, (one) => (ending.includes(one) ? fields(one) : []));
  });
}

function requireNotFuture({ now, policy }: Ledger, toldOn: PlainDate | undefined): void {
  if (toldOn !== undefined && toldOn > dateIn(now, policy.controller.zone))
    throw refused('told-in-future', `${toldOn} is after today`, 'give the day on which the person was told');
}

function isMeant(dispute: Dispute, places: readonly ContestedPlace[]): boolean {
  return dispute.endedAt === undefined && fieldsMeant(dispute, places).length > 0;
}

function fieldsMeant({ source, key, fields }: Dispute, places: readonly ContestedPlace[]): readonly string[] {
  if (places.length === 0) return fields;
  const meant = places.filter((place) => place.source === source && place.key === key);
  return fields.filter((field) => meant.some((place) => place.field === field));
}

const TELLING: ReadonlySet<string> = new Set(['answer', 'partial-answer', 'refusal']);

async function requireTold(
  tx: Reader,
  { policy }: Ledger,
  { id }: Request,
  dispute: Dispute,
  toldOn: PlainDate | undefined,
): Promise<void> {
  const since = dateIn(dispute.at, policy.controller.zone);
  const letters = await tx.entries('letter', { request: id, state: 'sent' });
  const days = letters.filter(({ kind }) => TELLING.has(kind)).map(({ sentOn }) => sentOn);
  if ([...days, toldOn].some((day) => day !== undefined && day >= since)) return;
  throw refused(
    'not-told',
    'the person has to be told before the restriction ends (GDPR Art. 18(3))',
    `--told-on DATE says when that was, ${since} or later; so does a letter that is noted as sent`,
  );
}

/** A correction that is granted ends the dispute of the fields that it changes. */
export async function endContested(tx: Writer, request: Request, plan: Plan, at: Instant): Promise<Request> {
  const changed = new Set(plan.changes.map(({ record, field }) => JSON.stringify([record, field])));
  const granted = new Map<Dispute, readonly string[]>();
  for (const dispute of (request.disputes ?? []).filter(({ endedAt }) => endedAt === undefined)) {
    const records = (await tx.entry('restriction', dispute.restriction))?.records ?? [];
    const isChanged = (field: string) =>
      records.every((record) => changed.has(JSON.stringify([record, field])));
    granted.set(dispute, dispute.fields.filter(isChanged));
  }
  return endFields(tx, request, at, (dispute) => granted.get(dispute) ?? []);
}

/** The request with the named fields of each dispute ended; rows of which nothing is contested any more are lifted. */
async function endFields(
  tx: Writer,
  request: Request,
  at: Instant,
  ending: (dispute: Dispute) => readonly string[],
): Promise<Request> {
  const disputes: Dispute[] = [];
  for (const dispute of request.disputes ?? []) {
    const over = ending(dispute);
    const rest = dispute.fields.filter((field) => !over.includes(field));
    if (over.length > 0) disputes.push({ ...dispute, fields: over, endedAt: at });
    if (over.length === 0 || rest.length > 0) disputes.push({ ...dispute, fields: rest });
    else await liftDispute(tx, dispute, at);
  }
  return request.disputes === undefined ? request : { ...request, disputes };
}

async function liftDispute(tx: Writer, { restriction: id }: Dispute, at: Instant): Promise<void> {
  const restriction = await tx.entry('restriction', id);
  if (restriction !== undefined) await liftRestriction(tx, restriction, at);
}

/** Row → its fields that a person contests now. */
export async function contestedFields(
  tx: Reader,
  subjects: readonly SubjectId[],
): Promise<ReadonlyMap<RecordId, readonly string[]>> {
  const found = new Map<RecordId, readonly string[]>();
  for (const subject of subjects)
    for (const { disputes = [] } of await tx.entries('request', { subject }))
      for (const { restriction, fields, endedAt } of disputes) {
        if (endedAt !== undefined) continue;
        for (const record of (await tx.entry('restriction', restriction))?.records ?? [])
          found.set(record, [...new Set([...(found.get(record) ?? []), ...fields])]);
      }
  return found;
}
