import { notFound, usage } from '../../../base/errors.ts';
import type { PolicyVersion } from '../../../policy/types.ts';

/** Whether an argument means a version and not a file. */
export function isVersionNumber(words: string): boolean {
  return /^\d{1,9}$/.test(words);
}

/** The stored version of that number. */
export function requireVersion(versions: readonly PolicyVersion[], words: string): PolicyVersion {
  if (!isVersionNumber(words)) throw usage('VERSION is not a number', 'dsr policy list shows them');
  const found = versions.find(({ version }) => version === Number(words));
  if (found !== undefined) return found;
  throw notFound(
    'policy-version-not-found',
    `there is no policy version ${Number(words)}`,
    'dsr policy list shows them',
  );
}
