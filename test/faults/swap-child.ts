import { writeSync } from 'node:fs';
import { UserError } from '../../src/base/errors.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

// A process of its own for the swap tests: `scrub`, or `write NAME MILLISECONDS`, which prints each entry once it is committed.
const [path = '', mode = '', name = '', time = '0'] = process.argv.slice(2);
const file = { path, keyPath: `${path}.key` };

async function scrub(): Promise<void> {
  const store = SqliteStore.open(file);
  writeSync(1, `${await store.scrub()}\n`);
  await store.close();
}

async function writeFor(milliseconds: number): Promise<void> {
  const end = Date.now() + milliseconds;
  for (let n = 0; Date.now() < end; n++) {
    await unlessBusy(async () => {
      const store = SqliteStore.open(file);
      try {
        const act = `${name}.n${n}`;
        await store.act(
          { act, at: '2026-01-01T00:00:00Z', actor: { name: 'w', login: 'w' } },
          async () => {},
        );
        writeSync(1, `${act}\n`);
      } finally {
        await store.close();
      }
    });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
  }
}

async function unlessBusy(fn: () => Promise<void>): Promise<void> {
  try {
    await fn();
  } catch (error) {
    if (!(error instanceof UserError && error.exit === 11)) throw error;
  }
}

await (mode === 'scrub' ? scrub() : writeFor(Number(time)));
