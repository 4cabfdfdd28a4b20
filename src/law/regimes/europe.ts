import type { ClockRule, PauseRule, Regime, Rule } from '../rules.ts';
import { RIGHTS } from '../rules.ts';

const GDPR_FROM = '2018-05-25';
const ARTICLE_12A_FROM = '2026-02-05';

const RECEIPT_NOT_COUNTED: Rule = {
  rule: 'the day of receipt is not counted, and its hour and weekday never move the start',
  source: 'Reg. 1182/71 Art. 3(1)',
  from: GDPR_FROM,
  verified: false,
};

const SHORT_MONTH: Rule = {
  rule: 'a month without that day ends on its last day',
  source: 'Reg. 1182/71 Art. 3(2)(c)',
  from: GDPR_FROM,
  verified: false,
};

const NEXT_WORKING_DAY: Rule = {
  rule: 'a last day that is a Saturday, a Sunday or a public holiday moves to the next working day',
  source: 'Reg. 1182/71 Art. 3(4)',
  from: GDPR_FROM,
  verified: true,
};

const GDPR_IDENTITY: PauseRule = {
  cause: 'identity',
  effect: 'add-days',
  rule: 'while proof of identity that was asked for without delay is awaited the clock stands still',
  source: 'EDPB Guidelines 01/2022 §5.3, GDPR Art. 12(6)',
  from: GDPR_FROM,
  verified: false,
};

const GDPR_CLARIFICATION: PauseRule = {
  cause: 'clarification',
  effect: 'add-days',
  types: ['access', 'unclear'],
  rule: 'while it is awaited which of a large quantity of data is meant the clock stands still',
  source: 'EDPB Guidelines 01/2022 §5.3, GDPR Rec. 63',
  from: GDPR_FROM,
  verified: false,
};

export const GDPR: Regime = {
  name: 'gdpr',
  title: 'General Data Protection Regulation',
  clocks: [
    {
      types: RIGHTS,
      term: { n: 1, unit: 'month' },
      rule: 'one month from receipt, by the calendar',
      source: 'GDPR Art. 12(3)',
      from: GDPR_FROM,
      verified: true,
      start: RECEIPT_NOT_COUNTED,
      clamp: SHORT_MONTH,
      roll: NEXT_WORKING_DAY,
      extension: {
        term: { n: 2, unit: 'month' },
        rule: 'two further months, three in all from receipt, with notice and reasons inside the first month',
        source: 'GDPR Art. 12(3)',
        from: GDPR_FROM,
        verified: true,
      },
      pauses: [GDPR_IDENTITY, GDPR_CLARIFICATION],
    },
  ],
  acknowledgements: [],
  appeals: [],
};

const UK_RECEIPT: Rule = {
  rule: 'counted from the day of receipt to the corresponding day',
  source: 'ICO guidance on the right of access',
  from: GDPR_FROM,
  verified: true,
};

const UK_SHORT_MONTH: Rule = { ...UK_RECEIPT, rule: 'a month without that day ends on its last day' };

const UK_NEXT_WORKING_DAY: Rule = {
  ...UK_RECEIPT,
  rule: 'a last day on a weekend or a public holiday moves to the next working day',
};

/** The words of the article itself were not read, only those of its twin, DPA 2018 s. 54. */
const ARTICLE_12A = { source: 'UK GDPR Art. 12A', from: ARTICLE_12A_FROM, verified: false } as const;

const UK_PAUSES: readonly PauseRule[] = [
  {
    ...ARTICLE_12A,
    cause: 'identity',
    effect: 'restart',
    rule: 'the month begins when the proof of identity that was asked for is received',
  },
  { ...ARTICLE_12A, cause: 'fee', effect: 'restart', rule: 'the month begins when the fee is paid' },
  {
    ...ARTICLE_12A,
    cause: 'clarification',
    effect: 'add-days-inclusive',
    types: ['access', 'unclear'],
    rule: 'the days from asking which information is meant to learning it do not count, both included',
  },
];

/** Until Article 12A the pauses were guidance of the ICO, not law. */
const BEFORE_12A = {
  source: 'ICO guidance on the right of access, before Art. 12A',
  from: GDPR_FROM,
  verified: false,
} as const;

const UK_MONTH: ClockRule = {
  types: RIGHTS,
  term: { n: 1, unit: 'month' },
  rule: 'one month from receipt, by the calendar',
  source: 'UK GDPR Art. 12(3)',
  from: GDPR_FROM,
  verified: true,
  start: UK_RECEIPT,
  clamp: UK_SHORT_MONTH,
  roll: UK_NEXT_WORKING_DAY,
  extension: {
    term: { n: 2, unit: 'month' },
    rule: 'two further months, with notice and reasons inside the first month',
    source: 'UK GDPR Art. 12(3)',
    from: GDPR_FROM,
    verified: true,
  },
  pauses: UK_PAUSES.map((pause) => ({ ...pause, ...BEFORE_12A })),
};

export const UK_GDPR: Regime = {
  name: 'uk-gdpr',
  title: 'UK GDPR',
  clocks: [
    UK_MONTH,
    {
      ...UK_MONTH,
      ...ARTICLE_12A,
      rule: 'one month beginning with the relevant time: the latest of receipt, proof of identity and fee',
      extension: {
        ...ARTICLE_12A,
        term: { n: 2, unit: 'month' },
        rule: 'two further months from the relevant time, with notice and reasons inside the first month',
      },
      pauses: UK_PAUSES,
    },
  ],
  acknowledgements: [
    {
      types: ['complaint'],
      term: { n: 30, unit: 'day' },
      rule: 'a complaint is acknowledged within 30 days',
      source: 'Data Protection Act 2018 s. 164A',
      from: '2026-06-19',
      verified: true,
    },
  ],
  appeals: [],
};
