import { usage } from '../base/errors.ts';
import { parseIdentifier } from '../people/identifier-text.ts';
import type { Policy } from '../policy/types.ts';
import type { Attempt } from '../requests/verification/verify.ts';
import type { CommandContext } from './context.ts';
import { readMatches } from './data-points.ts';

/** What somebody who asks has brought, as flags give it; a parental review has none. */
export interface ProofInput {
  readonly match?: readonly string[];
  readonly code?: string | undefined;
  readonly account?: string | undefined;
  readonly declared?: boolean;
  readonly reauthenticated?: boolean;
  readonly confirmedDirectly?: boolean;
}

/** The same with standard input read. */
export interface GivenProof {
  readonly matches: readonly string[];
  readonly code: string | undefined;
  readonly account: string | undefined;
  readonly declared: boolean;
  readonly reauthenticated: boolean;
  readonly confirmedDirectly: boolean;
}

/** Reads what `-` stands for; the rest is as given. */
export async function readProof(context: CommandContext, input: ProofInput): Promise<GivenProof> {
  return {
    matches: await readMatches(context, input.match ?? []),
    code: input.code === '-' ? await context.stdin.readLine('--code') : input.code,
    account: input.account === '-' ? await context.stdin.readLine('--account') : input.account,
    declared: input.declared ?? false,
    reauthenticated: input.reauthenticated ?? false,
    confirmedDirectly: input.confirmedDirectly ?? false,
  };
}

/** The methods to which each flag belongs. */
const BELONGS: readonly (readonly [
  flag: string,
  is: (proof: GivenProof) => boolean,
  methods: readonly string[],
])[] = [
  ['--match', ({ matches }) => matches.length > 0, ['data-points', 'agent']],
  ['--code', ({ code }) => code !== undefined, ['code', 'agent']],
  ['--account', ({ account }) => account !== undefined, ['account', 'document', 'agent']],
  ['--declared', ({ declared }) => declared, ['data-points', 'code', 'agent']],
  ['--reauthenticated', ({ reauthenticated }) => reauthenticated, ['account']],
  ['--confirmed-directly', ({ confirmedDirectly }) => confirmedDirectly, ['agent']],
];

/** Refuses a flag that says nothing to the method. */
export function requireBelonging(method: string, proof: GivenProof): void {
  for (const [flag, is, methods] of BELONGS)
    if (is(proof) && !methods.includes(method))
      throw usage(`${flag} belongs to --method ${methods.join('|')}`);
}

/** The attempt that the flags mean, but for its data points. */
export function attemptOf(method: string, proof: GivenProof, policy: Policy): Omit<Attempt, 'points'> {
  const { code, account, declared, reauthenticated, confirmedDirectly } = proof;
  return {
    method,
    code,
    account: account === undefined ? undefined : parseIdentifier(account, policy),
    declared,
    reauthenticated,
    confirmedDirectly,
  };
}
