import { notFound, refused } from '../base/errors.ts';
import type { PlainDate } from '../base/time.ts';
import { dateIn } from '../base/time.ts';
import { dueOn, REGIME_NAMES, strictestRegime } from '../law/regimes.ts';
import type { Identifier } from '../people/identifier.ts';
import type { Ledger } from '../store/ledger.ts';
import type { AccessLevel, ParentalAction, Request, RequestType } from '../store/registers.ts';
import type { Reader, SubjectId } from '../store/store.ts';
import { requireSubject } from './subject.ts';

export interface Opening {
  readonly type: RequestType;
  readonly who: Identifier | { readonly subject: SubjectId };
  readonly receivedOn: PlainDate | undefined;
  readonly regime: string | undefined;
  readonly channel: string | undefined;
  readonly requester: string;
  readonly level: AccessLevel;
  readonly parental: ParentalAction | undefined;
  readonly parent: Identifier | { readonly subject: SubjectId } | undefined;
  readonly note: string | undefined;
}

/**
 * Opens a request with its clock running. Where nobody is known by the identifier the request stands
 * all the same, to be answered "nothing held"; two candidates stop it.
 */
export async function openRequest(ledger: Ledger, opening: Opening): Promise<Request> {
  const { policy, now, actor } = ledger;
  const today = dateIn(now, policy.controller.zone);
  const receivedOn = opening.receivedOn ?? today;
  if (receivedOn > today)
    throw refused(
      'received-in-future',
      `${receivedOn} is after today, ${today}`,
      'give the day on which the request came in',
    );
  const regime = opening.regime ?? strictestRegime(policy.controller.regimes, receivedOn);
  if (!REGIME_NAMES.includes(regime))
    throw refused('unknown-regime', 'no such regime', `regimes: ${REGIME_NAMES.join(', ')}`);
  if (opening.requester === 'parent' && opening.type !== 'parental-review')
    throw refused(
      'parental-review-required',
      'a parent asks by a parental review',
      'dsr parental-review has describe, review, delete and stop',
    );
  const entry = {
    act: 'request.opened',
    at: now,
    actor,
    facts: { type: opening.type, regime, received_on: receivedOn },
  };
  return ledger.store.act(entry, async (tx) => {
    const subject = await requireSubject(tx, ledger, opening.who);
    const parent =
      opening.parent === undefined ? undefined : await requireSubject(tx, ledger, opening.parent);
    const request = await tx.add('request', {
      state: 'received',
      subject,
      type: opening.type,
      regime,
      channel: opening.channel,
      requester: opening.requester,
      receivedOn,
      dueOn: dueOn(regime, receivedOn),
      openedAt: now,
      verification: { verified: false, method: undefined, matched: 0, needed: 0, tries: 0 },
      asked: subject === undefined && 'kind' in opening.who ? opening.who : undefined,
      parental: opening.parental === undefined ? undefined : { action: opening.parental, parent },
      level: opening.level,
      plan: undefined,
      approval: undefined,
      history: [{ at: now, actor: actor.name, from: undefined, to: 'received', reason: undefined }],
      notes: opening.note === undefined ? [] : [{ at: now, actor: actor.name, text: opening.note }],
      outcome: undefined,
    });
    tx.facts({ request: request.id, known: subject !== undefined });
    return request;
  });
}

/** The request by its number; one that never was is exit 5, and one whose file has ended. */
export async function requireRequest(tx: Pick<Reader, 'entry' | 'isSpent'>, id: number): Promise<Request> {
  const request = await tx.entry('request', id);
  if (request !== undefined) return request;
  if (await tx.isSpent('request', id))
    throw notFound(
      'request-file-ended',
      'the file of this request has ended: what it held was forgotten when its period was over',
      'certificates and checkpoints that were given out still verify',
    );
  throw notFound('no-such-request', 'there is no such request', 'dsr request list shows them');
}
