import { refused } from '../../base/errors.ts';
import type { Request, Verification } from '../../store/registers.ts';
import type { SubjectId } from '../../store/store.ts';

/** Tries at a verification, whatever is guessed; after them it takes a proof in which nothing can be guessed. */
export const MAX_TRIES = 3;

/** Refuses a fourth guess, before anything is compared. */
export function requireTriesLeft({ verification }: Request): void {
  if (verification.tries >= MAX_TRIES)
    throw refused('too-many-tries', 'three tries were made', 'deny the request, or ask for other proof');
}

/** How many tries are left. */
export function triesLeft({ verification }: Request): number {
  return Math.max(0, MAX_TRIES - verification.tries);
}

/**
 * What stays of the tries when a request is moved to somebody else: there are three at each person, however often
 * it is moved there, and codes count for the request.
 */
export function triesMoved(
  { subject, verification }: Pick<Request, 'subject' | 'verification'>,
  next: SubjectId | undefined,
): Pick<Verification, 'tries' | 'earlier'> {
  const { tries, code, earlier = [] } = verification;
  const here = { subject, tries, codesSentAt: code?.sentAt ?? [] };
  const all = [...earlier, here];
  const before = all.filter((one) => one.subject === next).map((one) => one.tries);
  return { tries: Math.max(0, ...before), earlier: all };
}
