import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { badInput, ExitCode, notFound, UserError } from '../../base/errors.ts';
import type { AuditPage } from '../../store/store.ts';
import { leafHash } from './tree-proof.ts';
import type { AuditSource } from './verify.ts';

/** Names of the files that an auditor gets. */
export const EXPORT_FILES = {
  entries: 'entries.jsonl',
  checkpoint: 'checkpoint',
  key: 'public-key',
  consistency: 'consistency',
} as const;

/** The files of an export; refuses a folder that is none, and reads plain files only. */
export class ExportFolder {
  readonly #folder: string;
  readonly #names: ReadonlySet<string>;

  constructor(folder: string) {
    this.#folder = folder;
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (stat === undefined) throw notFound('no-such-folder', `there is no folder ${basename(folder)}`);
    this.#names = new Set(
      stat.isDirectory() ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [],
    );
    if (!this.has(EXPORT_FILES.checkpoint) || !(this.has(EXPORT_FILES.entries) || this.proofs().length > 0))
      throw badInput('not-an-export', `${basename(folder)} is no export of an audit log`);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** Names of the proofs of single entries. */
  proofs(): readonly string[] {
    return [...this.#names].filter((name) => /^\d+\.tlog-proof$/.test(name)).sort();
  }

  /** Names of the proofs that the log goes on from an earlier size. */
  consistency(): readonly string[] {
    return [...this.#names].filter((name) => name.startsWith(`${EXPORT_FILES.consistency}/`)).sort();
  }

  bytes(name: string): Buffer {
    if (!this.has(name)) throw damaged(`${name} is missing`);
    const path = join(this.#folder, name);
    if (!lstatSync(path).isFile()) throw damaged(`${name} is no plain file`);
    return readFileSync(path);
  }

  text(name: string): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes(name));
    } catch (cause) {
      if (cause instanceof UserError) throw cause;
      throw damaged(`${name} is not UTF-8 text`);
    }
  }
}

function damaged(message: string): UserError {
  return new UserError('export-damaged', message, { exit: ExitCode.damaged });
}

const LINE_FEED = 0x0a;

/** The lines of an export as the entries of a log, in their order; its head is what the checkpoint says. */
export class EntriesFile implements AuditSource {
  readonly #bytes: Buffer;
  readonly #head: { readonly size: number; readonly root: string };
  readonly #leaves: Buffer[] = [];
  #at = 0;

  constructor(bytes: Buffer, head: { readonly size: number; readonly root: string }) {
    this.#bytes = bytes;
    this.#head = head;
  }

  /** The next lines; pages are asked for one after the other. */
  async auditPage(_after: number, limit: number): Promise<AuditPage> {
    const first = this.#leaves.length;
    const start = this.#at;
    const lengths: number[] = [];
    while (lengths.length < limit && this.#at < this.#bytes.length) lengths.push(this.#takeLine());
    const entries = Buffer.from(this.#bytes.subarray(start, this.#at));
    for (let end = 0, nth = 0; nth + 1 < lengths.length; nth += 1) {
      end += lengths[nth] ?? 0;
      entries[end] = 0;
      end += 1;
    }
    const seqs = lengths.map((_, place) => first + place + 1);
    return { seqs, lengths, entries, leaves: Buffer.concat(this.#leaves.slice(first)) };
  }

  async auditHead(): Promise<{ readonly size: number; readonly root: string }> {
    return this.#head;
  }

  /** The leaves of all lines that were read. */
  leaves(): Uint8Array {
    return Buffer.concat(this.#leaves);
  }

  /** The length of the next line, without its end. */
  #takeLine(): number {
    const end = this.#bytes.indexOf(LINE_FEED, this.#at);
    const line = this.#bytes.subarray(this.#at, end < 0 ? this.#bytes.length : end);
    this.#leaves.push(leafHash(line));
    this.#at += line.length + 1;
    return line.length;
  }
}
