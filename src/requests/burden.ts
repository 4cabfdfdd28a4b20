import { refused, usage } from '../base/errors.ts';
import { burdenRules, type FeeGround, findFeeRule } from '../law/fees.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Burden, Request } from '../store/registers.ts';

/** Reason codes that hold the request itself against the person. */
const FINDINGS: Readonly<Record<string, 'unfounded' | 'excessive'>> = {
  unfounded: 'unfounded',
  'manifestly-unfounded': 'unfounded',
  excessive: 'excessive',
  'manifestly-excessive': 'excessive',
};

type Acting = Pick<Ledger, 'now' | 'actor'>;

/** What a reason code finds of a request; undefined of all others. */
export function findingOf(reason: string | undefined): 'unfounded' | 'excessive' | undefined {
  return reason !== undefined && Object.hasOwn(FINDINGS, reason) ? FINDINGS[reason] : undefined;
}

/**
 * A refusal as manifestly unfounded or excessive, noted with who found it so; other reasons leave what was noted.
 * The controller bears the burden of showing it (GDPR Art. 12(5), 1798.145(h)(3)): what it rests on has to be
 * written into the file, and the law has to know such a refusal.
 */
export function burdenOfRefusal(
  { now: at, actor }: Acting,
  { regime, burden }: Pick<Request, 'regime' | 'burden'>,
  reason: string,
  note: string | undefined,
): Burden | undefined {
  const finding = findingOf(reason);
  if (finding === undefined) return burden;
  const { refusal, free } = burdenRules(regime);
  if (refusal === undefined)
    throw refused('no-such-ground', `${free.source} knows no refusal as ${finding}`, free.rule);
  requireShown(refusal.source, note);
  return { at, actor: actor.name, finding, fee: burden?.fee };
}

function requireShown(source: string, note: string | undefined): void {
  if (note !== undefined && note.trim() !== '') return;
  throw refused(
    'burden-not-shown',
    `by ${source} the controller has to show it, and nothing is written down`,
    'say with --note on what facts it rests; the person may read it',
  );
}

/** The reason code of a fee for another copy of what was given (GDPR Art. 15(3)). */
const FURTHER_COPY = 'further-copy';

const AMOUNT = /^[A-Z]{3} [1-9]\d{0,5}(\.\d{2})?$/;

/** Reads the amount of a fee: `EUR 15`, `USD 12.50`. */
export function parseAmount(words: string): string {
  if (AMOUNT.test(words)) return words;
  throw usage('--amount is not an amount', 'a currency and a sum: --amount "EUR 15"');
}

/**
 * A fee that is announced before the work is done, so that the person can withdraw (EDPB 01/2022 ¶192);
 * refused with the law's own words where it lets nobody ask for one. Verification is never charged (11 CCR §7060(d)).
 */
export function burdenOfFee(
  { now: at, actor }: Acting,
  { regime, type }: Pick<Request, 'regime' | 'type'>,
  { reason, amount, note }: FeeWish,
): Burden {
  const finding = findingOf(reason);
  const rule = findFeeRule(regime, type, feeGround(reason));
  if (rule === undefined) {
    const { free, feeInstead } = burdenRules(regime);
    const way = feeInstead === undefined ? free.rule : `${free.rule}; ${feeInstead.rule}`;
    throw refused('fee-forbidden', `${free.source} allows no fee for this request`, way);
  }
  if (finding !== undefined) requireShown(rule.source, note);
  return { at, actor: actor.name, finding, fee: amount };
}

function feeGround(reason: string | undefined): FeeGround {
  if (findingOf(reason) !== undefined) return 'finding';
  return reason === FURTHER_COPY ? 'further-copy' : 'answer';
}

/** A fee as staff ask for it; the reason says what was found of the request. */
export interface FeeWish {
  readonly reason: string | undefined;
  readonly amount: string;
  readonly note: string | undefined;
}
