import type { PlainDate } from '../base/time.ts';
import type { RequestType } from '../store/registers.ts';
import { byDueOn, deadlineOf } from './deadline.ts';
import type { Setting } from './reckoning.ts';
import { REGIME_CODES } from './regime-codes.ts';
import { AUSTRALIA, LGPD, NEW_ZEALAND, PIPEDA } from './regimes/elsewhere.ts';
import { GDPR, UK_GDPR } from './regimes/europe.ts';
import { CCPA, COLORADO, CONNECTICUT, COPPA, VIRGINIA } from './regimes/united-states.ts';
import type { Regime } from './rules.ts';

const BY_CODE: Readonly<Record<Regime['name'], Regime>> = {
  gdpr: GDPR,
  'uk-gdpr': UK_GDPR,
  ccpa: CCPA,
  virginia: VIRGINIA,
  colorado: COLORADO,
  connecticut: CONNECTICUT,
  lgpd: LGPD,
  pipeda: PIPEDA,
  australia: AUSTRALIA,
  'new-zealand': NEW_ZEALAND,
  coppa: COPPA,
};

/** Every law that dsr knows a clock of. */
export const REGIMES: readonly Regime[] = REGIME_CODES.map((code) => BY_CODE[code]);

/** Their codes, to look up a word among them. */
export const REGIME_NAMES: readonly string[] = REGIME_CODES;

/** The regime of a request: its name was checked when the request was opened. */
export function requireRegime(name: string): Regime {
  const regime = REGIMES.find((one) => one.name === name);
  if (regime === undefined) throw new Error('a regime is known by its name');
  return regime;
}

/** Of several laws that may apply, the one whose clock ends first for what is asked; those without a day come last. */
export function strictestRegime(
  regimes: readonly string[],
  asked: { readonly type: RequestType; readonly receivedOn: PlainDate },
  settingOf: (regime: string) => Setting,
): string {
  const dated = regimes.map((name) => ({ name, ...deadlineOf(requireRegime(name), asked, settingOf(name)) }));
  return dated.sort(byDueOn)[0]?.name ?? 'gdpr';
}
