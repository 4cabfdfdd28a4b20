import { describe, expect, it } from 'vitest';
import { settledState } from '../../src/requests/settle.ts';
import { isEnded, movesFrom, stateAfter } from '../../src/requests/transitions.ts';
import type { BytesState, RequestOutcome } from '../../src/store/registers.ts';

function outcome(bytes: BytesState, ...actions: readonly string[]): RequestOutcome {
  const group = { source: 's', category: 'c', count: 1, basis: undefined, until: undefined };
  const applied = actions.map((action) => ({ ...group, action }));
  return { at: '2026-05-01T00:00:00Z', applied, remains: [], artifacts: [], orders: 0, bytes };
}

describe('a request that was carried out', () => {
  it.each<readonly [string, BytesState, boolean, string]>([
    ['with an open order waits for upstream', 'proven', true, 'ordered-upstream'],
    ['with an open order and pending bytes too', 'pending', true, 'ordered-upstream'],
    ['without orders, its bytes pending, is confirmed', 'pending', false, 'confirmed'],
    ['its bytes rewritten, but not looked for', 'scrubbed', false, 'confirmed'],
    ['with residue', 'residue', false, 'confirmed'],
    ['its bytes proven, is closed', 'proven', false, 'closed'],
    ['of which nothing was erased, is closed', 'not-needed', false, 'closed'],
  ])('%s', (_name, bytes, hasOpenOrders, state) => {
    expect(settledState({ outcome: outcome(bytes, 'erase') }, hasOpenOrders)).toBe(state);
  });

  it('with a held rest stays where it can be planned again', () => {
    for (const hasOpenOrders of [true, false])
      expect(settledState({ outcome: outcome('proven', 'erase', 'hold') }, hasOpenOrders)).toBe('applied');
  });

  it('is brought back by what is seen upstream', () => {
    expect(stateAfter('closed', 'order')).toBe('ordered-upstream');
    expect(movesFrom('closed')).not.toContain('plan');
    expect(isEnded('closed')).toBe(true);
    expect(isEnded('confirmed')).toBe(false);
  });
});
