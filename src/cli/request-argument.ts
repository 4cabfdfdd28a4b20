import { usage } from '../base/errors.ts';
import { parseName } from '../base/ids.ts';

/** The number of a request such as `R-000007`. */
export function requireRequestId(words: string): number {
  const id = parseName('R', words.trim());
  if (id !== undefined) return id;
  throw usage('this needs a request such as R-000007', 'dsr request list shows them');
}
