import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll } from 'vitest';
import { openWithAge, parseIdentities } from '../../../src/evidence/backup/age.ts';
import { type BackupKeys, parseBackupKeys } from '../../../src/evidence/backup/keys.ts';
import { readKeyFile } from '../../../src/store/key-files.ts';
import type { Ledger } from '../../../src/store/ledger.ts';
import { ledgerFiles, openLedger } from '../../../src/store/open.ts';
import { openRaw } from '../../../src/store/sqlite/connection.ts';
import { temporaryFolder } from '../../helpers/ledger-folder.ts';
import { dsr, type Outcome } from '../../helpers/program.ts';

/** When the backup is taken; what follows is later. */
export const BACKUP_DAY = '2026-01-05T09:00:00Z';

const POLICY = `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2020-01-01
children: { coppa: { under: 13, consent: { all_of: [registration], within: P14D, source: controller } } }
sources:
  users:
    files: "users-*.csv"
    taken_at: "users-YYYY-MM-DD.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id, email: email }
    category: account
    fields: [name]
  payments:
    files: "payments-*.csv"
    taken_at: "payments-YYYY-MM-DD.csv"
    format: csv
    mode: append
    key: id
    subject: { user_id: user }
    date: paid
    category: payments
    fields: [amount, note]
  visits:
    files: "visits-*.csv"
    taken_at: "visits-YYYY-MM-DD.csv"
    format: csv
    mode: append
    key: id
    subject: { user_id: user }
    date: at
    category: visits
    fields: [place]
  messages:
    files: "messages-*.csv"
    taken_at: "messages-YYYY-MM-DD.csv"
    format: csv
    mode: append
    key: id
    parties: { author: { user_id: from }, recipient: { user_id: to } }
    free_text: [body]
    category: messages
  clicks:
    files: "clicks-*.csv"
    taken_at: "clicks-YYYY-MM-DD.csv"
    format: csv
    mode: append
    key: id
    subject: { user_id: user, cookie: cookie }
    category: clicks
    fields: [button]
  access_log:
    files: "access.log"
    format: combined
    subject: { user_id: user, cookie: query.sid }
    weak: { ip: host }
    category: server_log
categories:
  account: { on_delete: erase }
  payments:
    on_delete: retain
    keep: [{ fields: [id, paid, amount], basis: "legal-obligation: tax", for: P7Y, from: end-of-year, source: law }]
  clicks: { on_delete: erase }
  visits: { on_delete: erase, expire: P30D, source: notice }
  messages: { on_delete: { author: anonymise-author, recipient: keep } }
  server_log: { on_delete: { count_by: [hour, path, status] } }
`;

/** What must not be found of those who are erased after the backup. */
export const ERASED_VALUES = [
  'uadaq7001',
  'ada.quillfeather@example.org',
  'Adaline Quillfeather',
  'gift for Adaline',
  'quillhaven',
  'guestzz9000',
  'ckadazz778899',
  'quillbutton',
];

const FILES: Readonly<Record<string, string>> = {
  'dsr.yaml': POLICY,
  'users-2026-01-05.csv': `id,email,name
uadaq7001,ada.quillfeather@example.org,Adaline Quillfeather
ubeab7002,bea.marlowe@example.org,Bea Marlowe
ucidc7003,cid.underhold@example.org,Cid Underhold
broken row of ada.quillfeather@example.org
`,
  'users-2026-01-10.csv': `id,email,name
uadaq7001,ada.quillfeather@example.org,Adaline Quillfeather
ubeab7002,bea.moved@example.org,Bea Marlowe
ucidc7003,cid.underhold@example.org,Cid Underhold
udeed7004,dee.later@example.org,Dee Later
`,
  'payments-2026-01-05.csv': `id,user,paid,amount,note
p1,uadaq7001,2025-03-04,9.99,gift for Adaline
p2,ubeab7002,2025-03-05,8.88,none
`,
  'payments-2026-01-10.csv': `id,user,paid,amount,note
p9,uadaq7001,2026-01-07,7.77,gift for Adaline
`,
  'visits-2026-01-05.csv': `id,user,at,place
v1,uadaq7001,2025-12-20,quillhaven
v2,ubeab7002,2025-12-21,marlowton
`,
  'messages-2026-01-05.csv': `id,from,to,body
m1,uadaq7001,ubeab7002,hello from ada.quillfeather@example.org
m2,ubeab7002,ucidc7003,hello all
`,
  'clicks-2026-01-05.csv': `id,user,cookie,button
k1,,ckadazz778899,quillbutton
k2,ubeab7002,ckbeazz778899,marlowbutton
`,
  // Whose browser it was is known only after the backup.
  'clicks-2026-01-10.csv': `id,user,cookie,button
k3,uadaq7001,ckadazz778899,other
`,
  'access.log': `203.0.113.1 - uadaq7001 [04/Jan/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "x"
203.0.113.2 - ubeab7002 [04/Jan/2026:10:00:01 +0000] "GET /b HTTP/1.1" 200 5 "-" "x"
203.0.113.3 - guestzz9000 [04/Jan/2026:10:00:02 +0000] "GET /c HTTP/1.1" 200 5 "-" "x"
203.0.113.4 - - [04/Jan/2026:10:00:03 +0000] "GET /d?sid=ckadazz778899 HTTP/1.1" 200 5 "-" "x"
203.0.113.5 - - [04/Jan/2026:10:00:04 +0000] "GET /e?sid=ckcidzz778899 HTTP/1.1" 200 5 "-" "x"
`,
};

/** A folder with a ledger, its backup, and all that opens it. */
export class BackedUp {
  readonly folder: string;
  readonly identity: string;
  readonly recipient: string;
  now = BACKUP_DAY;

  private constructor(folder: string, identity: string, recipient: string) {
    this.folder = folder;
    this.identity = identity;
    this.recipient = recipient;
  }

  /** Loads the exports and backs the ledger up. */
  static async make(folder = temporaryFolder()): Promise<BackedUp> {
    const identity = await generateX25519Identity();
    const made = new BackedUp(folder, identity, await identityToRecipient(identity));
    for (const [name, text] of Object.entries(FILES)) writeFileSync(made.path(name), text);
    writeFileSync(made.path('identity.txt'), `# a comment\n${identity}\n`);
    await made.done('init', '--policy', 'dsr.yaml');
    const exports = Object.keys(FILES).filter((name) => /01-05|access/.test(name));
    await made.done('ingest', ...exports, '--max-rejects', '50%', '--taken-at', '2026-01-05T08:00:00Z');
    await made.done('hold', 'place', 'user_id:ucidc7003', '--matter', '2026-7', '--reason', 'litigation');
    await made.done('backup', 'one.db', '--recipient', made.recipient);
    return made;
  }

  /** A copy of the one that `makeLived` made. */
  static async lived(): Promise<BackedUp> {
    template ??= makeLived();
    const { folder, identity, recipient, now } = await template;
    const copy = new BackedUp(temporaryFolder(), identity, recipient);
    cpSync(folder, copy.folder, { recursive: true });
    copy.now = now;
    return copy;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  run(...argv: readonly string[]): Promise<Outcome> {
    return dsr(argv, { cwd: this.folder, now: this.now });
  }

  /** Runs a command that has to end well. */
  async done(...argv: readonly string[]): Promise<Outcome> {
    const outcome = await this.run(...argv);
    if (outcome.exit !== 0) throw new Error(`dsr ${argv[0]} ended with ${outcome.exit}: ${outcome.stderr}`);
    return outcome;
  }

  async json(...argv: readonly string[]): Promise<Record<string, unknown>> {
    return JSON.parse((await this.done(...argv, '--json')).stdout) as Record<string, unknown>;
  }

  restore(...flags: readonly string[]): Promise<Outcome> {
    return this.run('restore', 'one.db', '--identity', 'identity.txt', '--yes', '--json', ...flags);
  }

  async keys(file = 'one.db.keys'): Promise<BackupKeys> {
    const key = { identities: parseIdentities(this.identity, 'identity') };
    return parseBackupKeys(await openWithAge(readFileSync(this.path(file)), key, file), file);
  }

  /** Runs fn with the ledger open. */
  async within<T>(fn: (ledger: Ledger) => Promise<T>): Promise<T> {
    const ledger = await openLedger({
      files: ledgerFiles(this.path('dsr.db')),
      actor: { name: 'tester', login: 'tester' },
      now: this.now,
      asOf: false,
      write: false,
    });
    try {
      return await fn(ledger);
    } finally {
      await ledger.store.close();
    }
  }

  /** Every byte of the ledger, decrypted, and all its log lines. */
  bytes(): string {
    return plainBytes(this.path('dsr.db'), readKeyFile(this.path('dsr.db.key')).current);
  }
}

let template: Promise<BackedUp> | undefined;

afterAll(async () => {
  if (template !== undefined) rmSync((await template).folder, { recursive: true });
});

/** Erases, corrects and expires after the backup; one correction is confirmed by a later export. */
async function makeLived(): Promise<BackedUp> {
  const made = await BackedUp.make(mkdtempSync(join(tmpdir(), 'dsr-lived-')));
  made.now = '2026-01-06T09:00:00Z';
  await made.done('edit', 'user_id:ubeab7002', '--set', 'users.email=bea.moved@example.org', ...YES);
  await made.done('edit', 'user_id:ubeab7002', '--set', 'users.name=Beatrix Marlowe', ...YES);
  made.now = '2026-01-10T09:00:00Z';
  await made.run('ingest', ...Object.keys(FILES).filter((name) => name.includes('01-10')));
  await made.done('edit', 'user_id:udeed7004', '--set', 'users.name=Dee Sooner', ...YES);
  made.now = '2026-01-25T09:00:00Z';
  await made.done('purge', '--yes');
  made.now = '2026-01-26T09:00:00Z';
  for (const who of ['uadaq7001', 'guestzz9000', 'ucidc7003'])
    await made.run('delete', `user_id:${who}`, ...YES);
  return made;
}

export const YES = ['--method', 'account', '--yes'] as const;

/** Every byte of a file in the form of a ledger, decrypted, dead ones included, and all its log lines. */
export function plainBytes(path: string, key: string): string {
  const copy = `${path}.plain`;
  copyFileSync(path, copy);
  const db = openRaw(copy, key);
  const lines = db
    .prepare<[], Buffer>('SELECT body FROM block')
    .pluck()
    .all()
    .map((body) => zstdDecompressSync(body).toString('latin1'));
  db.pragma('journal_mode=DELETE');
  db.rekey(Buffer.alloc(0));
  db.close();
  return [readFileSync(copy).toString('latin1'), ...lines].join('\n');
}
