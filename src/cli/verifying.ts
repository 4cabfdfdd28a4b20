import { UserError } from '../base/errors.ts';
import { requestName } from '../base/ids.ts';
import { parseIdentifier } from '../people/identifier-text.ts';
import { needOf } from '../requests/verification/need.ts';
import { missingSteps } from '../requests/verification/parent-steps.ts';
import { triesLeft } from '../requests/verification/tries.ts';
import type { Tried as TriedBefore } from '../requests/verification/verification.ts';
import { type Attempt, verifyRequest } from '../requests/verification/verify.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import type { CommandContext } from './context.ts';
import { askPoints, parsePoints } from './data-points.ts';
import { type Choice, mayAsk } from './prompter.ts';
import { attemptOf, type GivenProof, requireBelonging } from './proof-flags.ts';

/** The flags of a verification, what `-` stands for read. */
export interface VerifyFlags {
  readonly method: string | undefined;
  readonly proof: GivenProof;
  /** What a request that cannot be verified is evaluated as. */
  readonly level?: 'categories' | undefined;
  /** By what the request was opened, in the words that were given. */
  readonly about?: string | undefined;
}

/** A try at verifying who asks, and what is left. */
export interface Tried extends TriedBefore {
  readonly triesLeft: number;
  /** Steps of parental consent that are missing, as the policy names them. */
  readonly missing: readonly string[];
  /** The lower level at which it may be enough (11 CCR §7024(a)). */
  readonly fallsTo: 'categories' | undefined;
}

/** Tries to verify who asks by what was given, or asks on a terminal. */
export async function tryVerification(
  context: CommandContext,
  ledger: Ledger,
  request: Request,
  flags: VerifyFlags,
): Promise<Tried> {
  const attempt = await readAttempt(context, ledger, request, flags);
  warnOfLaw(context, ledger, request, attempt);
  const missing = request.parental === undefined ? [] : await stepsOf(ledger, request);
  const tried = await namingSteps(missing, () => verifyRequest(ledger, request.id, attempt));
  const isSpecific = tried.request.type === 'access' && attempt.level === undefined;
  const { fallsTo } = needOf(tried.request, ledger.policy);
  return {
    ...tried,
    triesLeft: triesLeft(tried.request),
    missing,
    fallsTo: isSpecific ? fallsTo?.level : undefined,
  };
}

async function readAttempt(
  context: CommandContext,
  ledger: Ledger,
  request: Request,
  { method: given, proof, level, about }: VerifyFlags,
): Promise<Attempt> {
  // What has matched so far may be enough for less.
  const isBest = level !== undefined && given === undefined && proof.matches.length === 0;
  const method = given ?? (isBest ? 'data-points' : await askMethod(context, ledger, request));
  requireBelonging(method, proof);
  const isKnown = request.subject !== undefined;
  const sworn = isKnown
    ? await askWhatLawWants(context, ledger, { ...request, ...(level && { level }) }, method, proof)
    : {};
  const asks = method === 'data-points' && proof.matches.length === 0 && level === undefined && isKnown;
  const lines = asks ? await askPoints(context, request, ledger.policy) : proof.matches;
  const who = about === undefined ? undefined : parseIdentifier(about, ledger.policy);
  return {
    ...attemptOf(method, proof, ledger.policy),
    ...sworn,
    ...(method === 'code' && isKnown ? { code: proof.code ?? (await askCode(context)) } : {}),
    points: parsePoints(context, lines, ledger.policy),
    level,
    about: who,
  };
}

/** On a terminal asks for what the law wants beside the proof; flags say it where nobody can be asked. */
async function askWhatLawWants(
  { io, globals, prompter }: CommandContext,
  { policy }: Ledger,
  request: Request,
  method: string,
  proof: GivenProof,
): Promise<Pick<Attempt, 'declared' | 'reauthenticated'>> {
  if (!mayAsk(io, globals.yes)) return {};
  const { declaration, reauthenticate } = needOf(request, policy);
  if (method === 'account' && reauthenticate && !proof.reauthenticated)
    return { reauthenticated: await prompter.confirm('Have they shown their password again?') };
  const isCompared = method === 'data-points' || method === 'code';
  if (!isCompared || !declaration || proof.declared) return {};
  return { declared: await prompter.confirm('Have they signed a declaration under penalty of perjury?') };
}

function askCode({ prompter }: CommandContext): Promise<string> {
  return prompter.input({ message: 'The code, as they gave it', missing: '--code -' }, (words) =>
    /^[\d\s-]+$/.test(words) ? undefined : 'digits',
  );
}

function warnOfLaw(
  { output }: CommandContext,
  { policy }: Ledger,
  request: Request,
  { method, reauthenticated }: Attempt,
): void {
  const { reauthenticate, source } = needOf(request, policy);
  if (method !== 'account' || !reauthenticate || reauthenticated === true) return;
  output.warn(`have them show their password again before you go on (${source}); --reauthenticated notes it`);
}

/** The refusal of a request whose requester is not verified; names what is missing, not what is held. */
export function notVerified(tried: Tried): UserError {
  const { request, triesLeft: left, missing, matched, needed, fallsTo } = tried;
  const steps = missing.length === 0 ? '' : `, missing: ${missing.join(', ')}`;
  const hint = hintOf(tried);
  return new UserError('not-verified', `not verified: ${renderTried(tried)}${steps}`, {
    ...(hint === undefined ? {} : { hint }),
    details: {
      matched,
      needed,
      tries_left: left,
      ...(missing.length === 0 ? {} : { missing_steps: missing }),
      ...(fallsTo === undefined || request.verification.best === undefined ? {} : { falls_to: fallsTo }),
    },
  });
}

function hintOf({ request, triesLeft: left, fallsTo, missing }: Tried): string | undefined {
  if (missing.length > 0)
    return 'dsr consent record CHILD --parent ID --step NAME records what they have given';
  if (left > 0) return undefined;
  if (fallsTo === undefined) return 'deny the request, or ask for other proof';
  const name = requestName(request.id);
  return `dsr request verify ${name} --level ${fallsTo} has it evaluated as a request for ${fallsTo} (11 CCR §7024(a))`;
}

/** `1 of 3 points matched, 2 tries left`; steps of consent are no guess and use up none. */
export function renderTried({ request, matched, needed, triesLeft: left }: Tried): string {
  if (request.parental !== undefined) return `${matched} of ${needed} steps of consent given`;
  const tries = left === 1 ? '1 try left' : `${left} tries left`;
  return `${matched} of ${needed} points matched, ${tries}`;
}

async function askMethod(
  { prompter }: CommandContext,
  { policy }: Ledger,
  request: Request,
): Promise<string> {
  if (request.parental !== undefined) return 'parent';
  if (request.requester !== 'self') return request.requester;
  const { code } = request.verification;
  const choices: readonly (Choice<string> | undefined)[] = [
    { name: 'they wrote from inside their account', value: 'account' },
    { name: 'by data points, compared with what is held', value: 'data-points' },
    code?.digest === undefined ? undefined : { name: 'by the code that was sent to them', value: 'code' },
    policy.verification.document.length === 0
      ? undefined
      : { name: 'by a document that was looked at', value: 'document' },
  ];
  return prompter.select(
    { message: 'How do you know who asks?', missing: '--method' },
    choices.filter((choice) => choice !== undefined),
  );
}

function stepsOf(ledger: Ledger, request: Request): Promise<readonly string[]> {
  return ledger.store.read((tx) => missingSteps(tx, ledger, request));
}

/** Whatever a parental review is refused for, the refusal names the steps that are missing. */
async function namingSteps<T>(missing: readonly string[], verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (error) {
    if (!(error instanceof UserError) || missing.length === 0) throw error;
    const { code, message, exit, details, hint } = error;
    throw new UserError(code, `${message}; missing: ${missing.join(', ')}`, {
      exit,
      details: { ...details, missing_steps: missing },
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
