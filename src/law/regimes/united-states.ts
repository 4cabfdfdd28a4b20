import type { RequestType } from '../../store/registers.ts';
import type { ClockRule, Regime, Rule } from '../rules.ts';
import { RIGHTS } from '../rules.ts';

const FIRST_DAY_NOT_COUNTED: Rule = {
  rule: 'the day of receipt is not counted, the last day is, and no weekend moves it',
  source: 'Cal. Civ. Code §10',
  from: '2020-01-01',
  verified: false,
};

const VERIFYING_STOPS_NOTHING: Rule = {
  rule: 'the time begins on the day of receipt, regardless of the time that verifying takes',
  source: '11 CCR §7021(b)',
  from: '2020-08-14',
  verified: true,
};

/** Know, delete, correct; portability is a way of knowing, a parent asks for the child's. */
const VERIFIABLE: readonly RequestType[] = ['access', 'edit', 'delete', 'portability', 'parental-review'];

const CALIFORNIAN_DAYS: ClockRule = {
  types: VERIFIABLE,
  term: { n: 45, unit: 'day' },
  rule: '45 calendar days after receipt',
  source: '11 CCR §7021(b), Civ. Code §1798.130(a)(2)(A)',
  from: '2020-01-01',
  verified: true,
  start: FIRST_DAY_NOT_COUNTED,
  extension: {
    term: { n: 45, unit: 'day' },
    rule: 'once 45 more days, 90 in all from receipt, with notice and explanation inside the first 45',
    source: '11 CCR §7021(b), Civ. Code §1798.130(a)(2)(A)',
    from: '2020-01-01',
    verified: true,
  },
  pauses: [],
  noPause: VERIFYING_STOPS_NOTHING,
};

const AT_ONCE: Omit<ClockRule, 'types' | keyof Rule> = {
  term: { n: 15, unit: 'working-day' },
  start: { ...FIRST_DAY_NOT_COUNTED, rule: 'counted in business days after the day of receipt' },
  pauses: [],
};

export const CCPA: Regime = {
  name: 'ccpa',
  title: 'California Consumer Privacy Act',
  clocks: [
    CALIFORNIAN_DAYS,
    {
      ...AT_ONCE,
      // An objection, and consent taken back, are refusals of sale and sharing here.
      types: ['opt-out', 'objection', 'consent-withdrawal'],
      rule: 'as soon as feasible, 15 business days from receipt at the latest, without verifying',
      source: '11 CCR §7026(f)(1), §7060(b)',
      from: '2020-08-14',
      verified: false,
    },
    {
      ...AT_ONCE,
      types: ['limit', 'restrict'],
      rule: 'as soon as feasible, 15 business days from receipt at the latest, without verifying',
      source: '11 CCR §7027(g)',
      from: '2023-01-01',
      verified: false,
    },
  ],
  acknowledgements: [
    {
      types: [...VERIFIABLE, 'unclear'],
      term: { n: 10, unit: 'working-day' },
      rule: 'receipt is confirmed within 10 business days, with how it is verified and when to expect the answer',
      source: '11 CCR §7021(a)',
      from: '2020-08-14',
      verified: true,
    },
  ],
  appeals: [],
  reask: {
    types: ['opt-out', 'limit'],
    term: { n: 12, unit: 'month' },
    rule: 'nobody is asked again for 12 months after an opt-out or limit',
    source: 'Civ. Code §1798.135(c)(4)',
    from: '2020-01-01',
    verified: true,
  },
  unproven: {
    rule: 'who cannot be verified within the 45 days may be denied',
    source: '11 CCR §7021(b)',
    from: '2020-08-14',
    verified: true,
  },
};

interface StateLaw {
  readonly source: string;
  readonly from: string;
}

/** The 45 days that the laws of other states share. */
function fortyFiveDays({ source, from }: StateLaw): ClockRule {
  return {
    types: RIGHTS,
    term: { n: 45, unit: 'day' },
    rule: '45 days from receipt',
    source,
    from,
    verified: true,
    start: {
      rule: 'the day of receipt is not counted, the last day is, and no weekend moves it',
      source,
      from,
      verified: false,
    },
    extension: {
      term: { n: 45, unit: 'day' },
      rule: 'once 45 more days, 90 in all from receipt, with notice and reasons inside the first 45',
      source,
      from,
      verified: true,
    },
    pauses: [],
  };
}

const VIRGINIA_FROM: StateLaw = { source: 'Va. Code §59.1-577', from: '2023-01-01' };
const COLORADO_FROM: StateLaw = { source: 'C.R.S. §6-1-1306', from: '2023-07-01' };
const CONNECTICUT_FROM: StateLaw = { source: 'Conn. Gen. Stat. §42-518', from: '2023-07-01' };

export const VIRGINIA: Regime = {
  name: 'virginia',
  title: 'Virginia Consumer Data Protection Act',
  clocks: [fortyFiveDays(VIRGINIA_FROM)],
  acknowledgements: [],
  appeals: [
    {
      ...VIRGINIA_FROM,
      term: { n: 60, unit: 'day' },
      rule: 'an appeal is decided in writing within 60 days of its receipt',
      verified: true,
    },
  ],
};

export const COLORADO: Regime = {
  name: 'colorado',
  title: 'Colorado Privacy Act',
  clocks: [fortyFiveDays(COLORADO_FROM)],
  acknowledgements: [],
  appeals: [
    {
      ...COLORADO_FROM,
      term: { n: 45, unit: 'day' },
      rule: 'an appeal is decided within 45 days of its receipt',
      verified: false,
      extension: {
        ...COLORADO_FROM,
        term: { n: 60, unit: 'day' },
        rule: 'once 60 more days, with notice and reasons inside the first 45',
        verified: false,
      },
    },
  ],
};

export const CONNECTICUT: Regime = {
  name: 'connecticut',
  title: 'Connecticut Data Privacy Act',
  clocks: [fortyFiveDays(CONNECTICUT_FROM)],
  acknowledgements: [],
  appeals: [
    {
      ...CONNECTICUT_FROM,
      term: { n: 60, unit: 'day' },
      rule: 'an appeal is decided in writing within 60 days of its receipt',
      verified: true,
    },
  ],
};

export const COPPA: Regime = {
  name: 'coppa',
  title: "Children's Online Privacy Protection Rule",
  clocks: [
    {
      // What a parent may ask for; grown-ups ask under another law.
      types: ['parental-review'],
      rule: 'no number of days: the policy may name one',
      source: '16 CFR 312.6',
      from: '2000-04-21',
      verified: true,
      start: {
        rule: 'counted from receipt',
        source: '16 CFR 312.6',
        from: '2000-04-21',
        verified: false,
      },
      pauses: [],
    },
  ],
  acknowledgements: [],
  appeals: [],
};
