import { refused } from '../../base/errors.ts';
import type { PlainDate } from '../../base/time.ts';
import { dateIn } from '../../base/time.ts';
import { requireRegime } from '../../law/regimes.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request } from '../../store/registers.ts';
import { extentOf } from '../extent.ts';
import { draftLetter } from '../letters/draft-letter.ts';
import { moveRequest, type Saying } from '../moves.ts';
import { running, verifiedAgain } from '../reopen.ts';
import { deadlinesOf } from './clock.ts';
import { requireDay } from './clock-state.ts';

/** Takes up an appeal against a refusal, in whole or in part, where the law has one to the controller itself. */
export async function appealRequest(
  ledger: Ledger,
  id: number,
  received: PlainDate | undefined,
  saying: Saying,
): Promise<Request> {
  const deadlines = await deadlinesOf(ledger);
  return moveRequest(ledger, id, { move: 'appeal', ...saying }, (request, tx) => {
    requireAppealable(request);
    const receivedOn = requireDay(ledger, request, received);
    requireAfterRefusal(request, receivedOn, ledger.policy.controller.zone);
    const next = deadlines.reckoned({ ...request, appeal: { receivedOn, dueOn: undefined } });
    tx.facts({ received_on: receivedOn, due_on: next.appeal?.dueOn });
    return next;
  });
}

function requireAppealable(request: Request): void {
  const { regime, appeal, state } = request;
  if (requireRegime(regime).appeals.length === 0)
    throw refused(
      'no-appeal',
      `${regime} has no appeal to the controller: who is refused goes to the authority or to court`,
      'dsr request open --type complaint takes up a complaint',
    );
  if (appeal?.decided !== undefined)
    throw refused('appealed-already', 'an appeal was decided already; after it comes the attorney general');
  if (state === 'closed' && !isPartial(request))
    throw refused('nothing-refused', 'the request was answered in whole: there is no refusal to appeal');
}

function isPartial({ answered, outcome }: Request): boolean {
  return answered?.extent === 'part' || (outcome !== undefined && extentOf(outcome) !== 'whole');
}

function requireAfterRefusal({ history }: Request, receivedOn: PlainDate, zone: string): void {
  const end = history.findLast(({ from, to }) => from !== to && (to === 'denied' || to === 'closed'));
  const endedOn = end && dateIn(end.at, zone);
  if (endedOn !== undefined && receivedOn < endedOn)
    throw refused('appeal-before-refusal', `${receivedOn} is before the answer, which is of ${endedOn}`);
}

/** Decides an appeal: granted, the request is taken up again; upheld, the refusal stands. */
export async function decideAppeal(
  ledger: Ledger,
  id: number,
  granted: boolean,
  saying: Saying,
): Promise<Request> {
  const deadlines = await deadlinesOf(ledger);
  const move = granted ? 'grant' : 'uphold';
  const further = granted ? verifiedAgain : undefined;
  return moveRequest(ledger, id, { move, ...saying, ...(further && { further }) }, async (request, tx) => {
    const { appeal } = request;
    if (appeal === undefined) throw new Error('a request that is appealed has its appeal');
    tx.facts({ received_on: appeal.receivedOn, due_on: appeal.dueOn });
    const decided = { ...appeal, decided: { at: ledger.now, granted } };
    const next = deadlines.reckoned({ ...request, appeal: decided, clock: running(request, ledger) });
    if (!granted) await draftLetter(tx, ledger, next, 'refusal', { note: saying.note });
    return next;
  });
}
