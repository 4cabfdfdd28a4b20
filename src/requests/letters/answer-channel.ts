import { suppressionsNumbered } from '../../duties/suppression-list.ts';
import type { Identifier } from '../../people/identifier.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request } from '../../store/registers.ts';
import type { Reader } from '../../store/store.ts';
import { viewNobody, viewSubject } from '../subject.ts';
import { isAddress } from '../verification/proof.ts';
import { type Channel, requireVerifiedChannel, verifiedChannels } from '../verification/verified-channels.ts';

/** By which way an answer went, and to which address where that is compared. */
export interface AnswerWay {
  readonly channel: string;
  readonly to?: Identifier | undefined;
}

/**
 * Refuses an answer by a way on which nobody was verified (11 CCR §7060, GDPR Art. 12(6)). Of a deletion the
 * addresses that it erased count too: by their digests, which keep them out, they are still known.
 */
export async function requireAnswerChannel(
  tx: Reader,
  ledger: Ledger,
  request: Request,
  { channel, to }: AnswerWay,
): Promise<void> {
  const view = request.subject === undefined ? viewNobody() : await viewSubject(tx, ledger, request.subject);
  const channels = verifiedChannels(request, view, ledger);
  const erased = channels === undefined ? [] : await erasedChannels(tx, ledger, request);
  requireVerifiedChannel(channels && [...channels, ...erased], channel, to, ledger);
}

/** The ways that were proved and that the request itself has erased. */
async function erasedChannels(tx: Reader, { policy }: Ledger, request: Request): Promise<readonly Channel[]> {
  const { id, subject, verification } = request;
  if (subject === undefined || !verification.verified) return [];
  const own = (await tx.suppressionsOf(subject)).filter((entry) => entry.request === id);
  if (own.length === 0) return [];
  const addresses = own.filter(({ kind }) => isAddress(kind, policy)).map((entry) => entry.id);
  const digests = await suppressionsNumbered(tx, addresses);
  return [
    ...(verification.method === 'account' ? [{ kind: 'account', shown: undefined, digest: undefined }] : []),
    ...digests.map(({ kind, digest }) => ({
      ...{ kind, shown: undefined },
      digest: Buffer.from(digest).toString('hex'),
    })),
  ];
}
