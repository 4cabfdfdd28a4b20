import { refused } from '../base/errors.ts';
import { requestName } from '../base/ids.ts';
import { dateIn } from '../base/time.ts';
import { requireRegime } from '../law/regimes.ts';
import { inForce } from '../law/term.ts';
import type { RequestMove } from '../requests/transitions.ts';
import type { Request } from '../store/registers.ts';
import { answerValues } from './answer-values.ts';
import type { LetterFacts } from './facts.ts';
import type { LetterKind } from './kinds.ts';
import { isForIdentity, refusalWords, takesFacts } from './reasons.ts';
import { REMEDIES } from './remedies.ts';
import { addresseeOf, OPT_OUT_OFFER, rightWords } from './rights-words.ts';
import type { LetterName, LetterValues } from './vocabulary.ts';
import { dateWords, periodWords } from './words.ts';

/** What every name of a letter stands for; refuses a letter for which something has to be said that nobody has. */
export function letterValues(kind: LetterKind, facts: LetterFacts): LetterValues {
  return { ...commonValues(kind, facts), ...OF_KIND[kind](facts) };
}

const OF_KIND: Readonly<Record<LetterKind, (facts: LetterFacts) => LetterValues>> = {
  acknowledgement: (facts) => ({ verification: verificationWords(facts), explanation: facts.note ?? '' }),
  extension: extensionValues,
  identity: identityValues,
  clarification: clarificationValues,
  code: codeValues,
  waiting: waitingValues,
  answer: (facts) => answerValues('answer', facts),
  'partial-answer': (facts) => answerValues('partial-answer', facts),
  refusal: refusalValues,
};

function commonValues(kind: LetterKind, { policy, request, today }: LetterFacts): LetterValues {
  const { controller, limits } = policy;
  const remedies = REMEDIES[request.regime];
  const received = dateWords(request.receivedOn);
  // These two go to the address that is known, not to whoever wrote.
  const toHolder = kind === 'code' || kind === 'waiting';
  return {
    controller: controller.name,
    contact: controller.contact,
    phone: controller.phone ?? '',
    post: controller.post ?? '',
    today: dateWords(today),
    request: requestName(request.id),
    received_on: received,
    due_on: request.dueOn === undefined ? '' : dateWords(request.dueOn),
    addressee: toHolder ? 'To the holder of this address' : addresseeOf(request.requester, received),
    right: rightWords(request, toHolder),
    law: `the ${requireRegime(request.regime).title}`,
    [`law_${request.regime.replaceAll('-', '_')}` as LetterName]: true,
    record_kept: `We keep a record of your request, of what we did and of what we answered, for ${periodWords(limits.requestFileKept)} after it is closed. We use it for nothing else.`,
    complaint_steps: (controller.complaint ?? []).map((line) => ({ line })),
    authority: remedies?.authority.text ?? '',
    court: remedies?.court?.text ?? '',
    appeal: appealWords(request),
    statement_right: request.type === 'edit' ? (remedies?.statement?.text ?? '') : '',
  };
}

/** How to appeal, where the law has an appeal to the controller, and by when it is decided. */
function appealWords({ regime, receivedOn }: Request): string {
  const rule = inForce(requireRegime(regime).appeals, receivedOn);
  if (rule === undefined) return '';
  const longer = rule.extension?.term;
  const more =
    longer === undefined
      ? ''
      : `; we can take ${longer.n} more, of which we tell you before, with the reason`;
  return `You can appeal: write to us, name our reference, and say that you appeal and why. It costs nothing. We tell you what we decide, and why, within ${rule.term.n} days${more}.`;
}

function verificationWords({ request, needsProof }: LetterFacts): string {
  if (!needsProof) return 'You need not prove who you are for this.';
  if (request.verification.verified) return 'We have verified you already: you need do nothing more.';
  if (request.requester !== 'self')
    return 'Before we act we have to make sure who asks, and that you may ask this. We write to you what we need to see. What you show us is used for that alone.';
  return 'Before we act we have to make sure who asks. We compare what you tell us with what we hold, or have you sign in to your account; we write to you if we need more. What you show us is used for that alone.';
}

/** Extension reasons that laws name; others stand as they are written. GDPR Art. 12(3), PIPEDA s. 8(4). */
const EXTENSION_REASONS: Readonly<Record<string, string>> = {
  complexity: 'your request is complex',
  'number-of-requests': 'you have sent us several requests',
  'large-volume': 'your request is for a large quantity of data',
  consultation: 'we have to consult others before we can answer',
  interference: 'an answer in time would interfere with our work beyond reason',
  conversion: 'the data has to be converted into the form that you asked for',
};

function extensionValues({ request, reason, note }: LetterFacts): LetterValues {
  const code = reason ?? request.clock?.extension?.reason;
  if (code === undefined)
    throw refused(
      'reason-missing',
      'a letter about an extension has to give its reason',
      'dsr request extend makes the extension, with --reason',
    );
  const words = Object.hasOwn(EXTENSION_REASONS, code) ? EXTENSION_REASONS[code] : undefined;
  return { extension_reason: `${words ?? code.replaceAll('-', ' ')}.`, explanation: note ?? '' };
}

function identityValues({ proofs = [], note, needsProof }: LetterFacts): LetterValues {
  if (!needsProof)
    throw refused(
      'no-proof-needed',
      'nobody has to prove who they are for this kind of request (11 CCR §7026, §7027, §7060(b))',
      'go on without: dsr request sent --as answer once it is done',
    );
  return {
    proofs: proofs.map((line) => ({ line })),
    identity_use:
      'We use what you show us to make sure who asks, and for nothing else. It is deleted as soon as that is done; only that it was seen stays in the file of your request.',
    no_fee: 'This costs you nothing.',
    explanation: note ?? '',
  };
}

function clarificationValues({ note }: LetterFacts): LetterValues {
  if (note === undefined || note.trim() === '')
    throw refused(
      'question-missing',
      'a clarification has to say what is to be known',
      'write it with --note',
    );
  return { question: note };
}

function codeValues({ policy, code, codeValidUntil }: LetterFacts): LetterValues {
  if (code === undefined)
    throw refused(
      'code-missing',
      'a letter that brings a code is made with the code',
      'dsr request code makes both',
    );
  const until = codeValidUntil === undefined ? '' : clockWords(codeValidUntil, policy.controller.zone);
  return { code, code_valid_until: until };
}

function clockWords(instant: string, zone: string): string {
  const time = new Date(instant).toLocaleTimeString('en-GB', {
    ...{ timeZone: zone, hour: '2-digit', minute: '2-digit', timeZoneName: 'short' },
  });
  return `${dateWords(dateIn(instant, zone))}, ${time}`;
}

function waitingValues({ policy, request }: LetterFacts): LetterValues {
  const { controller } = policy;
  if (request.waiting === undefined)
    throw refused('nothing-waits', 'this request does not wait', 'dsr request run begins its waiting time');
  const call = controller.phone === undefined ? '' : `, or call ${controller.phone}`;
  return {
    waiting_until: dateWords(request.waiting.until),
    stop_how: `If you did not ask for this, or have changed your mind, stop it: write to ${controller.contact}${call}, and name our reference ${requestName(request.id)}.`,
  };
}

function refusalValues(facts: LetterFacts): LetterValues {
  const { request, reason, note } = facts;
  const code = reason ?? refusalCode(request);
  if (code === undefined && isUpheld(request)) return upheldInPart(facts);
  if (code === undefined)
    throw refused('reason-missing', 'a refusal has to give its reason', 'dsr request deny takes --reason');
  const { text, source } = refusalWords(code, request.regime);
  const isStanding = isUpheld(request);
  return {
    complied: isStanding
      ? `${standsWords(request)}: we have not complied with your request.`
      : 'We have not complied with your request.',
    reason: source === '' ? text : `${text} (${source})`,
    explanation: isStanding || takesFacts(code) ? (note ?? '') : '',
    instead: insteadWords(code, facts),
    // There is one appeal.
    ...(isStanding ? { appeal: '' } : {}),
  };
}

function isUpheld({ appeal }: Request): boolean {
  return appeal?.decided?.granted === false;
}

function standsWords({ appeal }: Request): string {
  return `We have looked into your appeal of ${dateWords(appeal?.receivedOn ?? '')}, and our decision stands`;
}

/** The appeal was against an answer in part: what it refused, it gave the reasons for. */
function upheldInPart({ request, note }: LetterFacts): LetterValues {
  return {
    complied: `${standsWords(request)}: we do no more than our answer said.`,
    reason: 'What we have not done rests on the grounds that our answer gave.',
    explanation: note ?? '',
    appeal: '',
  };
}

const ENDINGS: ReadonlySet<RequestMove | undefined> = new Set(['deny', 'expire', 'answer', 'apply', 'close']);

/** The reason of the refusal that stands; who was never verified in time was refused for that. */
function refusalCode({ history }: Request): string | undefined {
  const last = history.findLast(({ move }) => ENDINGS.has(move));
  if (last?.move === 'expire') return 'identity-not-verified';
  return last?.move === 'deny' ? last.reason : undefined;
}

/** What is open to the person all the same: 11 CCR §7022(g), §7024(a). */
function insteadWords(code: string, { request }: LetterFacts): string {
  const again = isForIdentity(code) ? ['You can ask again at any time, and show more of who you are.'] : [];
  if (request.regime !== 'ccpa') return again.join(' ');
  const isSpecific = request.type === 'access' && request.level === 'specific';
  const categories =
    isSpecific && isForIdentity(code)
      ? ['You can still learn which categories of personal information we hold; that takes less proof.']
      : [];
  return [...again, ...categories, ...(request.type === 'delete' ? [OPT_OUT_OFFER] : [])].join(' ');
}
