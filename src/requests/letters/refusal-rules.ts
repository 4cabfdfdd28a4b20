import { refused } from '../../base/errors.ts';
import { verificationRule } from '../../law/verification.ts';
import { demandsFacts, givesReason, isForIdentity } from '../../letters/reasons.ts';
import type { Request } from '../../store/registers.ts';
import { findingOf } from '../burden.ts';
import { isVerifiedFor } from '../verification/need.ts';

/** What a law says against a refusal. */
interface RefusalRule {
  readonly code: string;
  readonly forbids: (request: Request, reason: string, note: string | undefined) => boolean;
  readonly message: string;
  readonly hint: string;
}

/** The first that forbids a refusal counts. */
const RULES: readonly RefusalRule[] = [
  {
    code: 'no-identity-needed',
    forbids: ({ type, level, regime }, reason) =>
      (isForIdentity(reason) || reason === 'no-match') &&
      type !== 'unclear' &&
      verificationRule(type, level, regime).degree === 'none',
    message:
      'a request that asks nobody for identity cannot be refused for it (11 CCR §7060(b), GDPR Art. 21(3))',
    hint: 'carry it out; what is believed to be fraud is refused as suspected-fraud, with the facts',
  },
  {
    code: 'is-verified',
    forbids: (request, reason) => isForIdentity(reason) && isVerifiedFor(request),
    message: 'who asks is verified',
    hint: 'give the reason that is true',
  },
  {
    code: 'asks-for-themselves',
    forbids: ({ requester }, reason) => reason === 'no-authority' && requester === 'self',
    message: 'who asks for themselves needs no authority (11 CCR §7063 is of agents)',
    hint: 'give the reason that is true; who is not verified is refused as identity-not-verified',
  },
  {
    code: 'no-such-ground',
    forbids: ({ regime, type }, reason) =>
      reason === 'too-many-requests' && !(givesReason(regime, reason) && isToKnow(type)),
    message:
      'the law of this request sets no number to such requests (Cal. Civ. Code §1798.130(b) does to requests to know)',
    hint: 'what repeats earlier ones beyond measure is refused as excessive, with the facts',
  },
  {
    code: 'facts-missing',
    // What is held against the request itself has rules of its own.
    forbids: (_, reason, note) =>
      findingOf(reason) === undefined && demandsFacts(reason) && (note ?? '').trim() === '',
    message:
      'a refusal for this reason has to say on what facts it rests (11 CCR §7022(f), §7026(e), GDPR Art. 12(4))',
    hint: 'say it with --note; the person reads it',
  },
];

function isToKnow(type: Request['type']): boolean {
  return type === 'access' || type === 'portability';
}

/** Refuses a refusal that the law does not let stand. */
export function requireLawfulRefusal(request: Request, reason: string, note: string | undefined): void {
  const rule = RULES.find(({ forbids }) => forbids(request, reason, note));
  if (rule !== undefined) throw refused(rule.code, rule.message, rule.hint);
}
