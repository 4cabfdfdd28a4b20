import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { addPeriod } from '../../../src/base/periods.ts';
import { disputeFields, endDispute } from '../../../src/requests/care/contested.ts';
import { reassignRequest } from '../../../src/requests/care/reassign.ts';
import { startWaiting, stopWaiting } from '../../../src/requests/care/waiting.ts';
import { endRequest } from '../../../src/requests/close.ts';
import { openRequest } from '../../../src/requests/opening/open.ts';
import { makePlan } from '../../../src/requests/plan.ts';
import { applyRequest } from '../../../src/requests/run.ts';
import { verifyRequest } from '../../../src/requests/verification/verify.ts';
import type { Ledger } from '../../../src/store/ledger.ts';
import { ledgerFiles, openLedger } from '../../../src/store/open.ts';
import type { StoredRecord } from '../../../src/store/store.ts';
import { dsr } from '../../helpers/program.ts';

const POLICY = `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
waiting: { period: P3D }
sources:
  users: { files: "users*.csv", format: csv, mode: snapshot, account: true, key: id, subject: { user_id: id, email: email }, category: all, fields: [zip] }
  pay: { files: "pay*.csv", format: csv, mode: append, key: id, subject: { user_id: user }, category: all, fields: [sum] }
categories: { all: { on_delete: erase } }
`;
const PEOPLE = [1, 2, 3, 4, 5, 6];
/** Of every other request one that has to wait. */
const editOf = (id: number) => ({
  source: 'users',
  key: undefined,
  field: id % 2 === 0 ? 'email' : 'zip',
  value: id % 2 === 0 ? `new${id}@example.org` : `2000${id}`,
});
const PLACES = [
  { source: 'users', key: undefined, field: 'zip' },
  { source: 'pay', key: undefined, field: 'sum' },
];
const actor = { name: 'tester', login: 'tester' };

let cwd: string;
let day = '2026-01-05';
let snapshots = 0;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'dsr-restrictions-'));
  writeFileSync(join(cwd, 'policy.yaml'), POLICY);
  writeFileSync(join(cwd, 'pay.csv'), `id,user,sum\n${PEOPLE.map((id) => `p${id},${id},9.99\n`).join('')}`);
  await run('init', '--policy', 'policy.yaml');
  await run('ingest', 'pay.csv');
  await snapshot(undefined);
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function run(...argv: readonly string[]): Promise<void> {
  const { exit, stderr } = await dsr(argv, { cwd, now: `${day}T09:00:00Z` });
  // Rows of people who were erased are kept out, and that is worth a look.
  if (exit !== 0 && exit !== 6) throw new Error(`dsr ${argv.join(' ')}: ${stderr}`);
}

/** Loads the table of users without one of them. */
async function snapshot(without: number | undefined): Promise<void> {
  const file = `users-${snapshots}.csv`;
  const users = PEOPLE.filter((id) => id !== without).map((id) => `${id},u${id}@example.org,1011${id}\n`);
  writeFileSync(join(cwd, file), `id,email,zip\n${users.join('')}`);
  const takenAt = `2026-01-02T00:00:${String(snapshots).padStart(2, '0')}Z`;
  snapshots += 1;
  await run('ingest', file, '--taken-at', takenAt, '--max-vanished', '100%');
}

async function withLedger<T>(fn: (ledger: Ledger) => Promise<T>): Promise<T> {
  const files = ledgerFiles(join(cwd, 'dsr.db'), undefined);
  const ledger = await openLedger({ files, actor, now: `${day}T09:00:00Z`, asOf: false, write: true });
  try {
    return await fn(ledger);
  } finally {
    await ledger.store.close();
  }
}

type Step = [what: (typeof STEPS)[number], which: number, whom: number];

const STEPS = [
  'open-delete',
  'open-edit',
  'plan',
  'wait',
  'stop',
  'withdraw',
  'deny',
  'reassign',
  'dispute',
  'settle',
  'apply',
] as const;

const user = (value: number) => ({ kind: 'user_id', value: String(value) });

async function take(ledger: Ledger, [what, which, whom]: Step): Promise<void> {
  const requests = await ledger.store.read((tx) => tx.entries('request'));
  // One of the newest: the older ones have mostly ended.
  const request = requests.at(-1 - (which % 3));
  if (what === 'open-delete' || what === 'open-edit' || request === undefined) {
    await opened(ledger, what === 'open-edit' ? 'edit' : 'delete', whom);
    return;
  }
  const { id, type } = request;
  const isWorked = what === 'plan' || ((what === 'wait' || what === 'apply') && request.state === 'verified');
  if (isWorked) await makePlan(ledger, id, { edits: type === 'edit' ? [editOf(id)] : [], grounds: [] });
  const plan = (await ledger.store.read((tx) => tx.entry('request', id)))?.plan ?? '';
  const words = { reason: 'test', note: undefined };
  switch (what) {
    case 'plan':
      break;
    case 'wait':
      await startWaiting(ledger, id, plan);
      break;
    case 'stop':
      await stopWaiting(ledger, id, words, which > 3);
      break;
    case 'reassign':
      await reassignRequest(ledger, id, user(whom), words);
      await verifyRequest(ledger, id, { method: 'account' });
      break;
    case 'dispute':
      await disputeFields(ledger, id, [PLACES[whom % 2] ?? editOf(id)], words);
      break;
    case 'settle':
      await endDispute(ledger, id, { places: [], toldOn: day }, words);
      break;
    case 'apply':
      await applyRequest(ledger, id, plan);
      break;
    default:
      await endRequest(ledger, id, what, 'test', undefined);
  }
}

async function opened(ledger: Ledger, type: 'delete' | 'edit', whom: number): Promise<void> {
  const { id } = await openRequest(ledger, {
    types: [type],
    who: [user(whom)],
    receivedOn: undefined,
    regime: undefined,
    channel: undefined,
    requester: 'self',
    level: 'specific',
    parental: undefined,
    parent: undefined,
    note: undefined,
  });
  await verifyRequest(ledger, id, { method: 'account' });
  await makePlan(ledger, id, { edits: type === 'edit' ? [editOf(id)] : [], grounds: [] });
}

/** Which restrictions hold each row, by the register and by the row itself; and the states of rows. */
async function held(ledger: Ledger) {
  return ledger.store.read(async (tx) => {
    const rows = await tx.listRecords({}, 0, 1000);
    const placed = await tx.entries('restriction', { state: 'placed' });
    return {
      rows,
      byRegister: (row: StoredRecord) =>
        placed.filter((one) => one.records.includes(row.id)).map(({ id }) => id),
    };
  });
}

/** What begins something is likelier than what ends it. */
const WEIGHED = [...STEPS, 'open-delete', 'open-edit', 'wait', 'wait', 'wait', 'dispute', 'dispute'] as const;

const steps = fc.array(
  fc.tuple(fc.constantFrom(...WEIGHED), fc.nat({ max: 7 }), fc.constantFrom(...PEOPLE)),
  {
    minLength: 25,
    maxLength: 40,
    size: 'max',
  },
);

/** Every step once where it can be taken; the first of them to the newest request. */
const EACH: Step[] = (
  [
    ['open-delete', 1],
    ['plan', 1],
    ['wait', 1],
    ['stop', 1],
    ['wait', 1],
    ['dispute', 1],
    ['reassign', 2],
    ['dispute', 2],
    ['wait', 2],
    ['withdraw', 2],
    ['settle', 2],
    ['open-edit', 3],
    ['wait', 3],
    ['deny', 3],
    ['open-edit', 4],
    ['apply', 4],
  ] as const
).map(([what, whom]) => [what, 0, whom]);

describe('whatever is started, stopped, contested and moved', () => {
  test('a row is restricted just as long as a restriction in force names it, or it has vanished', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.option(fc.constantFrom(...PEOPLE), { nil: undefined }),
        async (taken, missing) => {
          await withLedger(async (ledger) => {
            for (const step of taken) {
              const done = await take(ledger, step).then(
                () => 'done',
                (error: unknown) => {
                  if (!(error instanceof UserError)) throw error;
                  return 'refused';
                },
              );
              seen.add(`${step[0]} ${done}`);
            }
          });
          day = addPeriod(day, 'P2D');
          await snapshot(missing);
          const { rows, byRegister } = await withLedger(held);
          for (const row of rows) {
            expect(row.restrictedBy?.restrictions ?? []).toEqual(byRegister(row));
            expect(row.state).toBe(byRegister(row).length > 0 || row.missed > 0 ? 'restricted' : 'active');
          }
        },
      ),
      { numRuns: 6, examples: [[EACH, 2]] },
    );
    for (const what of STEPS) expect(seen).toContain(`${what} done`);
  });
});
