import { refused } from '../base/errors.ts';
import { dateIn } from '../base/time.ts';
import type { Request } from '../store/registers.ts';
import { isDescription } from './answer-forms.ts';
import type { LetterFacts } from './facts.ts';
import { BYTES_WORDS, backupLine, keptLine, outcomeLines, sourceWords } from './outcome-words.ts';
import { DONE_BY_HAND, OPT_OUT_OFFER } from './rights-words.ts';
import type { LetterValues } from './vocabulary.ts';
import { dateWords } from './words.ts';

type AnswerKind = 'answer' | 'partial-answer';

/**
 * What an answer says, made from what the ledger has seen: erased here is never called erased, ordered never
 * done. An answer in whole is refused where something stays, one in part where nothing does.
 */
export function answerValues(kind: AnswerKind, facts: LetterFacts): LetterValues {
  return facts.request.outcome === undefined ? byHand(kind, facts) : carriedOut(kind, facts);
}

/** Of a request that staff carry out themselves: what they vouch for by sending it. */
function byHand(kind: AnswerKind, { request, note }: LetterFacts): LetterValues {
  const done = DONE_BY_HAND[request.type];
  if (done === undefined)
    throw refused(
      'not-carried-out',
      'what was asked is not carried out: there is nothing yet that an answer could say',
      'dsr request plan and dsr request run carry it out; dsr request deny refuses it',
    );
  const isPart = kind === 'partial-answer';
  const words = note?.trim() ?? '';
  if (isPart && words === '')
    throw refused(
      'explanation-missing',
      'an answer in part has to say what was not done, and why',
      'write it with --note',
    );
  return {
    complied: isPart
      ? 'We have complied with your request in part. What we have not done, and why, is said below.'
      : 'We have complied with your request.',
    done: isPart ? [] : [{ line: done }],
    explanation: words,
  };
}

function carriedOut(kind: AnswerKind, facts: LetterFacts): LetterValues {
  const { request, note } = facts;
  const lines = outcomeLines(facts);
  const isPart = stays(request);
  requireFitting(kind, isPart);
  const isPackage = lines.given.length > 0 || lines.withheld.length > 0;
  return {
    ...lines,
    complied: compliedWords(facts, isPart, lines.done.length + lines.given.length > 0),
    ...(request.outcome?.nothingHeld === undefined ? {} : nothingHeld(facts)),
    package: isPackage ? packageWords(request) : '',
    here: lines.done.length > 0 ? hereWords(facts) : '',
    bytes: BYTES_WORDS[request.outcome?.bytes ?? 'not-needed'],
    backups: isErasure(request) ? facts.backups.map(backupLine) : [],
    kept: isErasure(request) ? facts.kept.map(keptLine) : [],
    explanation: [...unverifiedWords(request), ...(note === undefined ? [] : [note])].join(' '),
    instead: isPart && request.regime === 'ccpa' && request.type === 'delete' ? OPT_OUT_OFFER : '',
  };
}

/** Whether anything stays beyond what was asked: then the answer is one in part. */
export function stays({ outcome }: Request): boolean {
  const { remains = [], unverified = [] } = outcome ?? {};
  return remains.some(({ count }) => count > 0) || unverified.length > 0;
}

/** What was asked for and is left out because nobody was verified for it: 11 CCR §7024(a). */
function unverifiedWords({ outcome }: Request): readonly string[] {
  const lines = outcome?.unverified ?? [];
  return lines.length === 0 ? [] : [`Left out is what you were not verified for: ${lines.join('; ')}.`];
}

function requireFitting(kind: AnswerKind, isPart: boolean): void {
  if (kind === 'answer' && isPart)
    throw refused(
      'answer-in-part',
      'something stays of what was asked: an answer in whole would say more than is true',
      '--kind partial-answer says what stays, why and until when',
    );
  if (kind === 'partial-answer' && !isPart)
    throw refused('answer-in-whole', 'nothing stays of what was asked', '--kind answer is the letter for it');
}

function isErasure({ type, parental }: Request): boolean {
  return type === 'delete' || parental?.action === 'delete' || parental?.action === 'stop';
}

/** Whether the request was complied with: 11 CCR §7022(e), §7023(f). */
function compliedWords({ orders }: LetterFacts, isPart: boolean, isDone: boolean): string {
  const isOpen = orders.some(({ state }) => state === 'ordered');
  if (isPart && !isDone)
    return 'We have not complied with your request so far: all that we hold has to stay. What stays, and why, is said below.';
  const done = isPart ? 'We have complied with your request in part' : 'We have complied with your request';
  const rest = isPart ? ' What stays, and why, is said below.' : '';
  return isOpen
    ? `${done} here, and have ordered it of the systems of our service; it is complete when they have carried that out.${rest}`
    : `${done}.${rest}`;
}

function nothingHeld({ policy, request: { outcome } }: LetterFacts): LetterValues {
  return {
    nothing_held: `We have looked, and hold no personal data under what you gave us.`,
    searched: (outcome?.nothingHeld ?? []).map(({ source, takenAt }) => ({
      line:
        takenAt === undefined
          ? `${sourceWords(policy, source)}: nothing has been loaded yet`
          : `${sourceWords(policy, source)}: as it stood on ${dateWords(dateIn(takenAt, policy.controller.zone))}`,
    })),
  };
}

/** GDPR Art. 15(1) and (2), Cal. Civ. Code §1798.110(c). */
function packageWords(request: Request): string {
  const beside =
    'the purposes and their legal bases, the categories, how long each is kept, who receives it, where it comes from, transfers to other countries, and your rights';
  return isDescription(request)
    ? `The package describes what we hold by kind and gives none of it. It also states ${beside}.`
    : `Beside the data the package states ${beside}. Identifiers of other people in it are replaced.`;
}

function hereWords({ orders }: LetterFacts): string {
  const here = '"Here" means in the system in which we carry out requests.';
  return orders.length === 0
    ? `${here} The systems of our service have nothing to do for it.`
    : `${here} What the systems of our service have to do is said under what we have ordered.`;
}
