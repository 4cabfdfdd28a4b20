import { refused } from '../../base/errors.ts';
import { requestName } from '../../base/ids.ts';
import { isPackaged } from '../../letters/answer-forms.ts';
import type { Plan } from '../../plan/plan.ts';
import type { SubjectView } from '../../rights/view.ts';
import type { Request } from '../../store/registers.ts';
import type { Reader, SubjectId } from '../../store/store.ts';
import { isUnanswered } from '../due.ts';

interface Erasing {
  readonly plan: Pick<Plan, 'right' | 'parental'>;
  readonly request: Pick<Request, 'waiting'>;
  readonly view: Pick<SubjectView, 'subjects'>;
}

/**
 * A person's own open access comes before their erasure: afterwards there is nothing to give (GDPR Art. 15,
 * EDPB Guidelines 01/2022). Refuses an erasure before it, unless the person said so.
 */
export async function requireAccessFirst(
  tx: Reader,
  { plan, request, view }: Erasing,
  beforeAccess: string | undefined,
): Promise<void> {
  const isErasure = plan.right === 'delete' || plan.parental === 'delete';
  if (!isErasure || (beforeAccess ?? request.waiting?.beforeAccess) !== undefined) return;
  const [first, ...others] = await openAccessOf(tx, view.subjects);
  if (first === undefined) return;
  const names = [first, ...others].map(({ id }) => requestName(id)).join(', ');
  throw refused(
    'access-first',
    `the same person waits for their own data: ${names}`,
    `answer ${requestName(first.id)} first; --before-access --reason CODE erases before it, where the person said so`,
  );
}

/** Requests of a person for their own data that nobody has answered. */
async function openAccessOf(tx: Reader, subjects: readonly SubjectId[]): Promise<readonly Request[]> {
  const found = new Map<number, Request>();
  for (const subject of subjects)
    for (const request of [
      ...(await tx.entries('request', { subject })),
      ...(await tx.requestsCovering(subject)),
    ])
      if (isOwnAccess(request) && isUnanswered(request)) found.set(request.id, request);
  return [...found.values()];
}

function isOwnAccess({ type, parental, requester }: Request): boolean {
  return isPackaged({ type, parental }) && requester !== 'authority';
}
