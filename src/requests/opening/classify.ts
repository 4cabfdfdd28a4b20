import { refused } from '../../base/errors.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { AccessLevel, Request, RequestType } from '../../store/registers.ts';
import type { Writer } from '../../store/store.ts';
import { type Deadlines, deadlinesOf } from '../clock/clock.ts';
import { endPauses, todayOf } from '../clock/clock-state.ts';
import { moveRequest } from '../moves.ts';
import type { Who } from '../subject.ts';
import type { RequestState } from '../transitions.ts';
import { verificationAtOpening } from '../verification/need.ts';
import { orderTypes } from './bundle.ts';
import { type PossibleDuplicate, possibleDuplicates } from './duplicates.ts';
import type { Opened } from './open.ts';
import { groupedFacts, namedOf } from './opening.ts';

/** What an unclear request turned out to be. */
export interface Classification {
  readonly types: readonly RequestType[];
  readonly level: AccessLevel;
  /** Under which law, where nobody had said so yet. */
  readonly regime?: string | undefined;
  /** Whose data it is, where the mail had named nobody. */
  readonly who: Who | undefined;
  readonly reason: string | undefined;
  readonly note: string | undefined;
}

type How = Pick<Classification, 'level' | 'regime'>;

/**
 * Turns an unclear request into what it is, or says under which law one stands of which nobody had said it; of several types the others become requests of their own, linked with
 * it. Each clock counts from the first receipt.
 */
export async function classifyRequest(
  ledger: Ledger,
  id: number,
  { types: given, who, reason, note, ...how }: Classification,
): Promise<Opened> {
  const [type, ...others] = classesOf(given);
  const deadlines = await deadlinesOf(ledger);
  const further: Request[] = [];
  let duplicates: readonly PossibleDuplicate[] = [];
  const moving = { move: 'classify', reason, note, facts: { type } } as const;
  const request = await moveRequest(ledger, id, moving, async (before, tx) => {
    if (before.type === type && others.length === 0 && isLawMissing(before, how))
      return underLaw(before, how.regime, deadlines, tx);
    const named = await namedRequest(tx, ledger, before, who);
    const bundle = others.length === 0 ? before.bundle : id;
    const ofMail = { ...named, bundle, clock: clarified(named, ledger) };
    const classified = ofType(ofMail, type, how, deadlines);
    for (const other of others)
      further.push(await tx.add('request', besideIt(ledger, ofMail, other, how, deadlines)));
    tx.facts({ regime: classified.regime, opened: further.length === 0 ? undefined : groupedFacts(further) });
    duplicates = await possibleDuplicates(tx, ledger, [classified, ...further]);
    return classified;
  });
  return { requests: [request, ...further], isRepeated: false, possibleDuplicates: duplicates };
}

/** Whether nobody had said under which law a request stands, and now somebody does. */
function isLawMissing({ isRegimeAssumed }: Request, how: How): how is How & { readonly regime: string } {
  return isRegimeAssumed === true && how.regime !== undefined;
}

/** The same request, under the law that it stands under after all; what was proved stays proved. */
function underLaw(before: Request, regime: string, deadlines: Deadlines, tx: Writer): Request {
  tx.facts({ regime });
  return deadlines.reckoned({ ...before, regime, isRegimeAssumed: undefined });
}

/** The clock of what was unclear: what it stood still for is known now. */
function clarified({ clock }: Request, ledger: Ledger): Request['clock'] {
  return clock && endPauses(clock, ['clarification'], todayOf(ledger));
}

function classesOf(given: readonly RequestType[]): readonly [RequestType, ...RequestType[]] {
  const [type, ...others] = orderTypes(given);
  if (type === undefined || type === 'unclear')
    throw refused('still-unclear', 'that says nothing new: it is unclear now');
  if (type === 'parental-review')
    throw refused(
      'parental-by-itself',
      'a parental review says which of the four it is, and by which parent',
      'withdraw this one and open it: dsr request open --type parental-review, with --received as it was',
    );
  return [type, ...others];
}

async function namedRequest(
  tx: Writer,
  ledger: Ledger,
  before: Request,
  who: Who | undefined,
): Promise<Request> {
  if (before.type !== 'unclear')
    throw refused(
      'not-unclear',
      `it is classified: ${before.type}`,
      before.isRegimeAssumed
        ? `--type ${before.type} --regime LAW says under which law it stands`
        : 'withdraw it and open what it is, with --received as it was',
    );
  const isNamed = before.subject !== undefined || before.asked !== undefined;
  if (who === undefined && isNamed) return before;
  if (who === undefined)
    throw refused('nobody-named', 'nothing says whose data it is', 'give the ID after the request');
  if (isNamed) throw refused('named-already', 'it says whose data it is', 'dsr request reassign moves it');
  const named = await namedOf(tx, ledger, [who]);
  return { ...before, ...named, mark: before.mark ?? named.mark };
}

/** The request as one of a type: its clock from its receipt, and what has to be shown by what is asked for now. */
function ofType(
  request: Request,
  type: RequestType,
  { level, regime: said }: How,
  deadlines: Deadlines,
): Request {
  const { receivedOn, isRegimeAssumed } = request;
  const assumed = isRegimeAssumed ? deadlines.strictest({ type, receivedOn }) : request.regime;
  const regime = said ?? assumed;
  return deadlines.reckoned({
    ...request,
    type,
    level,
    regime,
    isRegimeAssumed: said === undefined ? isRegimeAssumed : undefined,
    verification: verificationAtOpening(type, level, regime).verification,
  });
}

/** Another request out of the same mail, with what was done about the mail so far; it shows its own proof. */
function besideIt(
  ledger: Ledger,
  ofMail: Request,
  type: RequestType,
  how: How,
  deadlines: Deadlines,
): Request {
  const { now: at, actor } = ledger;
  const request = ofType({ ...ofMail, openedAt: at, notes: [] }, type, how, deadlines);
  const state: RequestState = request.verification.verified ? 'verified' : 'received';
  const line = { at, actor: actor.name, from: undefined, to: state, reason: 'classified' };
  return { ...request, state, history: [line] };
}
