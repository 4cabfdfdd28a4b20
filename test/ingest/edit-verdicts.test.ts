import { describe, expect, it } from 'vitest';
import { closedOrder, openOrder, placeOrder } from '../../src/duties/outbox.ts';
import { exitOf } from '../../src/ingest/report.ts';
import type { Overlay } from '../../src/store/store.ts';
import { type Desk, users, usersFile, withDesk } from './table-loading.ts';

const REQUEST = 7;
/** After the first export, before the second. */
const EDITED_AT = '2026-05-01T12:00:00Z';

/** Corrects a row as a request does: overlays, and an order for the system upstream. */
async function correct(desk: Desk, key: string, change: Readonly<Record<string, string>>): Promise<void> {
  const record = await desk.record('users', key);
  if (record === undefined) throw new Error('no such row');
  const { ledger } = desk;
  const overlays: Overlay[] = Object.entries(change).map(([field, value]) => ({
    field,
    old: record.fields.get(field) ?? null,
    new: value,
    request: REQUEST,
  }));
  await ledger.store.act({ act: 'test.done', at: ledger.now, actor: ledger.actor }, async (tx) => {
    await tx.overlayRecord(record.id, overlays, []);
    await placeOrder(
      tx,
      { ...ledger, now: EDITED_AT },
      {
        subject: 1,
        source: 'users',
        key,
        action: 'change',
        change,
        record: record.id,
        request: REQUEST,
      },
    );
  });
}

function row(id: number, name: string, email = `u${id}@example.org`): string {
  return `${id},${email},1,1990-05-06,2026-01-02,${name},h,x`;
}

async function orderState(
  desk: Desk,
): Promise<{ readonly state: string; readonly endedAt: string | undefined }[]> {
  const orders = await desk.ledger.store.read((tx) => tx.entries('work-order'));
  return orders.map(({ state, endedAt }) => ({ state, endedAt }));
}

describe('an edit, when the next export comes', () => {
  it('with the old value: the correction stays and the order is open', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(3)));
      await correct(desk, '2', { name: 'Bea' });
      const report = await desk.load(
        'users.csv',
        usersFile(row(1, 'new'), row(2, 'user 2'), row(3, 'user 3')),
        { day: 2 },
      );
      expect(report.verdicts).toEqual([
        { source: 'users', request: REQUEST, order: 1, field: 'name', verdict: 'old-value-again' },
      ]);
      expect(exitOf(report)).toBe(0);
      expect(await desk.fields('users', '2')).toMatchObject({ name: 'Bea' });
      expect(await orderState(desk)).toEqual([{ state: 'ordered', endedAt: undefined }]);
    });
  });

  it('with the new value: the order is confirmed', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(3)));
      await correct(desk, '2', { name: 'Bea' });
      const report = await desk.load(
        'users.csv',
        usersFile(row(1, 'user 1'), row(2, 'Bea'), row(3, 'user 3')),
        { day: 2 },
      );
      expect(report.verdicts).toMatchObject([{ verdict: 'changed-as-ordered' }]);
      expect(exitOf(report)).toBe(0);
      expect((await desk.record('users', '2'))?.overlays).toEqual([]);
      expect(await orderState(desk)).toEqual([{ state: 'confirmed', endedAt: desk.ledger.now }]);
    });
  });

  it('with a third value: it counts, the order ends, and somebody has to look', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(3)));
      await correct(desk, '2', { name: 'Bea' });
      const report = await desk.load(
        'users.csv',
        usersFile(row(1, 'user 1'), row(2, 'Third'), row(3, 'user 3')),
        { day: 2 },
      );
      expect(report.verdicts).toMatchObject([{ verdict: 'new-value' }]);
      expect(exitOf(report)).toBe(6);
      expect(await desk.fields('users', '2')).toMatchObject({ name: 'Third' });
      expect(await orderState(desk)).toEqual([{ state: 'ended', endedAt: desk.ledger.now }]);
    });
  });

  it('of two fields is confirmed when the second has followed', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(3)));
      await correct(desk, '2', { name: 'Bea', email: 'bea@example.org' });
      await desk.loaded('users.csv', usersFile(row(1, 'user 1'), row(2, 'Bea'), row(3, 'user 3')), {
        day: 2,
      });
      expect(await orderState(desk)).toMatchObject([{ state: 'ordered' }]);
      const full = usersFile(row(1, 'user 1'), row(2, 'Bea', 'bea@example.org'), row(3, 'user 3'));
      const third = await desk.loaded('users.csv', full, { day: 3 });
      expect(third.verdicts).toMatchObject([{ field: 'email', verdict: 'changed-as-ordered' }]);
      expect(await orderState(desk)).toMatchObject([{ state: 'confirmed' }]);
    });
  });

  it('reaches the corrected row by its new identifier, whatever upstream says', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(3)));
      await correct(desk, '2', { email: 'bea@example.org' });
      await desk.loaded('users.csv', usersFile(row(1, 'user 1'), row(2, 'renamed'), row(3, 'user 3')), {
        day: 2,
      });
      const digest = desk.ledger.keys.hasher.reach({ kind: 'email', value: 'bea@example.org' });
      const found = await desk.ledger.store.read((tx) => tx.recordsReached([digest]));
      expect(found.map(({ key }) => key)).toEqual(['2']);
    });
  });

  it('of an export that was taken before it is not provable: the edit and its order stay', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(3)));
      await correct(desk, '2', { name: 'Bea' });
      const file = usersFile(row(1, 'user 1'), row(2, 'Third'), row(3, 'user 3'));
      const report = await desk.load('users.csv', file, { takenAt: '2026-05-01T11:00:00Z' });
      expect(report.verdicts).toMatchObject([
        { field: 'name', verdict: 'not-provable', why: 'export-older' },
      ]);
      expect(exitOf(report)).toBe(0);
      expect(await desk.fields('users', '2')).toMatchObject({ name: 'Bea' });
      expect(await orderState(desk)).toEqual([{ state: 'ordered', endedAt: undefined }]);
      // What upstream had before the edit is an old value, though dsr saw it late.
      const later = usersFile(row(1, 'new'), row(2, 'Third'), row(3, 'user 3'));
      expect((await desk.load('users.csv', later, { day: 2 })).verdicts).toMatchObject([
        { verdict: 'old-value-again' },
      ]);
    });
  });

  it('that staff confirmed and upstream does not have is ordered again', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(3)));
      await correct(desk, '2', { name: 'Bea' });
      await close(desk, 'confirmed');
      const file = usersFile(row(1, 'new'), row(2, 'user 2'), row(3, 'user 3'));
      const { verdicts } = await desk.load('users.csv', file, { day: 4 });
      expect(verdicts).toMatchObject([{ verdict: 'old-value-again' }]);
      expect(await orderState(desk)).toMatchObject([{ state: 'confirmed' }, { state: 'ordered' }]);
      const [, fresh] = await desk.ledger.store.read((tx) => tx.entries('work-order'));
      expect(fresh === undefined ? fresh : openOrder(desk.ledger, fresh)).toEqual({
        key: '2',
        change: { name: 'Bea' },
      });
    });
  });

  it('that staff took back is not ordered again', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(3)));
      await correct(desk, '2', { name: 'Bea' });
      await close(desk, 'cancelled');
      const file = usersFile(row(1, 'new'), row(2, 'user 2'), row(3, 'user 3'));
      await desk.load('users.csv', file, { day: 4 });
      expect(await orderState(desk)).toMatchObject([{ state: 'cancelled' }]);
    });
  });

  it('of two fields, one of which has a third value, is ordered again for the other', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(3)));
      await correct(desk, '2', { name: 'Bea', email: 'bea@example.org' });
      const file = usersFile(row(1, 'user 1'), row(2, 'Third'), row(3, 'user 3'));
      const { verdicts } = await desk.load('users.csv', file, { day: 2 });
      expect(verdicts.map(({ field, verdict }) => [field, verdict])).toEqual([
        ['name', 'new-value'],
        ['email', 'old-value-again'],
      ]);
      const [ended, fresh] = await desk.ledger.store.read((tx) => tx.entries('work-order'));
      expect(ended?.state).toBe('ended');
      expect(fresh).toMatchObject({ state: 'ordered', fields: ['email'] });
    });
  });

  it('is over when the row is gone', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(30)));
      await correct(desk, '2', { name: 'Bea' });
      const { verdicts } = await desk.load('users.csv', usersFile(...users(30).toSpliced(1, 1)), { day: 2 });
      expect(verdicts).toMatchObject([{ verdict: 'gone' }]);
      expect(await orderState(desk)).toMatchObject([{ state: 'ended' }]);
    });
  });
});

/** Ends the first order by staff's word, a day after it was placed. */
async function close({ ledger }: Desk, state: 'confirmed' | 'cancelled'): Promise<void> {
  const by = state === 'confirmed' ? ('staff' as const) : undefined;
  await ledger.store.act({ act: 'test.done', at: ledger.now, actor: ledger.actor }, async (tx) => {
    const order = await tx.entry('work-order', 1);
    if (order === undefined) throw new Error('no order');
    await tx.put('work-order', closedOrder(order, state, { now: '2026-05-02T12:00:00Z' }, by));
  });
}
