import { refused } from '../../base/errors.ts';
import { maskValue } from '../../base/mask.ts';
import { verificationRule } from '../../law/verification.ts';
import type { Identifier } from '../../people/identifier.ts';
import type { SubjectView } from '../../rights/view.ts';
import type { Request } from '../../store/registers.ts';
import { REQUESTERS } from '../choices.ts';
import { isVerifiedFor } from './need.ts';
import { accountsOf, addressesOf, identifierDigest, type Prover, subjectDigest } from './proof.ts';

/** A way by which an answer may go: `account`, `requester`, or a kind of address. */
export interface Channel {
  readonly kind: string;
  /** An address, masked; undefined where the kind says all. */
  readonly shown: string | undefined;
  readonly digest: string | undefined;
}

/** Who asks for another and has shown that they may is answered where they have shown it. */
const FOR_ANOTHER: ReadonlySet<string | undefined> = new Set(REQUESTERS.filter((who) => who !== 'self'));

/**
 * By which ways an answer may go: a proved account, the confirmed addresses of one, and proved addresses; to who asks
 * for another, where they have shown that they may. Undefined where any will do: nobody has to be verified, or
 * nobody is known, so that nothing personal leaves the house.
 */
export function verifiedChannels(
  request: Request,
  view: SubjectView,
  prover: Prover,
): readonly Channel[] | undefined {
  const { degree } = verificationRule(request.type, request.level, request.regime);
  const { method, proved } = request.verification;
  if (degree === 'none' || view.subject === undefined) return undefined;
  if (!isVerifiedFor(request)) return [];
  const shown = new Set(proved ?? [subjectDigest(prover, view.subject)]);
  const isWhole = shown.has(subjectDigest(prover, view.subject));
  const accounts = accountsOf(view.rows, prover);
  const addresses = addressesOf(view, prover).filter(
    ({ identifier, accounts: on }) =>
      isWhole || shown.has(identifierDigest(prover, identifier)) || on.some((account) => shown.has(account)),
  );
  return [
    ...(FOR_ANOTHER.has(method) ? [{ kind: 'requester', shown: undefined, digest: undefined }] : []),
    ...(isWhole || accounts.some((account) => shown.has(account))
      ? [{ kind: 'account', shown: undefined, digest: undefined }]
      : []),
    ...addresses.map(({ identifier }) => channelOf(identifier, prover)),
  ];
}

function channelOf(identifier: Identifier, prover: Prover): Channel {
  const { kind, value } = identifier;
  return { kind, shown: maskValue(kind, value), digest: identifierDigest(prover, identifier) };
}

/** Refuses to send an answer where nobody was verified; names the ways there are, masked. */
export function requireVerifiedChannel(
  channels: readonly Channel[] | undefined,
  kind: string,
  address: Identifier | undefined,
  prover: Prover,
): void {
  if (channels === undefined) return;
  const digest = address === undefined ? undefined : identifierDigest(prover, address);
  const fits = (channel: Channel) =>
    channel.kind === kind && (digest === undefined || channel.digest === digest);
  if (channels.some(fits)) return;
  const ways = channels.map(({ kind: name, shown }) => (shown === undefined ? name : `${name}:${shown}`));
  throw refused(
    'channel-not-verified',
    'an answer goes only where somebody was verified',
    ways.length === 0 ? 'nobody is verified yet' : `to: ${ways.join(', ')}`,
  );
}
