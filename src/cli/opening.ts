import { usage } from '../base/errors.ts';
import { parseDate } from '../base/time.ts';
import { REGIME_NAMES } from '../law/regimes.ts';
import { parseIdentifier } from '../people/identifier-text.ts';
import type { Opening } from '../requests/open.ts';
import type { Ledger } from '../store/ledger.ts';
import type { AccessLevel } from '../store/registers.ts';
import type { Kind } from './plan-wishes.ts';

/** The flags of a request that is opened, as given. */
export interface OpeningFlags {
  readonly received: string | undefined;
  readonly regime: string | undefined;
  readonly channel: string | undefined;
  readonly requester: string | undefined;
}

/** Who is asked about, and what for. */
export interface Asking extends Kind {
  /** Words of an identifier or a subject id. */
  readonly who: string;
  readonly parent: string | undefined;
  readonly level: AccessLevel | undefined;
  readonly note: string | undefined;
}

const CHANNEL = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** The opening that the flags mean, checked. */
export function readOpening(ledger: Ledger, flags: OpeningFlags, asking: Asking): Opening {
  const { channel, regime, received } = flags;
  if (channel !== undefined && !CHANNEL.test(channel))
    throw usage('--channel is not a code', 'a word such as email, letter, phone, web-form');
  if (regime !== undefined && !REGIME_NAMES.includes(regime))
    throw usage('--regime is none', `regimes: ${REGIME_NAMES.join(', ')}`);
  return {
    type: asking.type,
    who: parseIdentifier(asking.who, ledger.policy),
    receivedOn: received === undefined ? undefined : parseDate(received, '--received'),
    regime,
    channel,
    requester: flags.requester ?? (asking.type === 'parental-review' ? 'parent' : 'self'),
    level: asking.level ?? 'specific',
    parental: asking.action,
    parent: asking.parent === undefined ? undefined : parseIdentifier(asking.parent, ledger.policy),
    note: asking.note,
  };
}
