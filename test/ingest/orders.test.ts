import { describe, expect, it } from 'vitest';
import { exitOf } from '../../src/ingest/report.ts';
import type { Overlay } from '../../src/store/store.ts';
import { type Desk, users, usersFile, withDesk } from './table-loading.ts';

const REQUEST = 7;

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
    await tx.add('work-order', {
      state: 'ordered',
      subject: 1,
      source: 'users',
      key,
      action: 'change',
      change,
      record: record.id,
      request: REQUEST,
      orderedAt: ledger.now,
      endedAt: undefined,
    });
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
        { source: 'users', request: REQUEST, field: 'name', verdict: 'old-value-again' },
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
});
