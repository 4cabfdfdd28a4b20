import { notFound } from '../base/errors.ts';
import type { Request } from '../store/registers.ts';
import type { Reader } from '../store/store.ts';

/** The request by its number; one that never was is exit 5, and one whose file has ended. */
export async function requireRequest(tx: Pick<Reader, 'entry' | 'isSpent'>, id: number): Promise<Request> {
  const request = await tx.entry('request', id);
  if (request !== undefined) return request;
  if (await tx.isSpent('request', id))
    throw notFound(
      'request-file-ended',
      'the file of this request has ended: what it held was forgotten when its period was over',
      'certificates and checkpoints that were given out still verify',
    );
  throw notFound('no-such-request', 'there is no such request', 'dsr request list shows them');
}
