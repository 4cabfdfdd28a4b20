import { usage } from '../base/errors.ts';
import { parseOptionalDate } from '../base/time.ts';
import { REGIME_NAMES } from '../law/regimes.ts';
import { parseIdentifier } from '../people/identifier-text.ts';
import { parseTypes } from '../requests/opening/bundle.ts';
import type { Opening } from '../requests/opening/open.ts';
import { CHANNEL } from '../requests/opening/opening.ts';
import type { Ledger } from '../store/ledger.ts';
import type { AccessLevel, ParentalAction, RequestType } from '../store/registers.ts';

/** The flags of a request that is opened, as given. */
export interface OpeningFlags {
  readonly received: string | undefined;
  readonly regime: string | undefined;
  readonly channel: string | undefined;
  readonly requester: string | undefined;
}

/** The words that open a request by hand, as flags give them. */
export interface OpeningWords extends OpeningFlags {
  readonly id: string | undefined;
  /** One type, or several of one mail. */
  readonly type: string | undefined;
  readonly level: AccessLevel | undefined;
  readonly action: ParentalAction | undefined;
  readonly parent: string | undefined;
}

/** Who is asked about, and what for. */
export interface Asking {
  readonly types: readonly RequestType[];
  readonly action: ParentalAction | undefined;
  /** Words of an identifier or a subject id; an unclear mail may name nobody. */
  readonly who: string | undefined;
  readonly parent: string | undefined;
  readonly level: AccessLevel | undefined;
  readonly note: string | undefined;
}

/** The types of `--type`: `access`, or `access,delete` of one mail. */
export function readTypes(words: string): readonly RequestType[] {
  return parseTypes(words, '--type');
}

/** The opening that the flags mean, checked. */
export function readOpening(ledger: Ledger, flags: OpeningFlags, asking: Asking): Opening {
  checkOpeningFlags(flags);
  const { regime, channel, received } = flags;
  const isParental = asking.types.includes('parental-review');
  return {
    types: asking.types,
    who: asking.who === undefined ? [] : [parseIdentifier(asking.who, ledger.policy)],
    receivedOn: parseOptionalDate(received, '--received'),
    regime,
    channel,
    requester: flags.requester ?? (isParental ? 'parent' : 'self'),
    level: asking.level ?? 'specific',
    parental: asking.action,
    parent: asking.parent === undefined ? undefined : parseIdentifier(asking.parent, ledger.policy),
    note: asking.note,
  };
}

/** Refuses a channel that is no code and a regime that is none, before the ledger is opened. */
export function checkOpeningFlags({ channel, regime }: Partial<OpeningFlags>): void {
  if (channel !== undefined && !CHANNEL.test(channel))
    throw usage('--channel is not a code', 'a word such as email, letter, phone, web-form');
  if (regime !== undefined && !REGIME_NAMES.includes(regime))
    throw usage('--regime is none', `regimes: ${REGIME_NAMES.join(', ')}`);
}

/** Refuses flags that are no part of what is asked for. */
export function requireBelonging(type: string, { level, action, parent }: OpeningWords): void {
  const types = readTypes(type);
  if (level !== undefined && !types.includes('access')) throw usage('--level belongs to an access');
  if (types.includes('parental-review')) return;
  if (action !== undefined) throw usage('--action belongs to a parental review');
  if (parent !== undefined) throw usage('--parent belongs to a parental review');
}
