import { describe, expect, it } from 'vitest';
import { erasedTexts } from '../../src/plan/fingerprints.ts';
import type { PlanItem } from '../../src/plan/plan.ts';
import type { StoredRecord } from '../../src/store/store.ts';
import { POLICY } from '../rights/example-policy.ts';

const VIEW = { identifiers: [{ kind: 'email', value: 'ada@example.org' }] };

function record(source: string, fields: Record<string, string>, more: Partial<StoredRecord> = {}) {
  const { id = '1' } = fields;
  const row: StoredRecord = {
    id: 1,
    source,
    key: id,
    version: 1,
    state: 'active',
    import: 1,
    line: 2,
    at: undefined,
    missed: 0,
    retained: undefined,
    overlays: [],
    fields: new Map(Object.entries(fields)),
    ...more,
  };
  return row;
}

function by(action: PlanItem['action'], fields: readonly string[] = [], role = 'subject') {
  return { action, role, fields };
}

describe('what of a row is looked for after its erasure', () => {
  it('is every value of a row that goes, but for dates', () => {
    const row = record('users', { id: '1', email: 'ada@example.org', name: 'Ada', created: '2020-01-05' });
    expect(erasedTexts(row, by('erase'), VIEW, POLICY)).toEqual(['1', 'ada@example.org', 'Ada', '1']);
  });

  it('is what a correction had put aside, too', () => {
    const overlays = [{ field: 'name', old: 'Ada Byron', new: 'Ada Lovelace', request: 3 }];
    const row = record('users', { id: '1', name: 'Ada Lovelace' }, { overlays });
    expect(erasedTexts(row, by('erase'), VIEW, POLICY)).toContain('Ada Byron');
    expect(erasedTexts(row, by('erase'), VIEW, POLICY)).toContain('Ada Lovelace');
  });

  it('is nothing of the columns that stay', () => {
    const row = record('payments', {
      id: 'payment-0001',
      user: 'ada-lovelace',
      amount: '9.99',
      card: '4111111111111111',
    });
    const texts = erasedTexts(row, by('retain', ['id', 'amount', 'paid']), VIEW, POLICY);
    expect(texts).toEqual(['ada-lovelace', '4111111111111111']);
  });

  it('is the key, where the rule does not keep it', () => {
    const row = record('payments', { id: 'payment-0001', amount: '9.99' });
    expect(erasedTexts(row, by('retain', ['amount']), VIEW, POLICY)).toContain('payment-0001');
  });

  it('is what an anonymised row said before, where it changed', () => {
    const fields = { id: '5', from: 'ada-lovelace', to: 'bea', body: 'write to ada@example.org' };
    const texts = erasedTexts(record('messages', fields), by('anonymise', [], 'author'), VIEW, POLICY);
    expect(texts).toEqual(['ada-lovelace', 'write to ada@example.org']);
    const untouched = { ...fields, body: 'hello Beatrix' };
    expect(erasedTexts(record('messages', untouched), by('anonymise', [], 'author'), VIEW, POLICY)).toEqual([
      'ada-lovelace',
    ]);
  });

  it('is the row as a whole, where all its values are short', () => {
    const row = record('messages', { id: '5', from: '1', to: '2', body: 'hi' });
    expect(erasedTexts(row, by('erase'), VIEW, POLICY)).toContain('["5","1","2","hi"]');
  });
});
