import { describe, expect, it } from 'vitest';
import { orderAgain } from '../../src/duties/order-again.ts';
import { closedOrder, type OrderWish, openOrder, placeOrder, rowDigest } from '../../src/duties/outbox.ts';
import type { WorkOrder } from '../../src/store/registers.ts';
import type { Writer } from '../../src/store/store.ts';
import { type Desk, withDesk } from '../ingest/table-loading.ts';

const WISH: OrderWish = {
  source: 'users',
  key: 'key-of-ada',
  action: 'change',
  change: { name: 'Ada Lovelace', email: null },
  record: 4,
  request: 7,
  subject: 1,
};

function act<T>({ ledger }: Desk, fn: (tx: Writer) => Promise<T>): Promise<T> {
  return ledger.store.act({ act: 'test.done', at: ledger.now, actor: ledger.actor }, fn);
}

describe('an order', () => {
  it('says what it says only to who has the key', async () => {
    await withDesk(async (desk) => {
      const { ledger } = desk;
      const order = await act(desk, (tx) => placeOrder(tx, ledger, WISH));
      expect(JSON.stringify(order)).not.toMatch(/ada|Lovelace/i);
      expect(order).toMatchObject({
        fields: ['name', 'email'],
        state: 'ordered',
        digest: expect.any(String),
      });
      expect(openOrder(ledger, order)).toEqual({ key: WISH.key, change: WISH.change });
      const other = { keys: { outbox: new Uint8Array(32) } };
      expect(() => openOrder(other, order)).toThrow();
    });
  });

  it('forgets it when it is closed, and is still known by its digest', async () => {
    await withDesk(async (desk) => {
      const { ledger } = desk;
      const order = await act(desk, (tx) => placeOrder(tx, ledger, WISH));
      const closed = closedOrder(order, 'confirmed', ledger, 'staff');
      expect(openOrder(ledger, closed)).toBeUndefined();
      expect(closed).toMatchObject({ state: 'confirmed', confirmedBy: 'staff', endedAt: ledger.now });
      expect(closed.digest).toBe(rowDigest(ledger.keys, 'users', WISH.key));
    });
  });

  it('is of one source: the same key in another has another digest', async () => {
    await withDesk(async ({ ledger }) => {
      expect(rowDigest(ledger.keys, 'users', '1')).not.toBe(rowDigest(ledger.keys, 'payments', '1'));
      expect(rowDigest(ledger.keys, 'users', '1')).toBe(rowDigest(ledger.keys, 'users', '1'));
    });
  });

  it('to anonymise keeps keyed digests of who is named, of the columns to empty alone', async () => {
    await withDesk(async (desk) => {
      const fields = new Map([
        ['id', 'm1'],
        ['from', 'user-11'],
        ['to', 'user-12'],
      ]);
      const row = { fields, import: 1, line: 5 };
      const wish = { ...WISH, source: 'messages', action: 'anonymise' as const, change: { from: null }, row };
      const order = await act(desk, (tx) => placeOrder(tx, desk.ledger, wish));
      expect(Object.keys(order.naming ?? {})).toEqual(['from']);
      expect(order.place).toEqual({ import: 1, line: 5 });
      expect(JSON.stringify(order)).not.toMatch(/user-1[12]/);
    });
  });
});

describe('what is ordered again', () => {
  it('has one open order, whoever asks and how often', async () => {
    await withDesk(async (desk) => {
      const { ledger } = desk;
      const again = (...wishes: readonly OrderWish[]) =>
        act(desk, (tx) => orderAgain(tx, ledger, wishes, 'still-there'));
      const [first, twin] = await again(WISH, WISH);
      const [second] = await again({ ...WISH, request: 9 });
      expect([twin?.id, second?.id]).toEqual([first?.id, first?.id]);
      await act(desk, (tx) => tx.put('work-order', closedOrder(first as WorkOrder, 'confirmed', ledger)));
      const [third] = await again(WISH);
      expect(third?.id).not.toBe(first?.id);
    });
  });
});
