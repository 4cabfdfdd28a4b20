import type { PlainDate } from '../base/time.ts';
import type { ClockPause, RequestType } from '../store/registers.ts';
import type { REGIME_CODES } from './regime-codes.ts';

/** Where a rule stands and since when; rules are data, so that one can be corrected without touching code. */
export interface Rule {
  /** What the rule says, as `request deadline` prints it. */
  readonly rule: string;
  /** Where it says so: `GDPR Art. 12(3)`. */
  readonly source: string;
  /** The first day on which it applies. */
  readonly from: PlainDate;
  /** Whether the words of the source were read; else it is general knowledge, to be checked before it is relied on. */
  readonly verified: boolean;
}

/** A length of time: months by the calendar, days, or working days. */
export interface Term {
  readonly n: number;
  readonly unit: 'month' | 'day' | 'working-day';
}

/** The one time by which an answer can be put off, counted from the start of the clock and not from its end. */
export interface ExtensionRule extends Rule {
  /** By how much at most; undefined where the notice alone names the new day. */
  readonly term?: Term;
}

/** What a clock does while something of the requester's is awaited. */
export interface PauseRule extends Rule {
  readonly cause: ClockPause['cause'];
  /**
   * `add-days`: the days from asking to receiving are added. `add-days-inclusive`: both of these days too.
   * `restart`: the clock starts again when it is received.
   */
  readonly effect: 'add-days' | 'add-days-inclusive' | 'restart';
  /** The requests for which it holds; undefined for all. */
  readonly types?: readonly RequestType[];
}

/** The clock of some types of request under one law. */
export interface ClockRule extends Rule {
  readonly types: readonly RequestType[];
  /** Undefined where the law names no number ("promptly"). */
  readonly term?: Term;
  /** How the day of receipt counts. */
  readonly start: Rule;
  /** What becomes of a day that the last month does not have. */
  readonly clamp?: Rule;
  /** Where a last day that is no working day is put off to the next one. */
  readonly roll?: Rule;
  readonly extension?: ExtensionRule;
  readonly pauses: readonly PauseRule[];
  /** The rule by which nothing stops the clock; the clock's own where the law is silent. */
  readonly noPause?: Rule;
}

/** By when receipt has to be confirmed. */
export interface AcknowledgementRule extends Rule {
  readonly types: readonly RequestType[];
  readonly term: Term;
}

/** By when an appeal against a refusal has to be decided. */
export interface AppealRule extends Rule {
  readonly term: Term;
  readonly extension?: ExtensionRule;
}

/** How long nobody may be asked again for what they refused. */
export interface ReaskRule extends Rule {
  readonly types: readonly RequestType[];
  readonly term: Term;
}

/** One law, as far as clocks go. Of several rules for the same the newest that applies at receipt counts. */
export interface Regime {
  readonly name: (typeof REGIME_CODES)[number];
  readonly title: string;
  readonly clocks: readonly ClockRule[];
  readonly acknowledgements: readonly AcknowledgementRule[];
  readonly appeals: readonly AppealRule[];
  readonly reask?: ReaskRule;
  /** Where a request may be ended because whoever asked could not be verified in the time of the answer. */
  readonly unproven?: Rule;
}

/** Every right that somebody can exercise; a complaint is none, and `unclear` may be any of them. */
export const RIGHTS: readonly RequestType[] = [
  'access',
  'edit',
  'delete',
  'parental-review',
  'portability',
  'restrict',
  'objection',
  'consent-withdrawal',
  'opt-out',
  'opt-in',
  'limit',
];
