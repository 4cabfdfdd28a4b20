import { readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { anAct, emptyLedger, SNAPSHOT_END, withStore } from '../helpers/ledger-folder.ts';

const ROWS = 150_000;
const BATCH = 5000;

it('a large load is moved into the ledger while it goes on, and leaves no second connection', async () => {
  const file = emptyLedger();
  await withStore(file, async (store) => {
    const time = '2026-01-01T00:00:00Z';
    const start = { source: 'users', file: 'users.csv', takenAt: time, loadedAt: time, policyVersion: 1 };
    const loader = await store.load({ ...start, columns: ['id', 'text'] });
    let inFile = 0;
    for (let from = 0; from < ROWS; from += BATCH) {
      await loader.putRecords(
        Array.from({ length: BATCH }, (_, index) => {
          const key = String(from + index);
          const body = JSON.stringify([key, 'x'.repeat(400)]);
          return { key, line: from + index + 2, at: undefined, body, reach: [from + index] };
        }),
      );
      await new Promise((resolve) => setTimeout(resolve, 5));
      inFile = Math.max(inFile, statSync(file.path).size);
    }
    await loader.publish(SNAPSHOT_END, anAct('import.published'));
    expect(inFile).toBeGreaterThan(8 << 20);
    const found = await store.read((tx) => tx.recordsReached([0, 77_777, ROWS - 1]));
    expect(found.map(({ key }) => key)).toEqual(['0', '77777', String(ROWS - 1)]);
    // Any other connection, even an idle one, would keep the scrub from its work.
    expect(await store.scrub()).toBe('scrubbed');
  });
  expect(readdirSync(dirname(file.path)).filter((name) => name.endsWith('-wal'))).toEqual([]);
});
