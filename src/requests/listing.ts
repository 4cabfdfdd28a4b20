import type { PlainDate } from '../base/time.ts';
import type { Request, RequestType } from '../store/registers.ts';
import type { Reader } from '../store/store.ts';
import { isOverdue } from './due.ts';
import type { RequestState } from './transitions.ts';

/** Which requests a listing is for; all of them where nothing is said. */
export interface ListingFilter {
  readonly state?: RequestState | undefined;
  readonly overdue?: boolean;
  readonly type?: RequestType | undefined;
  readonly assignee?: string | undefined;
}

/** Requests in the order in which they are to be seen to, and how many match in all. */
export interface Listing {
  readonly requests: readonly Request[];
  readonly total: number;
}

/** As a limit: all that there are. */
export const EVERY = Number.MAX_SAFE_INTEGER;

/**
 * The requests that match: who waits first, by the day of attention, then the others, newest first. No more
 * than `limit` are read where indexes can tell which they are: without a filter and by state.
 */
export async function listRequests(
  tx: Reader,
  filter: ListingFilter,
  today: PlainDate,
  limit: number = EVERY,
): Promise<Listing> {
  const { state, overdue, type, assignee } = filter;
  if (overdue === true || type !== undefined || assignee !== undefined) {
    const found = (await everyOf(tx, filter, today)).filter((one) => isOf(one, filter, today));
    return { requests: found.slice(0, limit), total: found.length };
  }
  const [requests, counts] = [await inOrder(tx, state, limit), await tx.countEntries('request')];
  return { requests, total: state === undefined ? sum(Object.values(counts)) : (counts[state] ?? 0) };
}

/** What the desk has before it: the first requests that somebody has to see to, and how many there are. */
export interface Desk {
  /** By day of attention, the earliest first. */
  readonly first: readonly Request[];
  /** Requests whose day of attention is over, is today, comes within a week, or later. */
  readonly past: number;
  readonly today: number;
  readonly week: number;
  readonly later: number;
  /** State → requests in it. */
  readonly states: Readonly<Partial<Record<RequestState, number>>>;
}

/** The desk of a day; `weekEnd` is the last day of the week that starts with it. Reads at most `limit` requests. */
export async function deskOf(tx: Reader, today: PlainDate, weekEnd: PlainDate, limit: number): Promise<Desk> {
  const days = await tx.countDue('request');
  const count = (is: (day: PlainDate) => boolean) =>
    sum(days.filter(({ day }) => is(day)).map((one) => one.count));
  return {
    first: await tx.entriesDue('request', limit),
    past: count((day) => day < today),
    today: count((day) => day === today),
    week: count((day) => day > today && day <= weekEnd),
    later: count((day) => day > weekEnd),
    states: await tx.countEntries('request'),
  };
}

async function inOrder(
  tx: Reader,
  state: RequestState | undefined,
  limit: number,
): Promise<readonly Request[]> {
  const waiting = await tx.entriesDue('request', limit, { state });
  const others = await tx.entriesAtRest('request', limit - waiting.length, { state });
  return [...waiting, ...others];
}

/** Who is overdue waits, and the day of attention is never after the last day for the answer. */
async function everyOf(
  tx: Reader,
  { state, overdue }: ListingFilter,
  today: PlainDate,
): Promise<readonly Request[]> {
  return overdue === true ? tx.entriesDue('request', EVERY, { by: today, state }) : inOrder(tx, state, EVERY);
}

function isOf(request: Request, { overdue, type, assignee }: ListingFilter, today: PlainDate): boolean {
  return (
    (overdue !== true || isOverdue(request, today)) &&
    (type === undefined || request.type === type) &&
    (assignee === undefined || request.assignee === assignee)
  );
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, one) => all + one, 0);
}
