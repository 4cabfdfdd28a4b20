import { refused, UserError } from '../base/errors.ts';
import { dateIn } from '../base/time.ts';
import type { Identifier } from '../people/identifier.ts';
import { parseIdentifier } from '../people/identifier-text.ts';
import { normalise } from '../people/normalise.ts';
import type { Resolution } from '../people/resolution.ts';
import type { Plan } from '../plan/plan.ts';
import { waitingStand } from '../requests/care/waiting.ts';
import { isUnanswered } from '../requests/due.ts';
import { findPerson } from '../requests/subject.ts';
import type { SubjectView } from '../rights/view.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import type { Reader } from '../store/store.ts';
import type { CommandContext } from './context.ts';
import { type Beside, pictureOf, renderPicture } from './masked-picture.ts';
import { safeLines } from './output.ts';
import { renderPlan } from './render-plan.ts';
import { kindWords, renderHeadline } from './request-view.ts';

/** What is about to be done, and to whom. */
export interface Intent {
  readonly request: Request;
  readonly plan: Plan;
  readonly view: SubjectView;
}

/**
 * Has the operator confirm whose data it is: they see a masked picture of the person and the plan, type
 * the identifier from the letter again, and agree. Anything else refuses, and nothing has happened.
 */
export async function confirmPerson(context: CommandContext, ledger: Ledger, intent: Intent): Promise<void> {
  const { request, plan, view } = intent;
  const beside = await ledger.store.read((tx) => besideOf(tx, request, view));
  const { now, policy } = ledger;
  const today = dateIn(now, policy.controller.zone);
  const picture = renderPicture(pictureOf(view, policy, now, beside), today);
  const decided = renderPlan(context.output, plan, { policy, reveal: false });
  // Part of the question, so that it is seen even under --quiet and --json.
  context.io.stderr.write(safeLines(`\n${renderHeadline(request)}\n\n${picture}\n\n${decided}\n\n`));
  const question = { message: 'The identifier from the letter, once more', missing: '--yes' };
  const typed = await context.prompter.input(question);
  if (!(await isTheirs(ledger, request, typed)))
    throw refused(
      'wrong-person',
      'that is no identifier of this person, so nothing was done',
      'look at the letter again',
    );
  const isWaiting = waitingStand(ledger, request, plan) === 'to-start';
  const what = isWaiting ? 'Start the waiting time of this plan' : 'Carry out this plan';
  if (!(await context.prompter.confirm(`${what} (${kindWords(request)})?`)))
    throw refused('not-confirmed', 'not confirmed, so nothing was done');
}

async function besideOf(tx: Reader, { id }: Request, { subjects }: SubjectView): Promise<Beside> {
  const requests = new Map<number, Request>();
  for (const subject of subjects)
    for (const request of await tx.entries('request', { subject }))
      if (request.id !== id && isUnanswered(request)) requests.set(request.id, request);
  return { holds: await tx.entries('hold', { state: 'placed' }), requests: [...requests.values()] };
}

/** Whether words name the person of a request: one of their identifiers, with its kind or without. */
async function isTheirs(ledger: Ledger, request: Request, words: string): Promise<boolean> {
  const own = await identifiersOf(ledger, request);
  const isSame = ({ kind, value }: Identifier) => own.some((one) => one.kind === kind && one.value === value);
  const bare = own.some(({ kind: name, value }) => {
    const kind = ledger.policy.identifiers[name];
    return kind !== undefined && normalise(kind, words) === value;
  });
  const named = namedIn(ledger, words);
  if (bare || (named !== undefined && isSame(named))) return true;
  return (
    named !== undefined && request.subject !== undefined && (await leadsTo(ledger, request.subject, named))
  );
}

async function identifiersOf(
  ledger: Ledger,
  { subject, alsoSubjects = [], asked }: Request,
): Promise<readonly Identifier[]> {
  if (subject === undefined) return asked === undefined ? [] : [asked];
  const people = await ledger.store.read(async (tx) => {
    const found: (Resolution | undefined)[] = [];
    for (const one of [subject, ...alsoSubjects]) found.push(await findPerson(tx, ledger, { subject: one }));
    return found;
  });
  const identifiers = people.flatMap((person) => person?.identifiers ?? []);
  return identifiers.filter(({ strength }) => strength !== 'network').map(({ identifier }) => identifier);
}

/** A subject id stands in no letter. */
function namedIn(ledger: Ledger, words: string): Identifier | undefined {
  try {
    const who = parseIdentifier(words, ledger.policy);
    return 'subject' in who ? undefined : who;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** An erased person is known by digests alone, and still found by what was theirs. */
async function leadsTo(ledger: Ledger, subject: number, identifier: Identifier): Promise<boolean> {
  try {
    const person = await ledger.store.read((tx) => findPerson(tx, ledger, identifier));
    return person?.subjects.includes(subject) === true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
