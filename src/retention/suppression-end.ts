import { addPeriod } from '../base/periods.ts';
import { dateIn, epochOf, type Instant, type PlainDate } from '../base/time.ts';
import type { Policy } from '../policy/types.ts';
import type { BackupEntry } from '../store/registers.ts';
import type { Suppression } from '../store/store.ts';

/** Until when the digests of a person's identifiers stay, and on what ground. */
export interface SuppressionEnd {
  /** The last day; undefined where only staff ends it. */
  readonly until: PlainDate | undefined;
  readonly basis: string;
}

/** Why digests stay after an erasure, or after a parent stopped the collection, as letters and certificates say it. */
export const SUPPRESSION_BASIS: Readonly<Record<Suppression['reason'], string>> = {
  // GDPR Art. 17(1) with Art. 5(2): an erasure that the next old file undoes was none.
  erased: 'against a return by an older export or backup',
  // 16 CFR 312.6(a)(2).
  'parental-stop': 'against collecting anything more from the child',
};

/** What of a policy and a ledger says how long copies of a time are kept. */
export interface KnownCopies {
  readonly policy: Pick<Policy, 'controller' | 'backups'>;
  /** Backups that dsr wrote. */
  readonly own: readonly Pick<BackupEntry, 'state' | 'expiresOn' | 'at'>[];
}

/** The last day on which a copy from before an instant is kept, upstream or by dsr; undefined where none is known. */
export function lastCopyEnd(at: Instant, { policy, own }: KnownCopies): PlainDate | undefined {
  const day = dateIn(at, policy.controller.zone);
  const upstream = Object.values(policy.backups).map(({ keep }) => addPeriod(day, keep));
  const kept = own.filter((backup) => backup.state === 'kept' && epochOf(backup.at) <= epochOf(at));
  return latest([...upstream, ...kept.map(({ expiresOn }) => expiresOn)]);
}

/**
 * The end of the digests of an act at an instant: no sooner than the policy says, and no sooner than the last
 * copy from before it is over. A parent's stop has none.
 */
export function suppressionEnd(
  reason: Suppression['reason'],
  at: Instant,
  { policy, own }: KnownCopies & { readonly policy: Pick<Policy, 'controller' | 'backups' | 'limits'> },
): SuppressionEnd {
  const basis = SUPPRESSION_BASIS[reason];
  if (reason === 'parental-stop') return { until: undefined, basis };
  const least = addPeriod(dateIn(at, policy.controller.zone), policy.limits.digestsKept);
  return { until: latest([least, lastCopyEnd(at, { policy, own }) ?? least]), basis };
}

function latest(dates: readonly PlainDate[]): PlainDate | undefined {
  return dates.toSorted().at(-1);
}
