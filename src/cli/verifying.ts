import { UserError, usage } from '../base/errors.ts';
import { MAX_TRIES, missingSteps, verifyRequest } from '../requests/verify.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import type { CommandContext } from './context.ts';
import { askPoints, parsePoints } from './data-points.ts';

/** The flags of a verification, `--match` lines read. */
export interface VerifyFlags {
  readonly method: string | undefined;
  readonly matches: readonly string[];
}

/** A try at verifying who asks, and what is left. */
export interface Tried {
  readonly request: Request;
  readonly triesLeft: number;
  /** Steps of parental consent that are missing, as the policy names them. */
  readonly missing: readonly string[];
}

/** Tries to verify who asks by what was given, or asks on a terminal. */
export async function tryVerification(
  context: CommandContext,
  ledger: Ledger,
  request: Request,
  flags: VerifyFlags,
): Promise<Tried> {
  const method = flags.method ?? (await askMethod(context, request));
  if (method !== 'data-points' && flags.matches.length > 0)
    throw usage('--match belongs to --method data-points');
  const asks = method === 'data-points' && flags.matches.length === 0 && request.subject !== undefined;
  const lines = asks ? await askPoints(context, request, ledger.policy) : flags.matches;
  const points = parsePoints(context, lines, ledger.policy);
  const missing = request.parental === undefined ? [] : await stepsOf(ledger, request);
  const after = await namingSteps(missing, () => verifyRequest(ledger, request.id, method, points));
  return { request: after, triesLeft: Math.max(0, MAX_TRIES - after.verification.tries), missing };
}

/** The refusal of a request whose requester is not verified; names what is missing, not what is held. */
export function notVerified({ request, triesLeft, missing }: Tried): UserError {
  const { matched, needed } = request.verification;
  const steps = missing.length === 0 ? '' : `, missing: ${missing.join(', ')}`;
  const hint = triesLeft === 0 ? 'deny the request, or ask for other proof' : undefined;
  return new UserError(
    'not-verified',
    `not verified: ${renderTried({ request, triesLeft, missing: [] })}${steps}`,
    {
      ...(hint === undefined ? {} : { hint }),
      details: {
        matched,
        needed,
        tries_left: triesLeft,
        ...(missing.length === 0 ? {} : { missing_steps: missing }),
      },
    },
  );
}

/** `1 of 3 points matched, 2 tries left`. */
export function renderTried({ request, triesLeft }: Tried): string {
  const { matched, needed } = request.verification;
  const what = request.parental === undefined ? 'points matched' : 'steps of consent given';
  const left = triesLeft === 1 ? '1 try left' : `${triesLeft} tries left`;
  return `${matched} of ${needed} ${what}, ${left}`;
}

async function askMethod({ prompter }: CommandContext, request: Request): Promise<string> {
  if (request.parental !== undefined) return 'parent';
  return prompter.select({ message: 'How do you know who asks?', missing: '--method' }, [
    { name: 'they wrote from inside their account', value: 'account' },
    { name: 'by data points, compared with what is held', value: 'data-points' },
  ]);
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
