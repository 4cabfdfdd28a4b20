import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeOrder } from '../../src/duties/outbox.ts';
import { rowIdentifier } from '../../src/people/digests.ts';
import type { Identifier } from '../../src/people/identifier.ts';
import { partiesOf } from '../../src/people/identities.ts';
import { requireSource } from '../../src/policy/find.ts';
import { eventsOf } from '../../src/store/events.ts';
import type { StoredRecord } from '../../src/store/store.ts';
import { BEFORE, suppress } from './suppressing.ts';
import { type Desk, POLICY_HEAD, withDesk } from './table-loading.ts';

const POLICY = `${POLICY_HEAD}
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id, username: name, email: email, phone: phone }
    category: all
  payments:
    files: "payments*.csv"
    format: csv
    mode: append
    key: id
    subject: { user_id: user, email: payer }
    date: day
    category: all
  messages:
    files: "messages*.ndjson"
    format: ndjson
    mode: append
    key: id
    parties: { author: { user_id: from }, recipient: { user_id: to } }
    free_text: [body]
    category: messages
  access_log:
    files: "access*.log"
    format: combined
    subject: { username: user }
    weak: { ip: host }
    category: server_log
categories:
  all: { on_delete: erase }
  messages: { on_delete: { author: anonymise, recipient: anonymise } }
  server_log: { on_delete: { count_by: [hour, path, status] } }
`;

// Whoever was erased had all of these; account 2 is a living one that shared a telephone with them.
const ERASED: readonly Identifier[] = [
  { kind: 'user_id', value: '1' },
  { kind: 'username', value: 'ada' },
  { kind: 'email', value: 'ada@example.org' },
  { kind: 'phone', value: '+442079460001' },
];
const ROWS_GONE = [rowIdentifier('users', '1'), rowIdentifier('payments', 'p1')];

const name = fc.constantFrom('ada', 'ADA', 'bea', 'gil');
const email = fc.constantFrom('ada@example.org', 'Ada@Example.org', 'bea@example.org', '');
const phone = fc.constantFrom('+44 20 7946 0001', '+442079460001', '+44 20 7946 0009', '');
const userId = fc.constantFrom('1', '2', '7', '8');
const day = fc.constantFrom('2026-01-01', '2026-05-05');

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
}

const user = fc.record({ id: userId, name, email, phone });
const payment = fc.record({
  id: fc.constantFrom('p1', 'p2', 'p3'),
  user: fc.constantFrom('1', '2', '7', ''),
  payer: email,
  day,
});
const message = fc.record({ id: fc.constantFrom('m1', 'm2', 'm3'), from: userId, to: userId });
const line = fc.record({ user: fc.constantFrom('ada', 'Ada', 'bea', '-'), second: fc.nat(59) });
const unique = <Row extends { readonly id: string }>(row: fc.Arbitrary<Row>) =>
  fc.uniqueArray(row, { selector: ({ id }) => id, minLength: 1, maxLength: 4 });

type Export =
  | { readonly source: 'users'; readonly rows: readonly UserRow[] }
  | { readonly source: 'payments' | 'messages' | 'access_log'; readonly text: string };

const csv = (header: string, rows: readonly (readonly string[])[]) =>
  `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`;

const anExport: fc.Arbitrary<Export> = fc.oneof(
  unique(user).map((rows) => ({ source: 'users' as const, rows })),
  unique(payment).map((rows) => ({
    source: 'payments' as const,
    text: csv(
      'id,user,payer,day',
      rows.map((row) => [row.id, row.user, row.payer, row.day]),
    ),
  })),
  unique(message).map((rows) => ({
    source: 'messages' as const,
    text: rows.map((row) => `${JSON.stringify({ ...row, body: 'hello' })}\n`).join(''),
  })),
  fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => ({
    source: 'access_log' as const,
    text: lines.map(logLine).join(''),
  })),
);

function logLine({ user: who, second }: { readonly user: string; readonly second: number }): string {
  const time = `05/May/2026:10:00:${String(second).padStart(2, '0')} +0000`;
  return `203.0.113.9 - ${who} [${time}] "GET /journal/${who} HTTP/1.1" 200 10 "-" "agent"\n`;
}

const FILES = { payments: 'csv', messages: 'ndjson', access_log: 'log', users: 'csv' } as const;

async function load(desk: Desk, given: Export, at: number): Promise<void> {
  const text =
    given.source === 'users'
      ? csv(
          'id,name,email,phone',
          given.rows.map((row) => [row.id, row.name, row.email, row.phone]),
        )
      : given.text;
  const file = `${given.source === 'access_log' ? 'access' : given.source}-${at}.${FILES[given.source]}`;
  const options = { day: at + 1, maxVanished: 1, allowOverlap: true };
  const report = await desk.load(file, text, options);
  for (const { error } of report.errors) throw error;
}

const isErased = ({ kind, value }: Identifier) =>
  ERASED.some((erased) => erased.kind === kind && erased.value === value);

/** The identifiers of the erased person by which a row is somebody's: what stands beside a living account is not. */
function named(desk: Desk, record: StoredRecord): readonly Identifier[] {
  const source = requireSource(desk.ledger.policy, record.source);
  if (source.type !== 'table') return [];
  const parties = partiesOf(source, desk.ledger.policy, record.fields);
  return parties.flatMap(({ identifiers }) => {
    const [strongest] = identifiers;
    const isLiving = strongest?.strength === 'account' && !isErased(strongest.identifier);
    return isLiving ? [] : identifiers.map(({ identifier }) => identifier).filter(isErased);
  });
}

/** Accounts that come in: not the erased one, and first seen with nothing that was theirs. */
function livingAccounts(exports: readonly Export[]): ReadonlySet<string> {
  const living = new Set(['2']);
  const hasTheirs = (row: UserRow) =>
    row.name.toLowerCase() === 'ada' ||
    row.email.toLowerCase() === 'ada@example.org' ||
    row.phone.endsWith('0001');
  for (const given of exports) {
    if (given.source !== 'users') continue;
    for (const row of given.rows) if (row.id !== '1' && !hasTheirs(row)) living.add(row.id);
  }
  return living;
}

it('nothing of an erased person comes in again, whatever files are loaded', async () => {
  const property = fc.asyncProperty(
    fc.array(anExport, { minLength: 1, maxLength: 6 }),
    fc.boolean(),
    async (exports, isOld) => {
      await withDesk(async (desk) => {
        await load(desk, { source: 'users', rows: [SHARING] }, 0);
        const since = isOld ? desk.ledger.now : BEFORE;
        await suppress(desk.ledger, [...ERASED, ...ROWS_GONE], { since });
        await openOrder(desk);
        for (const [at, given] of exports.entries()) await load(desk, given, at + 1);
        await expectNobodyBack(desk, livingAccounts(exports));
      }, POLICY);
    },
  );
  await fc.assert(property, { numRuns: 12 });
});

const SHARING: UserRow = { id: '2', name: 'bea', email: 'bea@example.org', phone: '+44 20 7946 0001' };

/** The erased account's row is not confirmed gone, so that nobody is a new sign-up. */
async function openOrder({ ledger }: Desk): Promise<void> {
  const act = { act: 'test.done', at: ledger.now, actor: ledger.actor };
  const order = { source: 'users', key: '1', action: 'delete' as const, change: {}, record: undefined };
  await ledger.store.act(act, (tx) => placeOrder(tx, ledger, { ...order, request: 3, subject: 1 }));
}

async function expectNobodyBack(desk: Desk, living: ReadonlySet<string>): Promise<void> {
  const { store, keys, policy } = desk.ledger;
  const users = await desk.records('users');
  expect(new Set(users.map(({ key }) => key))).toEqual(living);
  for (const source of ['payments', 'messages']) {
    for (const record of await desk.records(source)) expect(named(desk, record)).toEqual([]);
  }
  expect(await desk.record('payments', 'p1')).toBeUndefined();
  await store.read(async (tx) => {
    const reached = await tx.recordsReached(ERASED.map((identifier) => keys.hasher.reach(identifier)));
    const isLiving = ({ source, key, fields }: StoredRecord) =>
      source === 'users'
        ? living.has(key)
        : source === 'payments' && /^[27]$/.test(String(fields.get('user')));
    expect(reached.filter((record) => !isLiving(record))).toEqual([]);
    const log = requireSource(policy, 'access_log');
    if (log.type !== 'log') throw new Error('not a log');
    const lines = eventsOf(tx, desk.ledger, log, [{ kind: 'username', value: 'ada' }]);
    for await (const { text } of lines) expect(text).toBe('none');
    for (const { path } of await tx.eventCounts()) expect(path).not.toMatch(/ada/i);
    const sealed = JSON.stringify(await tx.entries('set-aside'));
    expect(sealed).not.toMatch(/ada@|7946/i);
  });
}
