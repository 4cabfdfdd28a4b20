import { writeSync } from 'node:fs';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

// A process of its own that reads from the ledger until its standard input ends, as a report does that nobody waits for.
const [path = ''] = process.argv.slice(2);
const store = SqliteStore.open({ path, keyPath: `${path}.key` });
await store.read(async (tx) => {
  await tx.imports();
  writeSync(1, 'reading\n');
  for await (const _ of process.stdin);
});
await store.close();
