import type { Policy } from './types.ts';

/**
 * The form in which a ledger keeps what the text of its policy means. It is raised whenever the same text comes
 * to mean another `Policy`, so that what an earlier dsr kept is made again.
 */
export const POLICY_FORM = 1;

interface Kept {
  readonly form: number;
  readonly policy: Policy;
}

/** A policy as a ledger keeps it beside its text. */
export function renderCompiled(policy: Policy): string {
  return JSON.stringify({ form: POLICY_FORM, policy } satisfies Kept);
}

/** The policy that a ledger kept beside its text; undefined where nothing is kept, or by a dsr of another form. */
export function findCompiled(compiled: string | undefined): Policy | undefined {
  if (compiled === undefined) return undefined;
  const { form, policy } = JSON.parse(compiled) as Kept;
  return form === POLICY_FORM ? policy : undefined;
}
