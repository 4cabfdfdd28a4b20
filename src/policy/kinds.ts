import type { IdentifierKindFile } from './schema.ts';
import type { IdentifierKind } from './types.ts';

/** The kinds of identifiers that every policy has. */
export const BUILT_IN_KINDS: Readonly<Record<string, IdentifierKind>> = {
  user_id: { name: 'user_id', strength: 'account', normalise: 'verbatim' },
  username: { name: 'username', strength: 'account', normalise: 'fold-case' },
  email: { name: 'email', strength: 'contact', normalise: 'email' },
  phone: { name: 'phone', strength: 'contact', normalise: 'phone' },
  cookie: { name: 'cookie', strength: 'device', normalise: 'verbatim' },
  ip: { name: 'ip', strength: 'network', normalise: 'ip' },
};

/** The built-in kinds with a policy's own kinds and changes over them. */
export function fillKinds(own: Readonly<Record<string, IdentifierKindFile>>): Record<string, IdentifierKind> {
  const added = Object.entries(own).map(([name, kind]) => {
    const base = Object.hasOwn(BUILT_IN_KINDS, name) ? BUILT_IN_KINDS[name] : undefined;
    return [name, { name, strength: 'network', normalise: 'verbatim', ...base, ...kind } as const];
  });
  return { ...BUILT_IN_KINDS, ...Object.fromEntries(added) };
}
