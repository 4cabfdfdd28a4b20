import { refused, UserError, usage } from '../../base/errors.ts';
import { requestName } from '../../base/ids.ts';
import { dateIn, type PlainDate } from '../../base/time.ts';
import { AGENT_RULE, HOUSEHOLD_RULE } from '../../law/verification.ts';
import { agesOf } from '../../people/age.ts';
import type { Policy } from '../../policy/types.ts';
import type { SubjectView } from '../../rights/view.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request } from '../../store/registers.ts';
import type { Reader, SubjectId } from '../../store/store.ts';
import { requireRole } from '../approval/staff.ts';
import { moveRequest, type Saying } from '../moves.ts';
import { findPerson, type Who } from '../subject.ts';

/** What was looked at. */
export interface Attachment {
  /** A code: `signed-permission`. */
  readonly document: string;
  readonly seenOn: PlainDate | undefined;
  /** Whose permission, certificate or order it is, by what stands in it. */
  readonly whose: Who | undefined;
}

/**
 * Notes that a proof was seen: what it was and when, never what it said. Nothing is copied or kept. One that
 * is about somebody else than the request is refused.
 */
export async function attachDocument(
  ledger: Ledger,
  id: number,
  { document, seenOn, whose }: Attachment,
  words: Saying,
): Promise<Request> {
  requireRole(ledger, 'desk');
  const { now: at, actor, policy } = ledger;
  const today = dateIn(at, policy.controller.zone);
  const day = seenOn ?? today;
  if (day > today) throw refused('seen-in-future', `${day} is after today, ${today}`);
  requireKnown(document, policy);
  const facts = { document, seen_on: day, compared: whose !== undefined };
  return moveRequest(ledger, id, { move: 'attach', ...words, facts }, async (request, tx) => {
    const subject = whose === undefined ? request.subject : await requireSame(tx, ledger, request, whose);
    const seen = { at, actor: actor.name, kind: document, subject, seenOn: day };
    return { ...request, documents: [...(request.documents ?? []), seen] };
  });
}

function requireKnown(document: string, { verification }: Policy): void {
  const { agent, heir, household, authority, document: own } = verification;
  const known = [
    ...agent,
    ...heir,
    ...household,
    ...authority,
    ...own,
    AGENT_RULE.alone,
    HOUSEHOLD_RULE.proof,
  ];
  if (known.includes(document)) return;
  throw usage('--document is none that counts', `those that do: ${[...new Set(known)].sort().join(', ')}`);
}

/** The one of the request's persons whose proof it is. */
async function requireSame(
  tx: Reader,
  ledger: Ledger,
  request: Request,
  whose: Who,
): Promise<SubjectId | undefined> {
  const person = await findPerson(tx, ledger, whose);
  const subjects = [request.subject, ...(request.alsoSubjects ?? [])];
  const same = subjects.find((subject) => subject !== undefined && person?.subjects.includes(subject));
  if (same !== undefined) return same;
  throw refused(
    'proof-of-another',
    `the proof is about somebody else than ${requestName(request.id)} (${AGENT_RULE.source})`,
    'where the request is on the wrong person, dsr request reassign moves it',
  );
}

/** The proofs that were seen for the person whom a request is about now, or for another whom staff have added. */
export function seenDocuments(
  { documents = [], subject }: Request,
  subjects: readonly (SubjectId | undefined)[] = [subject],
): ReadonlySet<string> {
  return new Set(documents.filter((seen) => subjects.includes(seen.subject)).map(({ kind }) => kind));
}

/** The persons of a request for whom enough was seen: a proof is about one of them, never about all. */
export function viewsSeen(
  request: Request,
  views: readonly SubjectView[],
  isEnough: (seen: ReadonlySet<string>) => boolean,
): readonly SubjectView[] {
  return views.filter(({ subjects }) => isEnough(seenDocuments(request, subjects)));
}

/** Refuses where proofs are missing, with what they are; that uses up no try, for nothing was guessed. */
export function requireDocuments(request: Request, needed: readonly string[]): void {
  const seen = seenDocuments(request);
  const missing = needed.filter((document) => !seen.has(document));
  if (missing.length === 0) return;
  throw new UserError('proof-missing', `not seen yet for this person: ${missing.join(', ')}`, {
    hint: `dsr request attach ${requestName(request.id)} --document ${missing[0]} notes that it was seen`,
    details: { missing_documents: missing },
  });
}

/** What a household has to show: with a child among its members, the consent of a parent too (11 CCR §7031). */
export function householdDocuments(ledger: Ledger, members: readonly SubjectView[]): readonly string[] {
  const { policy, now } = ledger;
  const today = dateIn(now, policy.controller.zone);
  const under = Math.max(HOUSEHOLD_RULE.under, policy.coppa?.under ?? 0);
  const ages = members.flatMap(({ rows }) => agesOf(rows, policy, today));
  const own = policy.verification.household;
  return ages.some((age) => age < under) ? [...new Set([...own, HOUSEHOLD_RULE.proof])] : own;
}
