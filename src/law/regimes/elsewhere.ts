import type { ClockRule, Regime, Rule } from '../rules.ts';
import { RIGHTS } from '../rules.ts';

const OTHER_RIGHTS = RIGHTS.filter((type) => type !== 'access');

/** The day of receipt is left out everywhere; no source of its own was read for it. */
function afterReceipt(source: string, from: string): Rule {
  return {
    rule: 'the day of receipt is not counted, and no weekend moves the last day',
    source,
    from,
    verified: false,
  };
}

const LGPD_ACCESS: ClockRule = {
  types: ['access'],
  term: { n: 15, unit: 'day' },
  rule: 'a full declaration within 15 days of the request',
  source: 'LGPD Art. 19(II)',
  from: '2020-09-18',
  verified: true,
  start: afterReceipt('LGPD Art. 19', '2020-09-18'),
  pauses: [],
};

export const LGPD: Regime = {
  name: 'lgpd',
  title: 'Lei Geral de Proteção de Dados',
  clocks: [
    LGPD_ACCESS,
    {
      ...LGPD_ACCESS,
      types: OTHER_RIGHTS,
      rule: 'the 15 days of access, until regulations name others',
      source: 'LGPD Art. 18 §5',
      verified: false,
    },
  ],
  acknowledgements: [],
  appeals: [],
};

const PIPEDA_ACCESS: ClockRule = {
  types: ['access'],
  term: { n: 30, unit: 'day' },
  rule: '30 days after receipt; silence is a refusal',
  source: 'PIPEDA s. 8(3), (5)',
  from: '2001-01-01',
  verified: true,
  start: afterReceipt('PIPEDA s. 8(3)', '2001-01-01'),
  extension: {
    term: { n: 30, unit: 'day' },
    rule: 'at most 30 more days, with notice inside the first 30: the new date, reasons, the right to complain',
    source: 'PIPEDA s. 8(4)',
    from: '2001-01-01',
    verified: true,
  },
  pauses: [],
};

export const PIPEDA: Regime = {
  name: 'pipeda',
  title: 'Personal Information Protection and Electronic Documents Act',
  clocks: [
    PIPEDA_ACCESS,
    {
      ...PIPEDA_ACCESS,
      types: OTHER_RIGHTS,
      rule: 'the 30 days of access, as the law names none',
      source: 'PIPEDA sch. 1 cl. 4.9.5',
      verified: false,
    },
  ],
  acknowledgements: [],
  appeals: [],
};

export const AUSTRALIA: Regime = {
  name: 'australia',
  title: 'Australian Privacy Principles',
  clocks: [
    {
      types: RIGHTS,
      term: { n: 30, unit: 'day' },
      rule: 'a reasonable period, about 30 days',
      source: 'APP 12.4, 13.5; OAIC guidelines',
      from: '2014-03-12',
      verified: true,
      start: afterReceipt('APP 12.4', '2014-03-12'),
      pauses: [],
    },
  ],
  acknowledgements: [],
  appeals: [],
};

export const NEW_ZEALAND: Regime = {
  name: 'new-zealand',
  title: 'Privacy Act 2020',
  clocks: [
    {
      types: RIGHTS,
      term: { n: 20, unit: 'working-day' },
      rule: '20 working days after receipt',
      source: 'Privacy Act 2020 s. 44',
      from: '2020-12-01',
      verified: true,
      start: {
        ...afterReceipt('Privacy Act 2020 s. 44', '2020-12-01'),
        rule: 'counted in working days after the day of receipt',
      },
      extension: {
        rule: 'a reasonable time that the notice names, given inside the 20 working days',
        source: 'Privacy Act 2020 s. 48',
        from: '2020-12-01',
        verified: true,
      },
      pauses: [],
    },
  ],
  acknowledgements: [],
  appeals: [],
};
