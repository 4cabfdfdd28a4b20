import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import { addPeriod } from '../../src/base/periods.ts';
import { auditEntries } from '../../src/evidence/audit/entries.ts';
import { ingestPaths } from '../../src/ingest/ingest.ts';
import { LogCases } from '../../src/reports/log-cases.ts';
import { metricsTable } from '../../src/reports/metrics.ts';
import { prepareMetrics } from '../../src/reports/prepare-metrics.ts';
import { registerCase } from '../../src/reports/register-cases.ts';
import { answerRequest } from '../../src/requests/answer.ts';
import { reassignRequest } from '../../src/requests/care/reassign.ts';
import { appealRequest, decideAppeal } from '../../src/requests/clock/appeal.ts';
import { expireRequest } from '../../src/requests/clock/expire.ts';
import { askRequester } from '../../src/requests/clock/pause.ts';
import { endRequest } from '../../src/requests/close.ts';
import { requireRequest } from '../../src/requests/find.ts';
import { sendLetter, writeLetter } from '../../src/requests/letters/letters.ts';
import { classifyRequest } from '../../src/requests/opening/classify.ts';
import { markDuplicate } from '../../src/requests/opening/duplicates.ts';
import { openRequest } from '../../src/requests/opening/open.ts';
import { makePlan } from '../../src/requests/plan.ts';
import { reopenRequest } from '../../src/requests/reopen.ts';
import { applyPlanned } from '../../src/requests/run.ts';
import type { Who } from '../../src/requests/subject.ts';
import { verifyRequest } from '../../src/requests/verification/verify.ts';
import { placeHold, releaseHold } from '../../src/retention/hold-acts.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import { initLedger, ledgerFiles } from '../../src/store/open.ts';
import type { RequestType } from '../../src/store/registers.ts';
import { temporaryFolder } from '../helpers/ledger-folder.ts';

const POLICY = `
controller: { name: Example, contact: privacy@example.org, zone: America/Los_Angeles, regimes: [ccpa, colorado] }
effective: 2026-01-01
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id }
    grounds: { ban: { column: status, in: [banned] } }
    category: account
    fields: [status]
categories:
  account:
    on_delete: erase
    keep: [{ fields: [id], when: [ban], basis: legal-claims, for: P3Y, source: controller }]
`;

const REGIMES = ['ccpa', 'colorado'];
const TYPES: readonly RequestType[] = ['delete', 'access', 'opt-out', 'limit', 'unclear', 'edit'];
/** So few that the same ones are moved again and again. */
const MOST = 6;
const SAYING = { reason: 'routine', note: 'as it was' };

async function newLedger(): Promise<Ledger> {
  const folder = temporaryFolder();
  const actor = { name: 'tester', login: 'tester' };
  const now = '2026-01-05T17:00:00Z';
  const files = ledgerFiles(join(folder, 'dsr.db'));
  const ledger = await initLedger({
    files,
    policyText: POLICY,
    policyFile: 'dsr.yaml',
    actor,
    now,
    rehearsal: false,
  });
  const rows = Array.from({ length: 8 }, (_, i) => `${i + 1},${i % 3 === 0 ? 'banned' : 'active'}`);
  writeFileSync(join(folder, 'users.csv'), `id,status\n${rows.join('\n')}\n`);
  await ingestPaths(ledger, [join(folder, 'users.csv')], { takenAt: '2026-01-02T00:00:00Z' });
  return ledger;
}

const person = (n: number) => ({ kind: 'user_id', value: `${(n % 8) + 1}` });

/** One thing that staff may try; what the rules refuse leaves everything as it is. */
type Move = (ledger: Ledger, id: number, n: number) => Promise<unknown>;

function open(ledger: Ledger, type: RequestType, regime: string | undefined, who: Who) {
  return openRequest(ledger, {
    types: [type],
    who: [who],
    receivedOn: undefined,
    regime,
    channel: undefined,
    requester: 'self',
    level: 'specific',
    parental: undefined,
    parent: undefined,
    note: undefined,
  });
}

const MOVES: Readonly<Record<string, Move>> = {
  open: (ledger, _, n) => open(ledger, TYPES[n % TYPES.length] ?? 'delete', REGIMES[n % 2], person(n)),
  verify: (ledger, id) => verifyRequest(ledger, id, { method: 'account', reauthenticated: true }),
  carryOut: async (ledger, id, n) => {
    await verifyRequest(ledger, id, { method: 'account', reauthenticated: true }).catch(ignoreRefusal);
    const edits = n % 2 === 0 ? [] : [{ source: 'users', key: undefined, field: 'status', value: 'new' }];
    const { request, plan } = await makePlan(ledger, id, { edits, grounds: [] });
    if (request.type === 'access')
      await answerRequest(ledger, id, plan.digest, join(temporaryFolder(), 'package'));
    else await applyPlanned(ledger, id, plan.digest, { beforeAccess: 'urgent' });
  },
  answer: async (ledger, id, n) => {
    const kind = n % 2 === 0 ? 'answer' : 'partial-answer';
    await writeLetter(ledger, id, kind, { reason: undefined, note: 'done' });
    // It went on that day, and was noted two days later.
    const on = ledger.now.slice(0, 10);
    const later = { ...ledger, now: `${addPeriod(on, 'P2D')}T17:00:00Z` };
    await sendLetter(later, id, { kind, on, channel: 'email', to: undefined, ...SAYING });
  },
  deny: (ledger, id, n) =>
    endRequest(
      ledger,
      id,
      'deny',
      ['identity-not-verified', 'exempt', 'excessive'][n % 3] ?? '',
      'the facts',
    ),
  withdraw: (ledger, id) => endRequest(ledger, id, 'withdraw', 'phone-call', undefined),
  repeat: async (ledger, id) => {
    const { type, regime, subject = 1 } = await ledger.store.read((tx) => requireRequest(tx, id));
    const second = await open(ledger, type, regime, { subject });
    await markDuplicate(ledger, second.id, id, undefined, undefined);
  },
  classify: async (ledger, _, n) => {
    const { id } = await open(ledger, 'unclear', REGIMES[n % 2], person(n));
    const types: readonly RequestType[] = n % 3 === 0 ? ['delete'] : ['access', 'opt-out'];
    await classifyRequest(ledger, id, { types, level: 'specific', who: undefined, ...SAYING });
  },
  reassign: (ledger, id, n) => reassignRequest(ledger, id, person(n), SAYING),
  appeal: async (ledger, id, n) => {
    if (n % 3 !== 0) await endRequest(ledger, id, 'deny', 'exempt', 'the facts').catch(ignoreRefusal);
    await appealRequest(ledger, id, undefined, SAYING);
  },
  decide: (ledger, id, n) => decideAppeal(ledger, id, n % 2 === 0, SAYING),
  reopen: (ledger, id) => reopenRequest(ledger, id, 'mistake', undefined),
  ask: (ledger, id) =>
    askRequester(ledger, id, { cause: 'identity', on: undefined, until: undefined, ...SAYING }),
  expire: (ledger, id) => expireRequest(ledger, id, 'no-proof', undefined),
  hold: (ledger, _, n) =>
    placeHold(ledger, {
      matter: `m${n}`,
      subject: (n % 8) + 1,
      category: undefined,
      source: undefined,
      reason: 'case',
      reviewOn: undefined,
    }),
  release: (ledger, _, n) => releaseHold(ledger, (n % 3) + 1, 'over'),
};

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof UserError)) throw error;
}

const step = fc.record({
  move: fc.constantFrom(
    'open',
    'open',
    'carryOut',
    'carryOut',
    'answer',
    'appeal',
    'appeal',
    'decide',
    ...Object.keys(MOVES),
  ),
  at: fc.nat({ max: 2 * MOST }),
  n: fc.nat({ max: 40 }),
  days: fc.constantFrom(0, 0, 1, 3, 20),
});

test('whatever staff do, the figures of the log are those of the register', async () => {
  const made = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 80 }), async (steps) => {
      const ledger = await newLedger();
      let day = '2026-01-05';
      let opened = 0;
      for (const { move, at, n, days } of steps) {
        day = addPeriod(day, `P${days}D`);
        const now = `${day}T17:00:00Z`;
        if (move === 'open' ? opened >= MOST : opened === 0) continue;
        const result = MOVES[move]?.({ ...ledger, now }, (at % Math.max(opened, 1)) + 1, n);
        await result?.then(() => made.add(move), ignoreRefusal);
        opened = await ledger.store.read(async (tx) => (await tx.entries('request')).length);
      }
      await compare(ledger);
      await ledger.store.close();
    }),
    { numRuns: 4, endOnFailure: true },
  );
  // Else nothing was shown.
  const expected = 'carryOut answer repeat classify appeal'.split(' ');
  expect([...made]).toEqual(expect.arrayContaining(expected));
});

async function compare(ledger: Ledger): Promise<void> {
  const { zone } = ledger.policy.controller;
  const period = { from: undefined, to: undefined };
  await ledger.store.read(async (tx) => {
    const { differences, table } = await prepareMetrics(tx, ledger, period, REGIMES);
    expect(differences).toEqual([]);
    const requests = await tx.entries('request');
    const register = requests.map((request) => registerCase(request, zone));
    expect(metricsTable(register, { period, regimes: REGIMES })).toEqual(table);
    const log = new LogCases(zone);
    for await (const row of auditEntries(tx)) log.read(row);
    expect(log.cases.size).toBe(requests.length);
  });
}
