import { createHash } from 'node:crypto';
import type { PolicyFiles } from './types.ts';

/**
 * `sha256:` and the hex digest of the text's UTF-8 bytes; where the policy names files, of the lines
 * `HEX  NAME` of all of them, as sha256sum writes them, the policy's own first under the name `policy`.
 */
export function policyDigest(text: string, files: PolicyFiles): string {
  const names = Object.keys(files).sort();
  if (names.length === 0) return `sha256:${sha256(text)}`;
  const lines = names.map((name) => `${sha256(files[name] ?? '')}  ${name}\n`);
  return `sha256:${sha256([`${sha256(text)}  policy\n`, ...lines].join(''))}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
