import { expect, it } from 'vitest';
import { reindexRecords } from '../../src/ingest/reindex.ts';
import type { Identifier } from '../../src/people/identifier.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { type Desk, POLICY, users, usersFile, withDesk } from './table-loading.ts';

async function keysReached(desk: Desk, identifier: Identifier): Promise<readonly string[]> {
  const digest = desk.ledger.keys.hasher.reach(identifier);
  const found = await desk.ledger.store.read((tx) => tx.recordsReached([digest]));
  return found.map(({ key }) => key);
}

it('rows are reached by what a new policy maps, retained ones by nothing', async () => {
  await withDesk(async (desk) => {
    await desk.loaded('users.csv', usersFile(...users(2500)));
    const name = { kind: 'username', value: 'user 2400' };
    expect(await keysReached(desk, name)).toEqual([]);
    const policy = parsePolicy(
      POLICY.replace('subject: { user_id: id,', 'subject: { user_id: id, username: name,'),
      'dsr.yaml',
    );
    const act = { act: 'test.done', at: desk.ledger.now, actor: desk.ledger.actor };
    const kept = await desk.record('users', '7');
    const count = await desk.ledger.store.act(act, async (tx) => {
      await tx.retainRecord(kept?.id ?? 0, ['id', 'name'], {
        until: '2030-12-31',
        basis: 'tax',
        subject: 1,
        keepKey: true,
      });
      return reindexRecords(tx, policy, 'users', desk.ledger.keys.hasher);
    });
    expect(count).toBe(2499);
    expect(await keysReached(desk, name)).toEqual(['2400']);
    expect(await keysReached(desk, { kind: 'user_id', value: '2400' })).toEqual(['2400']);
    expect(await keysReached(desk, { kind: 'username', value: 'user 7' })).toEqual([]);
  });
});

it('a log has no rows to index', async () => {
  await withDesk(async (desk) => {
    const act = { act: 'test.done', at: desk.ledger.now, actor: desk.ledger.actor };
    const { policy, keys } = desk.ledger;
    expect(
      await desk.ledger.store.act(act, (tx) => reindexRecords(tx, policy, 'access_log', keys.hasher)),
    ).toBe(0);
  });
});
