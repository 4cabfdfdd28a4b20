import { refused } from '../../base/errors.ts';
import type { Canonical } from '../../base/json.ts';
import type { PlainDate } from '../../base/time.ts';
import { dateIn, isDate } from '../../base/time.ts';
import { REGIME_NAMES } from '../../law/regimes.ts';
import type { Identifier } from '../../people/identifier.ts';
import { kindOf } from '../../policy/find.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request, RequestType } from '../../store/registers.ts';
import type { SubjectId, Writer } from '../../store/store.ts';
import type { Deadlines } from '../clock/clock.ts';
import { findPerson, requireSubject, type Who } from '../subject.ts';
import { verificationAtOpening } from '../verification/need.ts';
import { orderTypes } from './bundle.ts';
import { type AskedUnder, askedMark, foreignMark, foreignOrigin } from './foreign.ts';
import type { Opening } from './open.ts';

/** What a channel is written as: a word, so that nothing personal stands in it. */
export const CHANNEL = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** An opening that no rule refuses by itself, with what it leaves out filled in. */
export interface Prepared extends Opening {
  readonly receivedOn: PlainDate;
  /** Of its foreign id. */
  readonly mark: string | undefined;
}

/** Fills in what an opening leaves out; refuses what can be judged without the ledger's data. */
export function prepareOpening(ledger: Ledger, opening: Opening): Prepared {
  const { policy, keys, now } = ledger;
  const types = orderTypes(opening.types);
  const receivedOn = receiptOf(opening, dateIn(now, policy.controller.zone));
  requireKnownRegime(opening);
  requireFitting(opening, types);
  return {
    ...opening,
    types,
    who: withoutAddresses(ledger, opening.who),
    receivedOn,
    mark: opening.foreign && foreignMark(keys, opening.foreign),
  };
}

function receiptOf({ receivedOn = '' }: Opening, today: PlainDate): PlainDate {
  if (receivedOn === '') return today;
  // The year after 9999 has a sign, and sorts before all others.
  if (isDate(receivedOn) && receivedOn <= today) return receivedOn;
  throw refused(
    'received-in-future',
    `${receivedOn} is after today, ${today}`,
    'give the day on which the request came in',
  );
}

function requireKnownRegime({ regime }: Opening): void {
  if (regime === undefined || REGIME_NAMES.includes(regime)) return;
  throw refused('unknown-regime', 'no such regime', `regimes: ${REGIME_NAMES.join(', ')}`);
}

function requireFitting({ requester, parental, who }: Opening, types: readonly RequestType[]): void {
  const isParental = types.includes('parental-review');
  if (requester === 'parent' && !isParental)
    throw refused(
      'parental-review-required',
      'a parent asks by a parental review',
      'dsr parental-review has describe, review, delete and stop',
    );
  if (isParental && parental === undefined)
    throw refused('parental-by-itself', 'a parental review says which of the four it is: --action');
  if (who.length === 0 && !types.includes('unclear'))
    throw refused('nobody-named', 'nothing says whose data it is', 'only an unclear request may name nobody');
}

/** Addresses of the network make no person where anything better is there. */
function withoutAddresses({ policy }: Ledger, who: readonly Who[]): readonly Who[] {
  const isPerson = (one: Who) => !('kind' in one) || kindOf(policy, one.kind)?.strength !== 'network';
  return who.some(isPerson) ? who.filter(isPerson) : who;
}

/** What a foreign id stands for. */
export function askedUnder({ types, level, who }: Prepared): AskedUnder {
  const identifiers = who.map((one) =>
    'kind' in one ? one : { kind: 'subject', value: String(one.subject) },
  );
  return { types, level, identifiers };
}

/** Opens a request for each type, linked by the number of the first where they are several. */
export async function addRequests(
  tx: Writer,
  ledger: Ledger,
  opening: Prepared,
  deadlines: Deadlines,
): Promise<readonly Request[]> {
  const named = await namedOf(tx, ledger, opening.who);
  const parent = opening.parent && (await requireSubject(tx, ledger, opening.parent));
  const requests: Request[] = [];
  for (const type of opening.types) {
    const bundle = requests[0]?.id;
    // Where the residence is unknown the strictest clock runs.
    const regime = opening.regime ?? deadlines.strictest({ type, receivedOn: opening.receivedOn });
    const isRegimeAssumed = opening.regime === undefined ? true : undefined;
    const draft = draftOf(ledger, { ...opening, type, regime, isRegimeAssumed }, { ...named, parent });
    requests.push(await tx.add('request', deadlines.reckoned({ ...draft, bundle, id: 0 })));
  }
  const [first, ...others] = requests;
  if (first === undefined || others.length === 0) return requests;
  const linked = { ...first, bundle: first.id };
  await tx.put('request', linked);
  return [linked, ...others];
}

function draftOf(
  ledger: Ledger,
  opening: Prepared & Pick<Request, 'type' | 'regime' | 'isRegimeAssumed'>,
  { parent, ...named }: Named & { readonly parent: SubjectId | undefined },
): Omit<Request, 'id'> {
  const { now: at, actor, keys } = ledger;
  const { type, regime, channel, requester, receivedOn, parental, level, note, foreign } = opening;
  const { state, verification } = verificationAtOpening(type, level, regime);
  return {
    state,
    ...named,
    type,
    regime,
    isRegimeAssumed: opening.isRegimeAssumed,
    channel,
    requester,
    receivedOn,
    dueOn: undefined,
    mark: opening.mark ?? named.mark,
    foreign: foreign && foreignOrigin(keys, foreign, askedUnder(opening)),
    openedAt: at,
    verification,
    parental: parental && { action: parental, parent },
    level,
    plan: undefined,
    approval: undefined,
    history: [{ at, actor: actor.name, from: undefined, to: state, reason: undefined }],
    notes: note === undefined ? [] : [{ at, actor: actor.name, text: note }],
    outcome: undefined,
  };
}

/** Whose data it is, as a request holds it. */
export type Named = Pick<Request, 'subject' | 'asked' | 'mark'>;

/** The person whom everything stands for that was given; what was asked, where nobody is known by any of it. */
export async function namedOf(tx: Writer, ledger: Ledger, who: readonly Who[]): Promise<Named> {
  const subject = await subjectOf(tx, ledger, who);
  const asked = subject === undefined ? who.find(isIdentifier) : undefined;
  return { subject, asked, mark: asked && askedMark(ledger.keys, asked) };
}

function isIdentifier(who: Who): who is Identifier {
  return 'kind' in who;
}

async function subjectOf(tx: Writer, ledger: Ledger, who: readonly Who[]): Promise<SubjectId | undefined> {
  if (who.length > 1) await requireOnePerson(tx, ledger, who);
  for (const one of who) {
    const subject = await requireSubject(tx, ledger, one);
    if (subject !== undefined) return subject;
  }
  return undefined;
}

/** What is said to be one person's may lead to one person alone. */
async function requireOnePerson(tx: Writer, ledger: Ledger, who: readonly Who[]): Promise<void> {
  const anchors = new Set<string>();
  for (const one of who) {
    const person = await findPerson(tx, ledger, one);
    if (person !== undefined) anchors.add(Buffer.from(person.anchor.anchor).toString('hex'));
  }
  if (anchors.size > 1)
    throw refused(
      'several-persons',
      `what was given leads to ${anchors.size} persons`,
      'find out whose request it is, and open it by what is theirs',
    );
}

type Facts = { readonly [key: string]: Canonical | undefined };

/** What the audit log says of a request that was opened: codes and days, nobody's name. */
export function openingFacts(request: Request): Facts {
  const { type, regime, receivedOn, requester, channel, subject, bundle, foreign } = request;
  return {
    type,
    regime,
    received_on: receivedOn,
    known: subject !== undefined,
    requester,
    channel,
    bundle,
    foreign: foreign?.protocol,
  };
}

/** The same of many: each set of facts once, with the numbers of its requests. */
export function groupedFacts(requests: readonly Request[]): readonly Facts[] {
  const groups = Map.groupBy(requests, (request) => JSON.stringify(openingFacts(request)));
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...openingFacts(first), requests: [first, ...others].map(({ id }) => id) }],
  );
}
