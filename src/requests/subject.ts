import { ExitCode, UserError } from '../base/errors.ts';
import { subjectName } from '../base/ids.ts';
import { maskIdentifier } from '../base/mask.ts';
import { addLink } from '../people/decide.ts';
import type { Identifier } from '../people/identifier.ts';
import type { EventIdentifier, Outcome, Resolution } from '../people/resolution.ts';
import { resolve } from '../people/resolve.ts';
import { wantedIn } from '../people/wanted-events.ts';
import { requireSource } from '../policy/find.ts';
import type { OwnLines, SubjectView } from '../rights/view.ts';
import { countEvents } from '../store/events.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Reader, SubjectAnchor, SubjectId, Writer } from '../store/store.ts';

export type Who = Identifier | { readonly subject: SubjectId };

/** Who an identifier or a number stands for, with all that is theirs. */
export async function resolveWho(tx: Reader, ledger: Ledger, who: Who): Promise<Outcome> {
  const decisions = await tx.entries('decision', { state: 'in-force' });
  const people = { reader: tx, policy: ledger.policy, decisions, keys: ledger.keys };
  return resolve(people, 'subject' in who ? who.subject : who);
}

/** The person, or undefined where nobody is known; two candidates stop the command (exit 4). */
export async function findPerson(tx: Reader, ledger: Ledger, who: Who): Promise<Resolution | undefined> {
  const outcome = await resolveWho(tx, ledger, who);
  if (outcome.kind === 'candidates') throw ambiguous(outcome.candidates);
  return outcome.kind === 'person' ? outcome.person : undefined;
}

/** The person's number, given on first use; undefined where nobody is known. An `S-` that is not there is exit 5. */
export async function requireSubject(tx: Writer, ledger: Ledger, who: Who): Promise<SubjectId | undefined> {
  if ('kind' in who && ledger.policy.identifiers[who.kind]?.strength === 'network') {
    throw new UserError('address-is-nobody', 'an address of the network alone makes no person', {
      hint: 'dsr subject link S-ID ip:… --from TIME --to TIME gives its lines to somebody for a while',
    });
  }
  if ('subject' in who && (await tx.subject(who.subject)) === undefined) {
    throw new UserError('no-such-subject', 'there is no such subject', {
      exit: ExitCode.notFound,
      hint: 'dsr subject find ID looks somebody up',
    });
  }
  const outcome = await resolveWho(tx, ledger, who);
  if (outcome.kind === 'candidates') throw ambiguous(outcome.candidates);
  if (outcome.kind === 'person') return numberPerson(tx, outcome.person);
  if ('subject' in who) return who.subject;
  return (await countLines(tx, ledger, outcome.events)).length === 0
    ? undefined
    : numberByLines(tx, ledger, who, outcome.anchor);
}

/** The number of a person; one under which they were known before their account went stays theirs. */
export async function numberPerson(tx: Writer, person: Resolution): Promise<SubjectId> {
  return person.subject ?? person.subjects[0] ?? tx.addSubject(person.anchor);
}

/** Gives a number to a person of whom only log lines are known, and the identifier on those lines to the number. */
async function numberByLines(
  tx: Writer,
  ledger: Ledger,
  identifier: Identifier,
  anchor: SubjectAnchor | undefined,
): Promise<SubjectId | undefined> {
  if (anchor === undefined) return undefined;
  const subject = await tx.addSubject(anchor);
  await addLink(tx, ledger, { subject, identifier, reason: 'log-lines' });
  return subject;
}

/** Whether rows or log lines of anybody are known by an identifier. */
export async function isSomebody(tx: Reader, ledger: Ledger, identifier: Identifier): Promise<boolean> {
  const outcome = await resolveWho(tx, ledger, identifier);
  return outcome.kind !== 'nobody' || (await countLines(tx, ledger, outcome.events)).length > 0;
}

function ambiguous(candidates: readonly Resolution[]): UserError {
  const shown = candidates.map((candidate) => {
    const name = candidate.subject === undefined ? 'not numbered yet' : subjectName(candidate.subject);
    const identifiers = candidate.identifiers.map(({ identifier }) => maskIdentifier(identifier));
    return { message: `${name}: ${identifiers.join(' ')}` };
  });
  return new UserError('ambiguous-subject', `this identifier stands for ${candidates.length} persons`, {
    problems: shown,
    hint: 'ask again by an identifier that only one of them has, such as user_id',
  });
}

/** Everything that is a person's, as every right sees it. */
export async function viewSubject(tx: Reader, ledger: Ledger, subject: SubjectId): Promise<SubjectView> {
  const person = await findPerson(tx, ledger, { subject });
  return viewPerson(tx, ledger, subject, person);
}

/** Everything that is theirs of a person who was found, under their number. */
export async function viewPerson(
  tx: Reader,
  ledger: Ledger,
  subject: SubjectId,
  person: Resolution | undefined,
): Promise<SubjectView> {
  if (person === undefined) return { ...viewNobody(), subject, subjects: [subject] };
  return {
    subject,
    subjects: person.subjects.includes(subject) ? person.subjects : [subject, ...person.subjects],
    rows: person.records,
    lines: await countLines(tx, ledger, person.events),
    identifiers: person.identifiers
      .filter(({ strength, reaches, window }) => strength !== 'network' && reaches && window === undefined)
      .map(({ identifier }) => identifier),
    wanted: person.events,
    ...notesOf(person),
  };
}

/** The log lines of a person, by source; sources without one are left out. */
export async function countLines(
  tx: Reader,
  ledger: Ledger,
  events: readonly EventIdentifier[],
): Promise<readonly OwnLines[]> {
  const counted: OwnLines[] = [];
  for (const name of new Set(events.map(({ source }) => source))) {
    const source = requireSource(ledger.policy, name);
    if (source.type !== 'log') continue;
    const { lines, lastAt } = await countEvents(tx, ledger, source, wantedIn(name, events));
    if (lines > 0) counted.push({ source: name, lines, lastAt });
  }
  return counted;
}

/** The view of somebody who is not known here. */
export function viewNobody(): SubjectView {
  return { subject: undefined, subjects: [], rows: [], lines: [], identifiers: [], wanted: [], notes: [] };
}

/** What the person is told beside the rows, without a value of anybody else. */
function notesOf(person: Resolution): Pick<SubjectView, 'notes' | 'noted'> {
  const noted = person.shared.flatMap(({ identifier, rows }) => {
    const left = `rows known only by it, which are not in this answer: ${rows ?? 'many'}`;
    const note = `an identifier (${identifier.kind}) is not proved to be theirs alone; ${left}`;
    return rows === 0 ? [] : [{ identifier, note }];
  });
  const shared = noted.map(({ note }) => note);
  const hidden = `rows in which a stronger identifier is somebody else's, which are not in this answer: ${person.hiddenRows}`;
  return { notes: person.hiddenRows === 0 ? shared : [...shared, hidden], noted };
}
