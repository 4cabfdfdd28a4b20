import type { Period, PlainDate } from '../base/time.ts';
import { addPeriod } from '../base/time.ts';

/** How long a law gives for the answer to a request, counted from its receipt. */
export interface Regime {
  readonly name: string;
  /** Undefined where the law names no number ("promptly"). */
  readonly answer: Period | undefined;
  readonly source: string;
}

const REGIMES: readonly Regime[] = [
  { name: 'gdpr', answer: 'P1M', source: 'GDPR Art. 12(3)' },
  { name: 'uk-gdpr', answer: 'P1M', source: 'UK GDPR Art. 12A' },
  { name: 'ccpa', answer: 'P45D', source: '11 CCR §7021(b)' },
  { name: 'virginia', answer: 'P45D', source: 'Va. Code §59.1-577' },
  { name: 'colorado', answer: 'P45D', source: 'C.R.S. §6-1-1306' },
  { name: 'connecticut', answer: 'P45D', source: 'Conn. Gen. Stat. §42-518' },
  { name: 'lgpd', answer: 'P15D', source: 'LGPD Art. 19' },
  { name: 'pipeda', answer: 'P30D', source: 'PIPEDA s. 8(3)' },
  { name: 'australia', answer: 'P30D', source: 'APP 12.4' },
  { name: 'new-zealand', answer: 'P20D', source: 'Privacy Act 2020 s. 44' },
  { name: 'coppa', answer: undefined, source: '16 CFR 312.6' },
];

export const REGIME_NAMES: readonly string[] = REGIMES.map((regime) => regime.name);

/**
 * The last day for the answer: periods in calendar months or days from the day of receipt, month
 * ends clamped, without the roll to a working day that a law may grant, so never too late.
 */
export function dueOn(regime: string, receivedOn: PlainDate): PlainDate | undefined {
  const answer = REGIMES.find(({ name }) => name === regime)?.answer;
  return answer === undefined ? undefined : addPeriod(receivedOn, answer);
}

/** Of several laws that may apply, the one whose clock ends first; those without a number come last. */
export function strictestRegime(regimes: readonly string[], receivedOn: PlainDate): string {
  const dated = regimes.map((name) => ({ name, due: dueOn(name, receivedOn) ?? '9999-12-31' }));
  dated.sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0));
  return dated[0]?.name ?? 'gdpr';
}
