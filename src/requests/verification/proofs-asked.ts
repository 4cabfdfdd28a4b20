import { accountSources } from '../../policy/find.ts';
import type { Policy } from '../../policy/types.ts';
import { listed } from '../../policy/words.ts';
import type { Request } from '../../store/registers.ts';
import { needOf } from './need.ts';
import { isUsable } from './proof.ts';

/**
 * What whoever asks may show, in words: kinds of proof by law and policy, never what is held of anybody. Data
 * points are named by their columns; what profiles show is none.
 */
export function proofsFor(request: Request, policy: Policy): readonly string[] {
  const { requester } = request;
  if (requester === 'parent')
    return (policy.coppa?.allOf ?? []).map((step) => `a step of parental consent: ${plain(step)}`);
  if (requester === 'self') return ownProofs(request, policy);
  const documents = policy.verification[requester as 'agent' | 'heir' | 'household' | 'authority'] ?? [];
  return documents.map(plain);
}

function ownProofs(request: Request, policy: Policy): readonly string[] {
  const accounts = accountSources(policy);
  const usable = accounts.flatMap((source) => source.usable.filter((column) => isUsable(column, source)));
  const { points, declaration } = needOf(request, policy);
  const columns = [...new Set(usable)].map(plain);
  return [
    ...(accounts.length > 0 ? ['that you can sign in to your account; or'] : []),
    ...(columns.length > 0 && points > 0
      ? [`${Math.min(points, columns.length)} of these, as you gave them to us: ${listed(columns)}`]
      : ['that you receive mail at an address that we know']),
    ...(declaration ? ['a signed declaration, under penalty of perjury, that you are that person'] : []),
  ];
}

/** `birth_date` and `death-certificate` as people write them. */
function plain(word: string): string {
  return word.replace(/[_-]+/g, ' ');
}
