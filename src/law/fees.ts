import type { RequestType } from '../store/registers.ts';
import type { Rule } from './rules.ts';

/** What a law lets a controller hold against a request, and whether it may ask for money. */
export interface BurdenRules {
  /** Refusing what is manifestly unfounded or excessive; undefined where the law has no such ground. */
  readonly refusal?: Rule;
  /** Asking a reasonable fee instead. */
  readonly feeInstead?: Rule;
  /** Asking a fee for a further copy of what was given before. */
  readonly furtherCopy?: Rule;
  /** Asking a fee of anybody, announced before the work is done. */
  readonly charge?: Rule;
  /** By which an answer is free of charge: what a fee that nothing allows is refused with. */
  readonly free: Rule;
}

/** Requests that never cost anything, whatever the law: nobody pays for a no. */
const NEVER_CHARGED: readonly RequestType[] = ['opt-out', 'opt-in', 'limit', 'complaint', 'unclear'];

const ART_12_5 = { from: '2018-05-25', verified: false };

const GDPR: BurdenRules = {
  refusal: {
    rule: 'refused where manifestly unfounded or excessive, above all repetitive; the controller bears the burden of showing it',
    source: 'GDPR Art. 12(5)(b)',
    ...ART_12_5,
  },
  feeInstead: {
    rule: 'a reasonable fee instead of a refusal, announced first so that the person can withdraw (EDPB 01/2022 ¶192)',
    source: 'GDPR Art. 12(5)(a)',
    ...ART_12_5,
  },
  furtherCopy: {
    rule: 'a reasonable fee for further copies, based on administrative costs',
    source: 'GDPR Art. 15(3)',
    ...ART_12_5,
  },
  free: { rule: 'answers are free of charge', source: 'GDPR Art. 12(5)', ...ART_12_5 },
};

/** Of an American act that gives both, with the burden on the controller. */
function american(source: string, from: string, free: string): BurdenRules {
  const of = (rule: string): Rule => ({ rule, source, from, verified: false });
  return {
    refusal: of('declined where manifestly unfounded or excessive; showing it is for the controller'),
    feeInstead: of(
      'a reasonable fee for administrative costs instead, where manifestly unfounded or excessive',
    ),
    free: of(free),
  };
}

/** A law that makes answers free, and knows no fee and no refusal of this kind. */
function freeOnly(source: string, from: string): BurdenRules {
  return { free: { rule: 'answers are free of charge', source, from, verified: false } };
}

const BURDENS: Readonly<Record<string, BurdenRules>> = {
  gdpr: GDPR,
  'uk-gdpr': renamed(GDPR, 'UK GDPR'),
  ccpa: american('Cal. Civ. Code §1798.145(h)(3)', '2020-01-01', 'requests are answered free of charge'),
  virginia: american('Va. Code §59.1-577(B)(3)', '2023-01-01', 'free of charge, twice a year'),
  colorado: american('C.R.S. §6-1-1306(2)(c)', '2023-07-01', 'free of charge, once a year'),
  connecticut: american(
    'Conn. Gen. Stat. §42-518(c)(3)',
    '2023-07-01',
    'free of charge, once in twelve months',
  ),
  lgpd: freeOnly('LGPD Art. 18 §5', '2020-09-18'),
  pipeda: {
    charge: {
      rule: 'a fee only after an estimate, and only where the person has not withdrawn then',
      source: 'PIPEDA s. 8(6)',
      from: '2001-01-01',
      verified: true,
    },
    free: {
      rule: 'access at minimal or no cost',
      source: 'PIPEDA Sch. 1, 4.9.4',
      from: '2001-01-01',
      verified: false,
    },
  },
  australia: {
    refusal: {
      rule: 'access refused where the request is frivolous or vexatious',
      source: 'APP 12.3(c)',
      from: '2014-03-12',
      verified: false,
    },
    charge: {
      rule: 'a charge for giving access that is not excessive; none for asking, none for a correction',
      source: 'APP 12.8',
      from: '2014-03-12',
      verified: false,
    },
    free: {
      rule: 'no charge for asking or correcting',
      source: 'APP 12.8, 13.5',
      from: '2014-03-12',
      verified: false,
    },
  },
  'new-zealand': {
    refusal: {
      rule: 'refused where the request is frivolous or vexatious',
      source: 'Privacy Act 2020 s. 53(h)',
      from: '2020-12-01',
      verified: false,
    },
    charge: {
      rule: 'a private agency may charge a reasonable sum for giving access; a correction is free',
      source: 'Privacy Act 2020 s. 66',
      from: '2020-12-01',
      verified: false,
    },
    free: {
      rule: 'asking and correcting are free',
      source: 'Privacy Act 2020 s. 66',
      from: '2020-12-01',
      verified: false,
    },
  },
  coppa: freeOnly('16 CFR 312.6(a)(3)(ii)', '2013-07-01'),
};

function renamed({ refusal, feeInstead, furtherCopy, free }: BurdenRules, law: string): BurdenRules {
  const of = (rule: Rule): Rule => ({ ...rule, source: rule.source.replace('GDPR', law) });
  return {
    ...(refusal && { refusal: of(refusal) }),
    ...(feeInstead && { feeInstead: of(feeInstead) }),
    ...(furtherCopy && { furtherCopy: of(furtherCopy) }),
    free: of(free),
  };
}

/** What the law of a request lets a controller hold against it; of a law that is not listed, nothing. */
export function burdenRules(regime: string): BurdenRules {
  const own = Object.hasOwn(BURDENS, regime) ? BURDENS[regime] : undefined;
  return own ?? freeOnly('no rule is known', '0001-01-01');
}

/** For what a fee is asked: for what was found of the request, for a further copy, or for the answer itself. */
export type FeeGround = 'finding' | 'further-copy' | 'answer';

/** The rule by which a fee may be asked for a request. */
export function findFeeRule(regime: string, type: RequestType, ground: FeeGround): Rule | undefined {
  const { feeInstead, furtherCopy, charge } = burdenRules(regime);
  if (NEVER_CHARGED.includes(type)) return undefined;
  const isAccess = type === 'access' || type === 'portability';
  if (ground === 'finding' && feeInstead !== undefined) return feeInstead;
  if (!isAccess) return undefined;
  return (ground === 'further-copy' ? furtherCopy : undefined) ?? charge;
}
