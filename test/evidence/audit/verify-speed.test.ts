import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { emptyLedger } from '../../helpers/ledger-folder.ts';
import { AuditFile, someActs } from './audit-file.ts';

const ENTRIES = 20_000;

// A hash takes half a microsecond where 100,000 entries take less than a second: a busy machine slows both.
test('an entry is verified in the time of twenty hashes', async () => {
  const file = new AuditFile(emptyLedger());
  file.append(someActs(ENTRIES).map((act) => ({ ...act, actor: { name: 'Zoë', login: 'zoe' } })));
  await file.verify();
  const verifying = await workOf(() => file.verify());
  const hashing = await workOf(async () => {
    const node = Buffer.alloc(65);
    for (let nth = 0; nth < ENTRIES; nth += 1) hash('sha256', node, 'hex');
  });
  file.db.close();
  expect(verifying).toBeLessThan(20 * hashing);
});

/** Microseconds of processor time. */
async function workOf(fn: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await fn();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
