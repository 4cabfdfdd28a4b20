import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RetentionFigures, retentionTable } from '../../src/reports/retention.ts';
import { requireSubject } from '../../src/requests/subject.ts';
import { placeHold } from '../../src/retention/hold-acts.ts';
import { planPurge, runPurge } from '../../src/retention/purge.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import type { SubjectId } from '../../src/store/store.ts';
import { cellsOf, NOW, reportedLedger, rowsOf, unloadedLedger } from './reported-ledger.ts';

let ledger: Ledger;

afterEach(async () => {
  await ledger.store.close();
});

describe('of a loaded ledger', () => {
  beforeEach(async () => {
    ledger = await reportedLedger();
  });

  test('each category and source has its promise, who made it, and what is past it', async () => {
    const rows = await rowsOf(ledger, 'retention');
    expect(
      cellsOf(rows, 'category', 'source', 'expires_after', 'counted_from', 'promised_by', 'cutoff'),
    ).toEqual([
      ['account', 'users', 'none', undefined, undefined, undefined],
      ['account', 'surveys', 'none', undefined, undefined, undefined],
      ['payments', 'payments', 'P7Y', 'end-of-year', 'law', '2019-01-01'],
      ['messages', 'messages', 'none', undefined, undefined, undefined],
      ['server_log', 'web_log', 'P90D', 'date', 'notice', '2026-03-17'],
      ['archive', undefined, 'P1Y', 'date', 'controller', '2025-06-15'],
    ]);
    expect(cellsOf(rows, 'oldest', 'rows', 'undated', 'retained', 'held', 'overdue')).toEqual([
      ['unknown', 3, 3, 0, 0, 0],
      [undefined, 0, 0, 0, 0, 0],
      ['2010-05-05', 4, 0, 0, 0, 2],
      ['2020-01-01', 1, 0, 0, 0, 0],
      ['2026-01-01', 5, 0, 0, 0, 3],
      [undefined, undefined, undefined, undefined, undefined, undefined],
    ]);
  });

  test('after a purge nothing is overdue', async () => {
    await runPurge(ledger, await planPurge(ledger));
    const rows = await rowsOf(ledger, 'retention');
    expect(cellsOf(rows, 'source', 'oldest', 'rows', 'overdue')).toEqual(
      expect.arrayContaining([
        ['payments', '2019-01-01', 2, 0],
        ['web_log', '2026-06-01', 2, 0],
      ]),
    );
  });

  test('a hold on a source or a category holds all of it', async () => {
    await hold({ category: 'server_log' });
    await hold({ source: 'payments' });
    expect(await figures()).toEqual([
      ['users', 0, 0],
      ['payments', 4, 0],
      ['messages', 0, 0],
      ['web_log', 5, 0],
    ]);
  });

  test("a hold on a person holds that person's rows and lines, and the others stay overdue", async () => {
    await hold({ subject: await subjectOf('2') });
    expect(await figures()).toEqual([
      ['users', 1, 0],
      ['payments', 2, 2],
      ['messages', 1, 0],
      ['web_log', 3, 1],
    ]);
  });

  test('what is overdue is what a purge then erases, held lines or not', async () => {
    await hold({ subject: await subjectOf('2'), source: 'web_log' });
    expect((await figures()).at(-1)).toEqual(['web_log', 3, 1]);
    await runPurge(ledger, await planPurge(ledger));
    expect((await figures()).at(-1)).toEqual(['web_log', 3, 0]);
  });

  async function figures() {
    const rows = (await rowsOf(ledger, 'retention')).filter(({ rows: held }) => Number(held) > 0);
    return cellsOf(rows, 'source', 'held', 'overdue');
  }
});

async function hold(scope: { subject?: SubjectId; category?: string; source?: string }): Promise<void> {
  const { subject, category, source } = scope;
  await placeHold(ledger, {
    matter: '2026-7',
    reason: 'claim',
    reviewOn: undefined,
    subject,
    category,
    source,
  });
}

async function subjectOf(value: string): Promise<SubjectId> {
  const entry = { act: 'test.done', at: NOW, actor: ledger.actor };
  const subject = await ledger.store.act(entry, (tx) =>
    requireSubject(tx, ledger, { kind: 'user_id', value }),
  );
  if (subject === undefined) throw new Error('nobody is known by this number');
  return subject;
}

describe('what could not be determined is unknown, never 0', () => {
  const nothing: RetentionFigures = {
    source: 'payments',
    records: 4,
    restricted: 0,
    retained: 0,
    undated: 0,
    events: 0,
    oldestAt: undefined,
    newestAt: undefined,
    held: 0,
    due: 0,
  };

  test.each<[string, Partial<RetentionFigures>, readonly unknown[]]>([
    ['rows of which none has a date', { undated: 4 }, ['unknown', 'unknown']],
    ['rows of which one has no date', { undated: 1, oldestAt: 1_767_225_600 }, ['2025-12-31', 'unknown']],
    [
      'rows past their time, beside one without a date',
      { undated: 1, oldestAt: 0, due: 2 },
      ['1969-12-31', 2],
    ],
    ['rows without a date in a category that never ends', { source: 'users', undated: 4 }, ['unknown', 0]],
    ['no rows', { records: 0 }, [undefined, 0]],
    [
      'rows of a source that the policy no longer names',
      { source: 'gone', oldestAt: 0 },
      ['1969-12-31', 'unknown'],
    ],
  ])('%s', async (_name, given, expected) => {
    ledger = await unloadedLedger();
    const frame = {
      zone: 'America/New_York',
      instant: NOW,
      today: '2026-06-15',
      period: { from: undefined, to: undefined },
    };
    const figures = { ...nothing, ...given };
    const { rows } = retentionTable(ledger.policy, [figures], frame);
    expect(
      cellsOf(
        rows.filter(({ source }) => source === figures.source),
        'oldest',
        'overdue',
      ),
    ).toEqual([expected]);
  });
});
