import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ingestPaths } from '../../src/ingest/ingest.ts';
import { prepareReports, type ReportName } from '../../src/reports/prepare.ts';
import type { Cell, Period, Table } from '../../src/reports/table.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import { initLedger, ledgerFiles } from '../../src/store/open.ts';
import type { RegisterKind, Registers, Request } from '../../src/store/registers.ts';
import { temporaryFolder } from '../helpers/ledger-folder.ts';

export const NOW = '2026-06-15T12:00:00Z';
const actor = { name: 'tester', login: 'tester' };

/** Columns that a spreadsheet would run, were they cells as they stand. */
export const FORMULAS: readonly string[] = [
  "=cmd|' /C calc'!A0",
  '+1',
  '-1+1',
  '@SUM(A1)',
  '\u00a0=1',
  '"=1',
];

export const POLICY = `
controller: { name: Example, contact: privacy@example.org, zone: America/New_York, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id, email: { column: email, confirmed: confirmed } }
    never: [password]
    ignore: [theme]
    visible: [name]
    verify: { usable: [email] }
    grounds: { ban: { column: status, in: [banned] } }
    category: account
    fields: ${JSON.stringify({ name: 'user.name', status: 'user.account', ...Object.fromEntries(FORMULAS.map((name) => [name, 'user'])) })}
  payments:
    files: "payments*.csv"
    format: csv
    mode: append
    key: id
    subject: { user_id: user_id }
    date: paid_at
    payment: true
    category: payments
    fields: [amount]
  messages:
    files: "messages*.ndjson"
    format: ndjson
    mode: append
    key: id
    parties: { author: { user_id: from }, recipient: { user_id: to } }
    date: sent_at
    free_text: [body]
    origin: the app
    category: messages
  web_log:
    files: "access*.log"
    format: combined
    subject: { user_id: user, cookie: query.sid }
    weak: { ip: host }
    category: server_log
  surveys: { files: "surveys*.csv", format: csv, mode: append, key: id, subject: { email: email }, category: account }
categories:
  account:
    on_delete: erase
    keep: [{ fields: [id, email], when: [ban], basis: legal-claims, for: P3Y, source: controller }]
    purposes: [service, contact]
  payments:
    on_delete: retain
    keep: [{ fields: [id, amount, paid_at], basis: "legal-obligation: tax", for: P7Y, from: end-of-year, source: law }]
    expire: { after: P7Y, from: end-of-year }
    source: law
    purposes: [service]
  messages: { on_delete: { author: anonymise-author, recipient: keep } }
  server_log: { expire: P90D, source: notice, on_delete: { count_by: [hour, status] } }
  archive: { expire: P1Y, source: controller, on_delete: erase }
purposes:
  service: { title: The service, basis: contract }
  contact: { title: Letters, basis: consent }
recipients:
  card-processor: { role: processor, categories: [payments, account], agreement: true }
`;

const heading = ['id', 'email', 'confirmed', 'status', 'name', ...FORMULAS, 'password', 'theme'];
const row = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
const user = (id: number, name: string) =>
  row([`${id}`, `${name}@example.org`, 'yes', 'active', name, ...FORMULAS, 'secret', 'dark']);
const logLine = (who: string, date: string, path = '/') =>
  `192.0.2.${who} - ${who} [${date}:10:00:00 +0000] "GET ${path} HTTP/1.1" 200 5 "-" "-"`;

const EXPORTS: Readonly<Record<string, readonly string[]>> = {
  'users.csv': [row(heading), user(1, 'ada'), user(2, 'ben'), user(3, 'cyd')],
  // Seven years from the end of their year are over for all but 2019 and 2025.
  'payments.csv': [
    'id,user_id,paid_at,amount',
    '1,1,2010-05-05,9',
    '2,1,2018-12-31,9',
    '3,2,2025-02-02,9',
    '4,2,2019-01-01,9',
  ],
  'messages.ndjson': ['{"id":1,"from":1,"to":2,"sent_at":"2020-01-01","body":"hello"}'],
  'access.log': [
    logLine('1', '01/Jan/2026'),
    logLine('2', '02/Jan/2026'),
    logLine('2', '03/Jan/2026'),
    logLine('2', '01/Jun/2026'),
    logLine('3', '02/Jun/2026', '/?sid=abc'),
  ],
};

/** A ledger of four loaded sources and one that never was, at `NOW`. */
export async function reportedLedger(options: { rehearsal?: boolean } = {}): Promise<Ledger> {
  const ledger = await unloadedLedger(options);
  const folder = dirname(ledger.path);
  const paths = Object.entries(EXPORTS).map(([name, lines]) => {
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
    return join(folder, name);
  });
  const { errors } = await ingestPaths(ledger, paths, { takenAt: '2026-06-10T00:00:00Z' });
  for (const { error } of errors) throw error;
  return ledger;
}

/** A ledger into which nothing was loaded. */
export function unloadedLedger({ rehearsal = false } = {}): Promise<Ledger> {
  const files = ledgerFiles(join(temporaryFolder(), 'dsr.db'));
  return initLedger({ files, policyText: POLICY, policyFile: 'dsr.yaml', actor, now: NOW, rehearsal });
}

/** The rows of one report. */
export async function rowsOf(
  ledger: Ledger,
  name: ReportName,
  period: Period = { from: undefined, to: undefined },
): Promise<Table['rows']> {
  const [report] = await prepareReports(ledger, [name], { period, asOf: undefined });
  return report?.table.rows ?? [];
}

/** Some columns of rows, each row as a list. */
export function cellsOf(rows: Table['rows'], ...columns: readonly string[]): readonly (readonly Cell[])[] {
  return rows.map((row) => columns.map((column) => row[column]));
}

/** Puts an entry into a register; of a request the log says that it was opened. */
export function add<K extends RegisterKind>(
  ledger: Ledger,
  kind: K,
  entry: Omit<Registers[K], 'id'>,
): Promise<Registers[K]> {
  const act = kind === 'request' ? 'request.opened' : 'test.done';
  return ledger.store.act({ act, at: NOW, actor }, async (tx) => {
    const added = await tx.add(kind, entry);
    if (kind === 'request') {
      const { type, regime, receivedOn } = added as unknown as Request;
      tx.facts({ type, regime, received_on: receivedOn, request: added.id });
    }
    return added;
  });
}

/** A request for access, received on the first of May and still open, but for what is given. */
export function aRequest(given: Partial<Request> = {}): Omit<Request, 'id'> {
  return {
    state: 'verified',
    subject: 1,
    type: 'access',
    regime: 'gdpr',
    channel: 'mail',
    requester: 'self',
    receivedOn: '2026-05-01',
    dueOn: '2026-06-01',
    openedAt: '2026-05-01T14:00:00Z',
    verification: { verified: true, method: 'match', matched: 3, needed: 3, tries: 1 },
    asked: undefined,
    parental: undefined,
    level: 'specific',
    plan: undefined,
    approval: undefined,
    history: [aMove('received', '2026-05-01T14:00:00Z')],
    notes: [{ at: NOW, actor: 'tester', text: 'Ada Byron rang, 415-344-0056' }],
    outcome: undefined,
    ...given,
  };
}

export function aMove(to: Request['state'], at: string, reason?: string): Request['history'][number] {
  return { at, actor: 'tester', from: undefined, to, reason };
}

/** What a run left behind. */
export function anOutcome(
  given: Partial<NonNullable<Request['outcome']>> = {},
): NonNullable<Request['outcome']> {
  const group = {
    source: 'users',
    category: 'account',
    action: 'give',
    count: 1,
    basis: undefined,
    until: undefined,
  };
  return {
    at: '2026-05-20T02:00:00Z',
    applied: [group],
    remains: [],
    artifacts: [],
    orders: 0,
    bytes: 'not-needed',
    ...given,
  };
}
