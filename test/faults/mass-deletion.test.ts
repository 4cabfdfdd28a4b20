import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requestName } from '../../src/base/ids.ts';
import { verifyRequest } from '../../src/requests/verification/verify.ts';
import { ledgerFiles, openLedger } from '../../src/store/open.ts';
import { temporaryFolder } from '../helpers/ledger-folder.ts';
import { dsr, type Outcome } from '../helpers/program.ts';

/** `npm run test:faults` has the three thousand of the news story. */
const PEOPLE = Number(process.env.DSR_MASS_PEOPLE ?? 100);
/** All accounts: the deletions are a tenth of them. */
const ACCOUNTS = PEOPLE * 10;

const POLICY = `
controller: { name: Lumen, contact: privacy@lumen.example, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
four_eyes: { types: [delete] }
intake:
  columns: { type: wish, received: sent, email: mail, foreign_id: number }
  types: { "Delete my account": delete }
  received: iso
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: [id]
    subject: { user_id: id, email: email }
    category: account
    fields: [name, city]
  messages:
    files: "messages*.csv"
    format: csv
    mode: append
    key: [id]
    parties: { author: { user_id: from }, recipient: { user_id: to } }
    free_text: [body]
    category: messages
categories:
  account: { on_delete: erase }
  messages: { on_delete: { author: anonymise-author, recipient: keep } }
`;

const NOW = '2026-03-02T09:00:00Z';
const mailOf = (id: number) => `person-${id}@people.example`;

function table(header: string, count: number, row: (id: number) => string): string {
  return `${header}\n${Array.from({ length: count }, (_, index) => `${row(index + 1)}\n`).join('')}`;
}

function writeExports(folder: string): void {
  const users = table(
    'id,email,name,city',
    ACCOUNTS,
    (id) => `${id},${mailOf(id)},Person Number${id},City ${id}`,
  );
  const messages = table(
    'id,from,to,body',
    ACCOUNTS,
    (id) => `${id},${id},${(id % ACCOUNTS) + 1},"it is ${mailOf(id)}, write to me"`,
  );
  // Every tenth has read the news.
  const form = table(
    'number,sent,wish,mail',
    PEOPLE,
    (nth) => `F${nth},2026-03-01,Delete my account,${mailOf(nth * 10)}`,
  );
  for (const [name, text] of Object.entries({
    'dsr.yaml': POLICY,
    'users.csv': users,
    'messages.csv': messages,
    'form.csv': form,
  }))
    writeFileSync(join(folder, name), text);
}

async function verifyAll(folder: string): Promise<void> {
  const actor = { name: 'ada', login: 'ada' };
  const files = ledgerFiles(join(folder, 'dsr.db'));
  const ledger = await openLedger({ files, actor, now: NOW, asOf: false, write: true });
  try {
    for (let id = 1; id <= PEOPLE; id += 1) await verifyRequest(ledger, id, { method: 'account' });
  } finally {
    await ledger.store.close();
  }
}

interface RunDocument {
  readonly batch: { readonly id: string; readonly state: string; readonly digest: string };
  readonly requests: readonly { readonly id: string; readonly result?: string }[];
  readonly left_out: readonly unknown[];
  readonly proofs: readonly { readonly state: string; readonly epoch: number }[];
}

it('carries out the deletions that follow a news story in one batch, with one scrub and one proof for all', async () => {
  const folder = temporaryFolder();
  writeExports(folder);
  const call = async (actor: string, words: string): Promise<Outcome> => {
    const outcome = await dsr([...words.split(' '), '--actor', actor], { cwd: folder, now: NOW });
    expect(outcome, outcome.stderr).toMatchObject({ exit: 0 });
    return outcome;
  };
  const read = async (actor: string, words: string) =>
    JSON.parse((await call(actor, `${words} --json`)).stdout) as RunDocument;

  await call('ada', 'init --policy dsr.yaml');
  await call('ada', 'ingest users.csv messages.csv');
  await call('ada', 'request open --csv form.csv');
  await verifyAll(folder);

  const { batch, requests, left_out: leftOut } = await read('ada', 'batch plan --type delete');
  expect([requests.length, leftOut]).toEqual([PEOPLE, []]);
  await call('grace', `batch approve ${batch.id} --plan ${batch.digest}`);
  const run = await read('ada', `batch run ${batch.id} --plan ${batch.digest} --yes --max ${PEOPLE}`);
  expect(run.batch.state).toBe('applied');
  expect(run.requests.every(({ result }) => result === 'done')).toBe(true);
  expect(run.proofs).toHaveLength(PEOPLE);
  expect(new Set(run.proofs.map(({ state, epoch }) => `${state} ${epoch}`))).toEqual(new Set(['clean 2']));

  // Upstream has done it too: the next complete export confirms every order that it can show.
  const left = table(
    'id,email,name,city',
    ACCOUNTS,
    (id) => `${id},${mailOf(id)},Person Number${id},City ${id}`,
  )
    .split('\n')
    .filter((line) => !/^\d*0,/.test(line));
  writeFileSync(join(folder, 'users-later.csv'), left.join('\n'));
  const later = await dsr(
    ['ingest', 'users-later.csv', '--max-vanished', '20%', '--taken-at', '2026-03-02T20:00:00Z'],
    { cwd: folder, now: '2026-03-03T09:00:00Z' },
  );
  expect(later.stderr).not.toContain('error');
  const last = requestName(PEOPLE);
  const shown = JSON.parse((await call('ada', `request show ${last} --json`)).stdout);
  expect(shown.outcome.bytes).toBe('proven');
  await call('ada', 'audit verify');
});
