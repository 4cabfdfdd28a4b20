import { requestName } from '../base/ids.ts';
import { verificationRule } from '../law/verification.ts';
import { isByHand } from '../letters/rights-words.ts';
import type { Policy } from '../policy/types.ts';
import { needsApproval } from '../requests/approval/staff.ts';
import { acknowledgementOwed, isUnanswered, pausedSince } from '../requests/due.ts';
import type { Request } from '../store/registers.ts';

/**
 * The command that takes a request on, or undefined where nothing is left to do; with the policy at hand it
 * knows where a second person has to approve first. What has to come before it stands behind it as a shell's
 * comment, so that the line can be pasted.
 */
export function nextCommand(request: Request, policy?: Pick<Policy, 'fourEyes'>): string | undefined {
  if (request.state === 'planned' && policy !== undefined && isToApprove(request, policy))
    return `dsr request approve ${requestName(request.id)} # by somebody else`;
  if (request.type === 'unclear' && isUnanswered(request))
    return `dsr request classify ${requestName(request.id)}`;
  const next = BY_STATE[request.state];
  return next === undefined ? undefined : next(request, requestName(request.id));
}

/** The same in short, for a table that names the request: `verify`, `sent --as answer`, `work list`. */
export function nextWords(request: Request, policy?: Pick<Policy, 'fourEyes'>): string | undefined {
  const name = requestName(request.id);
  return nextCommand(request, policy)
    ?.replace(/^dsr (?:request )?/, '')
    .replace(` ${name}`, '')
    .replace(' #', ',');
}

type Next = (request: Request, name: string) => string | undefined;

const verify: Next = (request, name) => {
  if (acknowledgementOwed(request) !== undefined) return `dsr request ack ${name}`;
  const { degree } = verificationRule(request.type, request.level, request.regime);
  return degree === 'none' ? answer(request, name) : `dsr request verify ${name}`;
};

/** What staff did by hand is told in a letter, which is drafted, then sent. */
const answer: Next = ({ history }, name) =>
  history.at(-1)?.move === 'letter'
    ? `dsr request sent ${name} --as answer`
    : `dsr request letter ${name} --kind answer`;

const run: Next = (_request, name) => `dsr request run ${name}`;

const plan: Next = (request, name) => {
  if (isByHand(request.type)) return answer(request, name);
  return `dsr request plan ${name}${request.type === 'edit' ? ' --set source.field=value' : ''}`;
};

const BY_STATE: Readonly<Record<Request['state'], Next | undefined>> = {
  received: verify,
  acknowledged: verify,
  'awaiting-verification': (request, name) =>
    pausedSince(request) !== undefined
      ? `dsr request resume ${name} # once they have written`
      : verify(request, name),
  verified: plan,
  planned: run,
  approved: run,
  waiting: ({ waiting }, name) =>
    `dsr request run ${name}${waiting === undefined ? '' : ` # once ${waiting.until} is over`}`,
  applied: (_request, name) => `dsr request plan ${name} # once the hold is released`,
  'ordered-upstream': () => 'dsr work list',
  confirmed: ({ outcome }, name) => (outcome?.bytes === 'pending' ? 'dsr purge' : `dsr prove ${name}`),
  appealed: (_request, name) => `dsr request appeal ${name} --decide HOW # granted or upheld`,
  closed: undefined,
  denied: undefined,
  withdrawn: undefined,
  expired: undefined,
};

function isToApprove(request: Request, policy: Pick<Policy, 'fourEyes'>): boolean {
  return needsApproval(request, policy) && request.approval?.plan !== request.plan;
}
