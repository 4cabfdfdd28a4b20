import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type IngestOptions, ingestPaths } from '../../src/ingest/ingest.ts';
import type { IngestReport } from '../../src/ingest/report.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import { initLedger, ledgerFiles, openLedger } from '../../src/store/open.ts';
import type { StoredRecord, StoredReject } from '../../src/store/store.ts';
import { ledgerDigest } from '../helpers/ledger-digest.ts';
import { temporaryFolder } from '../helpers/ledger-folder.ts';

const ACTOR = { name: 'tester', login: 'tester' };

export const POLICY_HEAD = `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
`;

/** A snapshot of accounts, and things that are only ever added. */
export const POLICY = `${POLICY_HEAD}
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id, email: { column: email, confirmed: email_ok } }
    birth_date: born
    date: created
    never: [password_hash]
    ignore: [cache]
    category: account
    fields: [name]
  payments:
    files: "payments*.csv"
    format: csv
    mode: append
    key: id
    payment: true
    subject: { user_id: user }
    date: { column: paid_on, format: M/D/YYYY }
    category: payments
    fields: [memo]
  messages:
    files: "messages*.ndjson"
    format: ndjson
    mode: append
    key: id
    parties: { author: { user_id: from }, recipient: { user_id: to }, invited: { email: invited } }
    free_text: [body]
    category: messages
  access_log:
    files: "access*.log"
    format: combined
    subject: { username: user }
    weak: { ip: host }
    category: server_log
categories:
  account: { on_delete: erase }
  payments: { on_delete: erase }
  messages: { on_delete: { author: anonymise, recipient: keep, invited: erase } }
  server_log: { on_delete: erase }
`;

export const USERS_HEADER = 'id,email,email_ok,born,created,name,password_hash,cache';

/** A users row with everything but id and name the same. */
export function aUser(id: number | string, name = `user ${id}`, created = '2026-01-02'): string {
  return `${id},u${id}@example.org,1,1990-05-06,${created},${name},SECRETHASH${id},x`;
}

export function usersFile(...rows: readonly string[]): string {
  return `${[USERS_HEADER, ...rows].join('\n')}\n`;
}

/** Users 1 to n. */
export function users(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, index) => aUser(from + index));
}

/** A ledger in a folder of its own, with files beside it. */
export class Desk {
  readonly folder: string;
  readonly ledger: Ledger;

  private constructor(folder: string, ledger: Ledger) {
    this.folder = folder;
    this.ledger = ledger;
  }

  static async make(policyText = POLICY): Promise<Desk> {
    const folder = temporaryFolder();
    const files = ledgerFiles(join(folder, 'dsr.db'));
    const now = '2026-06-01T12:00:00Z';
    const given = { files, policyText, policyFile: 'dsr.yaml', actor: ACTOR, now, rehearsal: false };
    return new Desk(folder, await initLedger(given));
  }

  get files() {
    return ledgerFiles(join(this.folder, 'dsr.db'));
  }

  /** Writes an export, taken on a day of May 2026 by its file time, and gives its path. */
  write(name: string, content: string | Uint8Array, day = 1): string {
    const path = join(this.folder, 'exports', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    const time = Date.UTC(2026, 4, day) / 1000;
    utimesSync(path, time, time);
    return path;
  }

  /** Writes one export and loads it. */
  async load(
    name: string,
    content: string | Uint8Array,
    options: IngestOptions & { readonly day?: number } = {},
  ): Promise<IngestReport> {
    const { day, ...rest } = options;
    return ingestPaths(this.ledger, [this.write(name, content, day)], rest);
  }

  /** Loads an export that must go in. */
  async loaded(
    name: string,
    content: string | Uint8Array,
    options: IngestOptions & { readonly day?: number } = {},
  ) {
    const report = await this.load(name, content, options);
    const [only] = report.errors;
    if (only !== undefined) throw only.error;
    const [first] = report.imports;
    if (first === undefined) throw new Error('nothing was loaded');
    return { ...first, verdicts: report.verdicts };
  }

  /** The error of an export that must be refused, and whether the ledger is as before. */
  async refused(
    name: string,
    content: string | Uint8Array,
    options: IngestOptions & { readonly day?: number } = {},
  ) {
    const before = await ledgerDigest(this.files);
    const report = await this.load(name, content, options);
    const [only] = report.errors;
    if (only === undefined) throw new Error('nothing was refused');
    const { code, message, exit, hint, problems } = only.error;
    return { code, message, exit, hint, problems, isUnchanged: (await ledgerDigest(this.files)) === before };
  }

  async record(source: string, key: string): Promise<StoredRecord | undefined> {
    return this.ledger.store.read((tx) => tx.recordByKey(source, key));
  }

  /** Field values of a row. */
  async fields(source: string, key: string): Promise<Record<string, unknown> | undefined> {
    const record = await this.record(source, key);
    return record === undefined ? undefined : Object.fromEntries(record.fields);
  }

  async records(source: string): Promise<readonly StoredRecord[]> {
    return this.ledger.store.read((tx) => tx.listRecords({ source }, 0, 1_000_000));
  }

  async rejects(importId: number): Promise<readonly Pick<StoredReject, 'line' | 'reason' | 'raw'>[]> {
    const rows = await this.ledger.store.read((tx) => tx.rejects(importId));
    return rows.map(({ line, reason, raw }) => ({ line, reason, raw }));
  }

  async acts(): Promise<readonly string[]> {
    const rows = await this.ledger.store.read((tx) => tx.auditRows(0, 1000));
    return rows.map(({ entry }) => (JSON.parse(entry) as { act: string }).act);
  }

  /** The ledger opened by another process, as it were. */
  async reopened(): Promise<Ledger> {
    return openLedger({ files: this.files, actor: ACTOR, now: this.ledger.now, asOf: false, write: true });
  }

  close(): Promise<void> {
    return this.ledger.store.close();
  }
}

/** Runs a test with a desk and closes it, whatever happens. */
export async function withDesk(fn: (desk: Desk) => Promise<void>, policyText?: string): Promise<void> {
  const desk = await Desk.make(policyText);
  try {
    await fn(desk);
  } finally {
    await desk.close();
  }
}
