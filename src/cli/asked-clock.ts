import type { PlainDate } from '../base/time.ts';
import { byDueOn } from '../law/deadline.ts';
import { REGIME_NAMES } from '../law/regimes.ts';
import { deadlinesOf } from '../requests/clock/clock.ts';
import type { Ledger } from '../store/ledger.ts';
import type { RequestType } from '../store/registers.ts';

/** What the clock of one law would come to for a request that is not opened yet. */
export interface AskedClock {
  readonly regime: string;
  readonly dueOn: PlainDate | undefined;
  readonly acknowledgeBy: PlainDate | undefined;
  /** Where the law says so. */
  readonly source: string;
  /** Whether it is a law of the policy. */
  readonly isOurs: boolean;
  /** Of those of the policy the one that ends first. */
  readonly isStrictest: boolean;
}

/** The clocks of every law for what came in on a day: the policy's first, the strictest before the others. */
export async function clocksOf(
  ledger: Ledger,
  types: readonly RequestType[],
  receivedOn: PlainDate,
): Promise<readonly AskedClock[]> {
  const deadlines = await deadlinesOf(ledger);
  const ours = ledger.policy.controller.regimes;
  const clocks = REGIME_NAMES.map((regime) => {
    const [first] = types.map((type) => deadlines.deadline(regime, { type, receivedOn })).sort(byDueOn);
    const { dueOn, acknowledgeBy, clock } = first ?? {};
    return {
      regime,
      dueOn,
      acknowledgeBy,
      source: clock?.source ?? 'names no day',
      isOurs: ours.includes(regime),
    };
  });
  const sorted = clocks.sort(byDueOn);
  const first = sorted.find(({ isOurs }) => isOurs);
  return [true, false].flatMap((isOurs) =>
    sorted.filter((one) => one.isOurs === isOurs).map((one) => ({ ...one, isStrictest: one === first })),
  );
}
