import { refused } from '../../base/errors.ts';
import { requestName } from '../../base/ids.ts';
import { dateIn, type PlainDate } from '../../base/time.ts';
import type { LetterWish } from '../../letters/facts.ts';
import type { LetterKind } from '../../letters/kinds.ts';
import { isByHand } from '../../letters/rights-words.ts';
import type { Identifier } from '../../people/identifier.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Letter, Request } from '../../store/registers.ts';
import type { Reader, Writer } from '../../store/store.ts';
import { type Deadlines, deadlinesOf } from '../clock/clock.ts';
import { clockOf, requireDay, todayOf } from '../clock/clock-state.ts';
import { requireRequest } from '../find.ts';
import { type DeskMove, moveRequest } from '../moves.ts';
import { type RequestMove, stateAfter } from '../transitions.ts';
import { requireVerified } from '../verification/need.ts';
import { requireAnswerChannel } from './answer-channel.ts';
import { type Drafted, draftLetter, isBorneOut } from './draft-letter.ts';

/** A letter with the request that it belongs to, as it stands after it. */
export interface Written extends Drafted {
  readonly request: Request;
}

/** Drafts a letter of a request by hand; what the ledger knows of the request already stands in it. */
export async function writeLetter(
  ledger: Ledger,
  id: number,
  kind: LetterKind,
  wish: Pick<LetterWish, 'reason' | 'note'>,
): Promise<Written> {
  const drafts: Drafted[] = [];
  const moving = { move: 'letter' as const, reason: wish.reason };
  const request = await moveRequest(ledger, id, moving, async (before, tx) => {
    drafts.push(await draftLetter(tx, ledger, before, kind, wish));
    return before;
  });
  return { request, ...only(drafts) };
}

/** How a letter went. */
export interface Sending {
  readonly kind: LetterKind;
  /** The day on which it was sent; today where left out. */
  readonly on: PlainDate | undefined;
  /** `email`, `letter`, `account`; of an answer a way that was verified. */
  readonly channel: string;
  /** The address that it went to, to be compared; never kept. */
  readonly to?: Identifier | undefined;
  readonly reason: string | undefined;
  readonly note: string | undefined;
}

/** A letter that was marked as sent, with its request. */
export interface Sent {
  readonly request: Request;
  readonly letter: Letter;
}

/**
 * Marks the newest draft of a kind as sent, with day and channel. Of a request that dsr does not carry out
 * itself its answer ends it; an acknowledgement that was not noted yet is noted with it.
 */
export async function sendLetter(ledger: Ledger, id: number, sending: Sending): Promise<Sent> {
  const { kind, channel, reason, note } = sending;
  const deadlines = await deadlinesOf(ledger);
  const move = moveFor(await ledger.store.read((tx) => requireRequest(tx, id)), kind);
  const letters: Letter[] = [];
  const request = await moveRequest(ledger, id, { move, reason, note }, async (before, tx) => {
    if (moveFor(before, kind) !== move) throw changedMeanwhile();
    const on = requireDay(ledger, before, sending.on);
    tx.facts({ letter_kind: kind, sent_on: on, channel });
    if (isAnswer(kind)) await requireAnswerChannel(tx, ledger, before, sending);
    letters.push(await markSent(tx, ledger, before, { kind, on, channel }));
    return afterSending(before, { move, kind, on, deadlines, ledger, tx });
  });
  return { request, letter: only(letters) };
}

function only<T>([first]: readonly T[]): T {
  if (first === undefined) throw new Error('an act that was done has its result');
  return first;
}

function isAnswer(kind: LetterKind): kind is 'answer' | 'partial-answer' {
  return kind === 'answer' || kind === 'partial-answer';
}

type SendingMove = Extract<DeskMove, 'answer' | 'send' | 'acknowledge'>;

/** What sending a letter of a kind is to its request. */
function moveFor(request: Request, kind: LetterKind): SendingMove {
  requireCause(request, kind);
  if (kind === 'acknowledgement') {
    const isNoted = clockOf(request).acknowledgedOn !== undefined;
    return isNoted || stateAfter(request.state, 'acknowledge') === undefined ? 'send' : 'acknowledge';
  }
  const isGiven =
    request.outcome !== undefined || (request.answered !== undefined && request.reopened !== true);
  if (!isAnswer(kind) || isGiven) return 'send';
  requireVerified(request);
  return 'answer';
}

const REFUSALS: ReadonlySet<RequestMove> = new Set(['deny', 'expire', 'uphold']);

/** Refuses to send what has not happened. */
function requireCause(request: Request, kind: LetterKind): void {
  const { history, clock, appeal, state, type, outcome } = request;
  const isRefused = history.some(({ move }) => move !== undefined && REFUSALS.has(move));
  if (kind === 'refusal' && !isRefused)
    throw refused('not-denied', 'the request is not refused', 'dsr request deny refuses it, with a reason');
  if (kind === 'extension' && clock?.extension === undefined && appeal?.extension === undefined)
    throw refused('not-extended', 'the request has no extension', 'dsr request extend makes one');
  if (isAnswer(kind) && outcome === undefined && !isByHand(type))
    throw refused(
      'not-carried-out',
      'what was asked is not carried out',
      'dsr request plan and dsr request run carry it out',
    );
  if (isAnswer(kind) && state === 'denied')
    throw refused('is-denied', 'a request that is refused has no answer', '--as refusal is what was sent');
}

function changedMeanwhile() {
  return refused('changed-meanwhile', 'the request was moved while its letter was marked', 'look again');
}

/** Letters that say what was done, refused or put off: not sent once it is no longer so. */
const CLAIMS: ReadonlySet<LetterKind> = new Set(['answer', 'partial-answer', 'refusal', 'extension']);

interface Marking {
  readonly kind: LetterKind;
  readonly on: PlainDate;
  readonly channel: string;
}

async function markSent(
  tx: Writer,
  ledger: Ledger,
  request: Request,
  { kind, on, channel }: Marking,
): Promise<Letter> {
  const draft = (await lettersOf(tx, request.id)).findLast((letter) => letter.kind === kind);
  const again = `dsr request letter ${requestName(request.id)} --kind ${kind} drafts it`;
  if (draft?.state !== 'drafted') throw refused('no-draft', 'there is no draft of such a letter', again);
  if (on < dateIn(draft.at, ledger.policy.controller.zone))
    throw refused('sent-before-drafted', 'the newest draft was written after that day', again);
  // What was sent on an earlier day was true then.
  const isClaim = CLAIMS.has(kind) && on === todayOf(ledger);
  if (isClaim && !(await isBorneOut(tx, ledger, request, { kind, facts: draft.facts })))
    throw refused('letter-out-of-date', 'the request has moved on since this letter was drafted', again);
  const sent = { ...draft, state: 'sent', sentOn: on, channel };
  await tx.put('letter', sent);
  tx.facts({ letter: sent.id, letter_sha256: sent.sha256 });
  return sent;
}

interface Afterwards {
  readonly move: SendingMove;
  readonly kind: LetterKind;
  readonly on: PlainDate;
  readonly deadlines: Deadlines;
  readonly ledger: Ledger;
  readonly tx: Writer;
}

/** What a letter that went makes of its request. */
function afterSending(request: Request, { move, kind, on, deadlines, ledger, tx }: Afterwards): Request {
  if (move === 'acknowledge')
    return deadlines.reckoned({ ...request, clock: { ...clockOf(request), acknowledgedOn: on } });
  if (move !== 'answer') return request;
  const extent = kind === 'answer' ? 'whole' : 'part';
  tx.facts({ extent });
  return { ...request, answered: { at: ledger.now, on, extent } };
}

/** The letters of a request, oldest first. */
export async function lettersOf(tx: Pick<Reader, 'entries'>, request: number): Promise<readonly Letter[]> {
  const letters = await tx.entries('letter', { request });
  return letters.toSorted((a, b) => a.id - b.id);
}
