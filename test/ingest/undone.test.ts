import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ingestPaths } from '../../src/ingest/ingest.ts';
import { ledgerDigest } from '../helpers/ledger-digest.ts';
import { Desk, users, usersFile, withDesk } from './table-loading.ts';

const CHILD = join(import.meta.dirname, 'ingest-child.ts');

/** Runs an ingest in another process and kills it when rows are committed. */
async function killInTheMiddle(desk: Desk, file: string): Promise<void> {
  const child = spawn(process.execPath, [CHILD, desk.files.path, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [word] = (await once(child.stdout, 'data')) as [Buffer];
  expect(word.toString()).toBe('loading\n');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('a load that does not end', () => {
  it('killed with -9 is undone by whoever opens the ledger next', async () => {
    const desk = await Desk.make();
    await desk.loaded('users.csv', usersFile(...users(50)));
    const before = await ledgerDigest(desk.files);
    await desk.close();
    const file = usersFile(...users(80_000));
    const path = desk.write('users.csv', file, 2);
    await killInTheMiddle(desk, path);
    expect(await ledgerDigest(desk.files)).toBe(before);
    const ledger = await desk.reopened();
    expect(await ledger.store.read((tx) => tx.info())).toMatchObject({ bytesPending: true });
    const report = await ingestPaths(ledger, [path]);
    expect(report.imports).toMatchObject([{ id: 2, rows_kept: 79_950, rows_vanished: 0 }]);
    await ledger.store.close();
  });

  it('is in nobody’s way: others read and write while it goes on, and no second load starts', async () => {
    await withDesk(async (desk) => {
      const other = await desk.reopened();
      const start = {
        source: 'users',
        file: 'users.csv',
        takenAt: desk.ledger.now,
        loadedAt: desk.ledger.now,
        policyVersion: 1,
        columns: ['id'],
      };
      const loader = await desk.ledger.store.load(start);
      await loader.putRecords([{ key: '1', line: 2, at: undefined, body: '["1"]', reach: [] }]);
      expect(await desk.ledger.store.read((tx) => tx.imports())).toEqual([]);
      const act = { act: 'test.done', at: other.now, actor: other.actor };
      await other.store.act(act, async (tx) => tx.facts({ n: 1 }));
      const path = desk.write('payments.csv', 'id,user,paid_on,memo\np1,1,1/2/2026,a\n');
      const { errors } = await ingestPaths(other, [path]);
      expect(errors).toMatchObject([{ error: { code: 'ledger-busy', exit: 11 } }]);
      await loader.abandon();
      expect((await ingestPaths(other, [path])).imports).toMatchObject([{ rows_kept: 1 }]);
      await other.store.close();
    });
  });

  it('interrupted is undone at once, with exit 130, and the files before it stay', async () => {
    await withDesk(async (desk) => {
      const first = desk.write('payments.csv', 'id,user,paid_on,memo\np1,1,1/2/2026,a\n', 1);
      const second = desk.write('users.csv', usersFile(...users(60_000)), 2);
      const controller = new AbortController();
      const progress = ({ rows }: { readonly rows: number }) => {
        if (rows > 30_000) controller.abort();
      };
      const loading = ingestPaths(desk.ledger, [first, second], { progress, signal: controller.signal });
      await expect(loading).rejects.toMatchObject({ code: 'interrupted', exit: 130 });
      expect((await desk.ledger.store.read((tx) => tx.imports())).map(({ source }) => source)).toEqual([
        'payments',
      ]);
      expect(await desk.records('users')).toEqual([]);
      expect(await desk.loaded('users.csv', usersFile(...users(3)), { day: 2 })).toMatchObject({
        rows_kept: 3,
      });
    });
  });
});
