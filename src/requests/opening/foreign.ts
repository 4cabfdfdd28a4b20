import type { Json } from '../../base/json.ts';
import { openSealed, sealText } from '../../base/sealed.ts';
import { suppressionHex } from '../../people/digests.ts';
import type { Identifier } from '../../people/identifier.ts';
import type { LedgerKeys } from '../../store/ledger.ts';
import type { ForeignOrigin, Request, RequestType } from '../../store/registers.ts';

/** A request as another system numbers it. */
export interface ForeignId {
  readonly protocol: ForeignOrigin['protocol'];
  /** Whose number it is: an agent's ids are unique among its own alone. */
  readonly sender: string | undefined;
  readonly id: string;
}

/** What another system sent beside the id, and its status objects or whoever verifies need again. */
export interface ForeignDetails {
  /** The id that its status objects repeat; undefined where it gave none. */
  readonly ownId?: string | undefined;
  /** Who the sender says the person is, member by member: nothing of it is verified here. */
  readonly claims?: Readonly<Record<string, Json>> | undefined;
  /** Where the sender wants to hear of changes. */
  readonly callbacks?: readonly string[] | undefined;
  readonly apiVersion?: string | undefined;
  /** Hints at other dealings of the person with the business. */
  readonly relationships?: readonly string[] | undefined;
}

/** The foreign side of a request that is opened. */
export interface ForeignAsking extends ForeignId {
  readonly details?: ForeignDetails | undefined;
}

type Keys = Pick<LedgerKeys, 'suppression' | 'outbox'>;

const SEALED_FOR = 'foreign-details';

/** The keyed digest under which a request is found by its foreign id. */
export function foreignMark({ suppression }: Pick<Keys, 'suppression'>, foreign: ForeignId): string {
  const { protocol, sender = '', id } = foreign;
  return suppressionHex(suppression, { kind: `foreign:${protocol}`, value: JSON.stringify([sender, id]) });
}

/** The keyed digest under which a request is found by what was asked for, while nobody is known by it. */
export function askedMark({ suppression }: Pick<Keys, 'suppression'>, { kind, value }: Identifier): string {
  return suppressionHex(suppression, { kind: `asked:${kind}`, value });
}

/** What a foreign id stands for: the same id for other rights or another person is another request. */
export interface AskedUnder {
  readonly types: readonly RequestType[];
  readonly level: string;
  readonly identifiers: readonly Identifier[];
}

/** The foreign side as the request keeps it: details sealed, what was asked as a keyed digest. */
export function foreignOrigin(keys: Keys, foreign: ForeignAsking, asked: AskedUnder): ForeignOrigin {
  const { protocol, sender, details } = foreign;
  return {
    protocol,
    sender,
    ...(details === undefined
      ? {}
      : { sealedDetails: sealText(keys.outbox, JSON.stringify(details), SEALED_FOR) }),
    asked: askedDigest(keys, asked),
  };
}

/** The keyed digest of what was asked. */
export function askedDigest({ suppression }: Pick<Keys, 'suppression'>, asked: AskedUnder): string {
  const identifiers = asked.identifiers.map(({ kind, value }) => [kind, value]);
  const value = JSON.stringify([asked.types, asked.level, identifiers]);
  return suppressionHex(suppression, { kind: 'asked', value });
}

/** What another system sent beside the id. */
export function foreignDetailsOf({ outbox }: Pick<Keys, 'outbox'>, { foreign }: Request): ForeignDetails {
  if (foreign?.sealedDetails === undefined) return {};
  return JSON.parse(openSealed(outbox, foreign.sealedDetails, SEALED_FOR)) as ForeignDetails;
}
