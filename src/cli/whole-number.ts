import { usage } from '../base/errors.ts';

/** The whole number above zero that a flag gives; undefined where it was not given. */
export function readCount(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count > 0) return count;
  throw usage(`${flag} is not a number above zero`, `write ${flag} 200`);
}
