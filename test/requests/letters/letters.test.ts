import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ledgerFiles, openLedger } from '../../../src/store/open.ts';
import type { Reader } from '../../../src/store/store.ts';
import { dsr } from '../../helpers/program.ts';
import { makeService } from '../../helpers/service.ts';

let cwd: string;

beforeAll(async () => {
  cwd = await makeService();
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function run(words: string, now = '2026-01-05T09:00:00Z') {
  const { exit, stdout, stderr } = await dsr([...words.split(' '), '--json'], { cwd, now });
  return { exit, stderr, document: stdout === '' ? undefined : JSON.parse(stdout) };
}

async function read<T>(work: (tx: Reader) => Promise<T>): Promise<T> {
  const files = ledgerFiles(join(cwd, 'dsr.db'));
  const actor = { name: 'tester', login: 'tester' };
  const ledger = await openLedger({ files, actor, now: '2026-01-05T09:00:00Z', asOf: false, write: false });
  try {
    return await ledger.store.read(work);
  } finally {
    await ledger.store.close();
  }
}

test('an acknowledgement that is sent is noted as one; words are in the letter and never in the audit log', async () => {
  await run('request open --type objection user_id:1 --channel letter');
  const drafted = await run('request letter R-000001 --kind acknowledgement --note Kornblume');
  expect(drafted.document.letter).toMatchObject({ number: 1, state: 'drafted', sent_on: null });
  expect(drafted.document.letter.text).toContain('Kornblume');
  const { document } = await run('request sent R-000001 --as acknowledgement --channel letter');
  expect(document.letter).toMatchObject({
    number: 1,
    state: 'sent',
    sent_on: '2026-01-05',
    channel: 'letter',
  });
  const kept = await read(async (tx) => ({
    request: await tx.entry('request', 1),
    rows: await tx.auditRows(0, 1000),
  }));
  expect(kept.request?.clock?.acknowledgedOn).toBe('2026-01-05');
  const log = kept.rows.map(({ entry }) => entry).join('\n');
  expect(log).toContain(drafted.document.letter.sha256);
  expect(log).not.toContain('Kornblume');
});

test('a draft on a later day does not keep the file longer; with the file its letters go', async () => {
  await run('request letter R-000001 --kind answer');
  expect((await run('request sent R-000001 --as answer --channel email')).document.request.state).toBe(
    'closed',
  );
  await run('request letter R-000001 --kind answer', '2026-03-05T09:00:00Z');
  expect(await read((tx) => tx.entries('letter', { request: 1 }))).toHaveLength(3);
  await run('purge --yes', '2028-01-05T09:00:00Z');
  expect(await read((tx) => tx.entries('letter'))).toHaveLength(3);
  await run('purge --yes', '2028-01-06T09:00:00Z');
  expect(await read((tx) => tx.entries('letter'))).toEqual([]);
});
