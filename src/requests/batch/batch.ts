import { createHash } from 'node:crypto';
import { ExitCode, refused, UserError } from '../../base/errors.ts';
import { batchName, requestName } from '../../base/ids.ts';
import type { Batch, Request, StoredPlan } from '../../store/registers.ts';
import type { Reader } from '../../store/store.ts';
import { plansOf } from '../plan.ts';

/** One request of a batch with the plan that the batch carries out. */
export type BatchMember = Batch['requests'][number];

/** `sha256:` over the lines `R-000001 sha256:…` of all members, in the order of their numbers. */
export function batchDigest(members: readonly BatchMember[]): string {
  const lines = members
    .toSorted((a, b) => a.request - b.request)
    .map(({ request, plan }) => `${requestName(request)} ${plan}\n`);
  return `sha256:${createHash('sha256').update(lines.join('')).digest('hex')}`;
}

/** The batch, where it is the one that was looked at: exit 5 where there is none, 4 where its digest is another. */
export async function requireBatch(tx: Reader, id: number, digest: string): Promise<Batch> {
  const batch = await tx.entry('batch', id);
  if (batch === undefined)
    throw new UserError('no-such-batch', `there is no batch ${batchName(id)}`, {
      exit: ExitCode.notFound,
      hint: 'dsr batch plan makes one',
    });
  if (batch.digest === digest) return batch;
  throw refused(
    'plan-changed',
    `this is not the digest of ${batchName(id)}`,
    'dsr batch plan makes a new batch; look at it before you run it',
  );
}

/** A member with its request and its plan, as far as both are still there. */
export interface FoundMember {
  readonly member: BatchMember;
  /** Undefined once its file has ended. */
  readonly request: Request | undefined;
  readonly stored: StoredPlan | undefined;
}

/** A member of a batch as it stands now. */
export async function findMember(tx: Reader, member: BatchMember): Promise<FoundMember> {
  const request = await tx.entry('request', member.request);
  const stored = (await plansOf(tx, member.request)).findLast(({ digest }) => digest === member.plan);
  return { member, request, stored };
}

/** Whether what the batch has to do for a member was done. */
export function isCarriedOut({ request, stored }: FoundMember): boolean {
  return request === undefined || stored?.state === 'applied';
}
