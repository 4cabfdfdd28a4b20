import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessItems } from '../../src/rights/access.ts';
import { deletionGroups } from '../../src/rights/delete.ts';
import { planRequest } from '../../src/rights/plan-request.ts';
import type { OwnRow, PlanContext, SubjectView } from '../../src/rights/view.ts';
import type { LegalHold } from '../../src/store/registers.ts';
import type { StoredRecord } from '../../src/store/store.ts';
import { POLICY } from './example-policy.ts';

const CONTEXT: PlanContext = {
  policy: POLICY,
  policyVersion: 1,
  instant: '2026-06-15T10:00:00Z',
  holds: [],
  seal: (text) => `sealed:${text.length}`,
};

function record(
  id: number,
  source: string,
  fields: Record<string, string>,
  more: Partial<StoredRecord> = {},
): StoredRecord {
  return {
    id,
    source,
    key: String(id),
    version: 1,
    state: 'active',
    import: 1,
    line: id,
    at: undefined,
    missed: 0,
    retained: undefined,
    overlays: [],
    fields: new Map(Object.entries(fields)),
    ...more,
  };
}

function viewOf(rows: readonly OwnRow[], more: Partial<SubjectView> = {}): SubjectView {
  return {
    subject: 7,
    subjects: [7],
    rows,
    lines: [],
    identifiers: [{ kind: 'user_id', value: '42' }],
    wanted: [],
    notes: [],
    ...more,
  };
}

function own(row: StoredRecord, role = 'subject'): OwnRow {
  return { record: row, role };
}

function hold(more: Partial<LegalHold>): LegalHold {
  return {
    id: 1,
    state: 'placed',
    subject: 7,
    matter: '2026-1',
    category: undefined,
    source: undefined,
    reason: 'claim',
    reviewOn: undefined,
    placedAt: '2026-01-01T00:00:00Z',
    placedBy: 'x',
    releasedAt: undefined,
    releasedBy: undefined,
    ...more,
  };
}

const at = (date: string) => Date.parse(`${date}T00:00:00Z`) / 1000;
const ACCOUNT = record(1, 'users', { id: '42', email: 'ada@example.org', status: 'active' });
const PAYMENT = record(2, 'payments', { id: '2', user: '42', amount: '5' }, { at: at('2024-03-05') });
const MESSAGE = record(3, 'messages', { id: '3', from: '42', to: '9', body: 'hi' });

/** What happens to each record: `action reason until fields`. */
function fates(
  rows: readonly OwnRow[],
  holds: readonly LegalHold[] = [],
  grounds: readonly string[] = [],
): string[] {
  const { items } = deletionGroups(viewOf(rows), grounds, { ...CONTEXT, holds });
  return items.flatMap((item) =>
    item.records.map(({ id }) =>
      [id, item.action, item.reason, item.until ?? '-', item.fields.join('+') || '-'].join(' '),
    ),
  );
}

describe('a deletion', () => {
  it.each([
    ['erases an account row without a ground', [own(ACCOUNT)], [], [], ['1 erase policy - -']],
    [
      'keeps contact data of a banned account, by what the row says',
      [own(record(1, 'users', { id: '42', status: 'banned' }))],
      [],
      [],
      ['1 retain ground:ban 2029-06-15 id+email'],
    ],
    [
      'keeps contact data on a ground that staff declare',
      [own(ACCOUNT)],
      [],
      ['dispute'],
      ['1 retain ground:dispute 2029-06-15 id+email'],
    ],
    [
      'retains a payment until the end of the seventh year after its own',
      [own(PAYMENT)],
      [],
      [],
      ['2 retain policy 2031-12-31 id+paid+amount'],
    ],
    [
      'erases a payment whose retention is over',
      [own({ ...PAYMENT, at: at('2018-12-30') })],
      [],
      [],
      ['2 erase retention-ended - -'],
    ],
    [
      'counts a year by the zone of the policy: 23:30 UTC on 31 December is the next year in Berlin',
      [own({ ...PAYMENT, at: Date.parse('2018-12-31T23:30:00Z') / 1000 })],
      [],
      [],
      ['2 retain policy 2026-12-31 id+paid+amount'],
    ],
    [
      'anonymises what they wrote and leaves what they were sent',
      [own(MESSAGE, 'author'), own({ ...MESSAGE, id: 4 }, 'recipient')],
      [],
      [],
      ['3 anonymise policy - -', '4 keep policy - -'],
    ],
    [
      'lets a hold win over everything',
      [own(ACCOUNT), own(PAYMENT)],
      [hold({})],
      ['dispute'],
      ['2 hold hold:2026-1 - -', '1 hold hold:2026-1 - -'],
    ],
    [
      'holds only what the hold names',
      [own(ACCOUNT), own(PAYMENT)],
      [hold({ category: 'payments' })],
      [],
      ['2 hold hold:2026-1 - -', '1 erase policy - -'],
    ],
    [
      'does not mind a released hold',
      [own(ACCOUNT)],
      [hold({ state: 'released' })],
      [],
      ['1 erase policy - -'],
    ],
    [
      'leaves a retained row as it is, until its own end',
      [own({ ...PAYMENT, state: 'retained', retained: { until: '2030-01-01', basis: 'tax', subject: 7 } })],
      [],
      [],
      ['2 keep retained 2030-01-01 id+user+amount'],
    ],
  ] as const)('%s', (_name, rows, holds, grounds, expected) => {
    expect(fates(rows, holds, grounds)).toEqual(expected);
  });

  it('orders upstream what it does here, and lists what may remain', () => {
    const groups = deletionGroups(viewOf([own(ACCOUNT), own(PAYMENT), own(MESSAGE, 'author')]), [], CONTEXT);
    expect(groups.orders.map(({ source, action }) => `${source} ${action}`)).toEqual([
      'messages anonymise',
      'payments keep-fields',
      'users delete',
    ]);
    expect(groups.permittedRemains).toEqual([
      {
        source: 'payments',
        category: 'payments',
        count: 1,
        fields: ['id', 'paid', 'amount'],
        basis: 'legal-obligation: tax',
        until: '2031-12-31',
      },
    ]);
  });

  it('never erases a held or retained row, whatever the rows and holds', () => {
    const rows = fc.array(
      fc.constantFrom(ACCOUNT, PAYMENT, { ...PAYMENT, id: 5, at: at('2001-01-01') }, MESSAGE),
      { minLength: 1 },
    );
    const holds = fc.array(
      fc.record({
        subject: fc.constantFrom(7, 8, undefined),
        category: fc.constantFrom('account', 'payments', 'messages', undefined),
        state: fc.constantFrom('placed', 'released'),
      }),
    );
    fc.assert(
      fc.property(rows, holds, (records, placed) => {
        const all = placed.map((one, index) => hold({ ...one, id: index }));
        const { items } = deletionGroups(
          viewOf(records.map((one) => own(one, one.source === 'messages' ? 'author' : 'subject'))),
          [],
          { ...CONTEXT, holds: all },
        );
        for (const item of items) {
          const isHeld = all.some(
            (one) =>
              one.state === 'placed' &&
              one.subject !== 8 &&
              (one.category === undefined || one.category === item.category),
          );
          expect(item.action === 'hold').toBe(isHeld);
        }
      }),
    );
  });

  it('touches just the rows that an access shows', () => {
    const rows = [own(ACCOUNT), own(PAYMENT), own(MESSAGE, 'author')];
    const ids = (items: readonly { readonly records: readonly { readonly id: number }[] }[]) =>
      [...new Set(items.flatMap((item) => item.records.map(({ id }) => id)))].sort();
    expect(ids(deletionGroups(viewOf(rows), [], CONTEXT).items)).toEqual(
      ids(accessItems(viewOf(rows), POLICY)),
    );
  });
});

describe('a plan', () => {
  const WISH = { type: 'delete', parental: undefined, level: 'specific', edits: [], grounds: [] } as const;
  const digest = (rows: readonly OwnRow[], more: Partial<SubjectView> = {}) =>
    planRequest(viewOf(rows, more), WISH, CONTEXT).digest;

  it('has a digest that does not depend on the order of rows, nor on how many log lines there are', () => {
    const rows = [own(ACCOUNT), own(PAYMENT), own(MESSAGE, 'author')];
    expect(digest(rows.toReversed())).toBe(digest(rows));
    expect(digest(rows, { lines: [{ source: 'access_log', lines: 5 }] })).toBe(
      digest(rows, { lines: [{ source: 'access_log', lines: 6 }] }),
    );
  });

  it('has another digest when a row changed', () => {
    expect(digest([own({ ...ACCOUNT, version: 2 })])).not.toBe(digest([own(ACCOUNT)]));
  });

  it('keeps all but addresses of networks from coming back, and nobody of whom all is held', () => {
    const identifiers = [
      { kind: 'user_id', value: '42' },
      { kind: 'email', value: 'ada@example.org' },
      { kind: 'cookie', value: 'c' },
      { kind: 'ip', value: '192.0.2.1' },
    ];
    const planned = (holds: readonly LegalHold[]) =>
      planRequest(viewOf([own(ACCOUNT)], { identifiers }), WISH, { ...CONTEXT, holds }).suppress.map(
        ({ kind }) => kind,
      );
    expect(planned([])).toEqual(['user_id', 'email', 'cookie']);
    expect(planned([hold({})])).toEqual([]);
  });
});
