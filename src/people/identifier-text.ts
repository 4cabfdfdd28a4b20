import { usage } from '../base/errors.ts';
import { parseName } from '../base/ids.ts';
import { kindOf } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import type { SubjectId } from '../store/store.ts';
import type { Identifier } from './identifier.ts';
import { normalise } from './normalise.ts';

/** Reads `email:ada@example.org` into its normal form, or `S-000042`; throws `usage` without the value. */
export function parseIdentifier(
  text: string,
  policy: Pick<Policy, 'identifiers'>,
): Identifier | { readonly subject: SubjectId } {
  const subject = parseName('S', text.trim());
  if (subject !== undefined) return { subject };
  const colon = text.indexOf(':');
  const kind = colon < 0 ? undefined : kindOf(policy, text.slice(0, colon).trim());
  if (kind === undefined)
    throw usage('that is no identifier', `write kind:value or S-000042; ${kindsOf(policy)}`);
  const value = normalise(kind, text.slice(colon + 1));
  if (value === undefined) throw usage(`the value is no ${kind.name}`, hintOf(kind.normalise));
  return { kind: kind.name, value };
}

/** `email:ada@example.org`. */
export function renderIdentifier({ kind, value }: Identifier): string {
  return `${kind}:${value}`;
}

function kindsOf(policy: Pick<Policy, 'identifiers'>): string {
  return `kinds: ${Object.keys(policy.identifiers).join(', ')}`;
}

function hintOf(form: 'verbatim' | 'fold-case' | 'email' | 'phone' | 'ip'): string | undefined {
  if (form === 'email') return 'write email:name@example.org';
  if (form === 'phone') return 'write it with its country code: phone:+441632960001';
  return form === 'ip' ? 'write one address, without port or prefix' : undefined;
}
