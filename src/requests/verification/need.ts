import { refused } from '../../base/errors.ts';
import { requestName } from '../../base/ids.ts';
import { type Degree, type VerificationRule, verificationRule } from '../../law/verification.ts';
import type { Policy } from '../../policy/types.ts';
import type { Request, RequestType, Verification } from '../../store/registers.ts';

/** What has to be shown before a request is carried out. */
export interface Need extends Pick<VerificationRule, 'degree' | 'declaration' | 'reauthenticate' | 'source'> {
  /** Data points, where no better proof is there. */
  readonly points: number;
  readonly fallsTo: VerificationRule['fallsTo'];
}

type Asked = Pick<Request, 'type' | 'level' | 'regime'>;

/** What law and policy ask for, for a type, level and law: the policy may ask for more than a law names, never for less. */
export function needOf({ type, level, regime }: Asked, { limits }: Pick<Policy, 'limits'>): Need {
  const rule = verificationRule(type, level, regime);
  const { degree, declaration, reauthenticate, source, fallsTo } = rule;
  const own = degree === 'reasonably-high' ? limits.pointsSpecific : limits.pointsCategories;
  const points = degree === 'none' ? 0 : Math.max(rule.points, own);
  return { degree, points, declaration, reauthenticate, source, fallsTo };
}

const DEGREES: readonly Degree[] = ['none', 'reasonable', 'reasonably-high'];

/** Whether a verification is enough for what is asked for now; it may have been made for less. */
export function isVerifiedFor(request: Asked & Pick<Request, 'verification'>): boolean {
  const { verified, degree } = request.verification;
  const { degree: needed } = verificationRule(request.type, request.level, request.regime);
  // What an earlier dsr wrote says no degree: it was made for what was asked.
  return verified && DEGREES.indexOf(degree ?? 'reasonably-high') >= DEGREES.indexOf(needed);
}

/** Refuses what is done only for whoever was verified, for no less than is asked for now. */
export function requireVerified(request: Asked & Pick<Request, 'id' | 'verification'>): void {
  if (isVerifiedFor(request)) return;
  const name = requestName(request.id);
  throw refused('not-verified', 'who asks is not verified', `dsr request verify ${name} does it`);
}

/** Nobody has shown anything yet: of a request that was opened, and of one that is about somebody else now. */
export const UNVERIFIED: Verification = {
  verified: false,
  method: undefined,
  matched: 0,
  needed: 0,
  tries: 0,
};

/**
 * What is to be shown when a request is opened: an opt-out or a limit never asks for identity, it is verified
 * at once (11 CCR §7060(b)). What is unclear is not: it may turn out to ask for more.
 */
export function verificationAtOpening(
  type: RequestType,
  level: Request['level'] = 'specific',
  regime = 'gdpr',
): { readonly state: 'received' | 'verified'; readonly verification: Verification } {
  const { degree } = verificationRule(type, level, regime);
  if (degree !== 'none' || type === 'unclear') return { state: 'received', verification: UNVERIFIED };
  return { state: 'verified', verification: { ...UNVERIFIED, verified: true, method: 'none', degree } };
}

/** Refuses to ask anybody for identity where the law forbids or needs none; names the rule. */
export function requireIdentityAsked(request: Asked, policy: Pick<Policy, 'limits'>): Need {
  const need = needOf(request, policy);
  if (need.degree !== 'none') return need;
  throw refused(
    'no-identity-needed',
    `a request of the type ${request.type} asks nobody for identity (${need.source})`,
    request.type === 'unclear'
      ? 'dsr request classify says what is asked for'
      : 'it can be answered as it is',
  );
}
