import { refused } from '../../base/errors.ts';
import { requestName } from '../../base/ids.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request } from '../../store/registers.ts';
import type { Reader } from '../../store/store.ts';
import { endWaiting } from '../care/restrictions.ts';
import { isUnanswered } from '../due.ts';
import { requireRequest } from '../find.ts';
import { moveRequest } from '../moves.ts';
import { replacePlans } from '../plan.ts';
import { askedMark } from './foreign.ts';

/** Two requests that may be one: by their numbers, the newer first. */
export interface PossibleDuplicate {
  readonly request: number;
  readonly of: number;
}

/** Open requests that ask the same for the same person, or for what nobody is known by; in their order. */
export async function possibleDuplicates(
  tx: Reader,
  ledger: Ledger,
  requests: readonly Request[],
): Promise<readonly PossibleDuplicate[]> {
  const found: PossibleDuplicate[] = [];
  for (const request of requests) {
    const others = await samePerson(tx, ledger, request);
    for (const other of others)
      if (isSameWish(request, other)) found.push({ request: request.id, of: other.id });
  }
  return found;
}

async function samePerson(
  tx: Reader,
  { keys }: Ledger,
  { subject, asked }: Request,
): Promise<readonly Request[]> {
  if (subject !== undefined) return tx.entries('request', { subject });
  return asked === undefined ? [] : tx.entries('request', { mark: askedMark(keys, asked) });
}

function isSameWish(request: Request, other: Request): boolean {
  const isSame = other.type === request.type && other.parental?.action === request.parental?.action;
  return isSame && other.id !== request.id && isUnanswered(other);
}

/**
 * Ends a request as the repetition of another one, whose clock goes on: of the same person, for the same (an
 * unclear one may repeat anything), received no earlier.
 */
export async function markDuplicate(
  ledger: Ledger,
  id: number,
  of: number,
  reason: string | undefined,
  note: string | undefined,
): Promise<Request> {
  const moving = { move: 'duplicate', reason, note, facts: { duplicate_of: of } } as const;
  return moveRequest(ledger, id, moving, async (request, tx) => {
    requireRepetition(request, await requireRequest(tx, of));
    await replacePlans(tx, id);
    return endWaiting(tx, { ...request, duplicateOf: of }, ledger.now);
  });
}

function requireRepetition(request: Request, first: Request): void {
  const name = requestName(first.id);
  if (first.id === request.id) throw refused('duplicate-of-itself', 'a request does not repeat itself');
  if (!isSamePerson(request, first))
    throw refused(
      'other-person',
      `${name} is of another person: what is asked for each is answered for itself`,
    );
  if (request.type !== 'unclear' && request.type !== first.type)
    throw refused('other-type', `${name} asks for something else: ${first.type}`);
  if (!isUnanswered(first))
    throw refused('already-answered', `${name} was answered: what is asked anew is a request of its own`);
  if (first.receivedOn > request.receivedOn)
    throw refused(
      'received-later',
      `${name} was received later`,
      'the clock of the first one goes on: end the later one as its duplicate',
    );
}

function isSamePerson(one: Request, other: Request): boolean {
  if (one.subject !== undefined) return one.subject === other.subject;
  const [asked, too] = [one.asked, other.asked];
  if (other.subject !== undefined || asked === undefined) return false;
  return asked.kind === too?.kind && asked.value === too.value;
}
