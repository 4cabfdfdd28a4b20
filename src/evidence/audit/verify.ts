import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import type { AuditPage, Reader } from '../../store/store.ts';
import { isPlainLeaf, listLeafFaults, NOT_JSON } from './leaf-form.ts';
import { parseRecovery, type Recovery } from './recovery.ts';

/** Something about the log that cannot be as the writer left it. */
export interface AuditProblem {
  /** The entry; undefined for the log as a whole. */
  readonly seq: number | undefined;
  /** Stable kebab-case word. */
  readonly code: string;
  readonly message: string;
}

export interface AuditVerdict {
  readonly ok: boolean;
  /** Entries that were read. */
  readonly size: number;
  /** RFC 6962 tree hash over them, hex. */
  readonly root: string;
  /** The first hundred. */
  readonly problems: readonly AuditProblem[];
  /** How many there are. */
  readonly problemCount: number;
  /** Where the log goes on after the ledger was lost and restored. */
  readonly recovered: readonly Recovery[];
}

/** The log to verify, as it is stored, and what is said to be its head. */
export type AuditSource = Pick<Reader, 'auditPage' | 'auditHead'>;

const PAGE = 1000;
const MOST_PROBLEMS = 100;

/** Roots of the log's beginnings by their size; verifying fills in those whose size is there. */
export type RootsAt = Map<number, string | undefined>;

/**
 * Recomputes the whole audit log from its entries, with code that shares nothing with the writer: form
 * and schema of each entry, its number, its leaf, and the tree. Constant memory, whatever the log's size.
 */
export async function verifyAudit(source: AuditSource, rootsAt: RootsAt = new Map()): Promise<AuditVerdict> {
  const log = new LogCheck(rootsAt);
  for (let last = Number.MIN_SAFE_INTEGER; ; ) {
    const page = await source.auditPage(last, PAGE);
    log.take(page);
    last = page.seqs.at(-1) ?? last;
    // A number that JavaScript rounds would bring the same page again.
    if (page.seqs.length < PAGE || !Number.isSafeInteger(last)) break;
  }
  await compareHead(source, log);
  const { size, problems } = log;
  return {
    ok: problems.count === 0,
    size,
    root: log.root(),
    problems: problems.first,
    problemCount: problems.count,
    recovered: log.recovered,
  };
}

async function compareHead(source: AuditSource, log: LogCheck): Promise<void> {
  const head = await readHead(source);
  if (head === undefined) {
    log.problems.add(undefined, 'head-unreadable', 'the head of the log cannot be read');
  } else if (head.size !== log.size) {
    const message = `the log's head counts ${head.size} entries, the log has ${log.size}`;
    log.problems.add(undefined, 'size-differs', message);
  } else if (head.root !== log.root()) {
    log.problems.add(undefined, 'root-differs', "the root of the log's head is not that of the entries");
  }
}

async function readHead(source: AuditSource): Promise<{ size: number; root: string } | undefined> {
  try {
    return await source.auditHead();
  } catch (error) {
    // What the parser throws at a damaged head; the driver's own errors go on.
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

// RFC 6962 §2.1: what keeps leaves and nodes apart.
const LEAF = Buffer.of(0);
const NODE = 1;

const HASH = 32;
const HASH_HEX = 2 * HASH;

/** Checks entries in their order and grows the tree of RFC 6962 §2.1 over them. */
class LogCheck {
  readonly problems = new Problems();
  readonly recovered: Recovery[] = [];
  readonly #rootsAt: RootsAt;
  /** Roots of perfect subtrees, the largest first: of as many leaves as the bits of the size say. */
  readonly #subtrees: string[] = [];
  readonly #node = Buffer.alloc(1 + 2 * HASH, NODE);
  #expected = 1;
  /** Entries taken so far. */
  size = 0;

  constructor(rootsAt: RootsAt) {
    this.#rootsAt = rootsAt;
    this.#noteRoot();
  }

  take({ seqs, lengths, entries, leaves }: AuditPage): void {
    const bytes = Buffer.concat([LEAF, entries]);
    const stored = Buffer.from(leaves).toString('hex');
    let start = 0;
    for (const [place, seq] of seqs.entries()) {
      const end = start + LEAF.length + (lengths[place] ?? 0);
      this.#checkNumber(seq);
      const leaf = hash('sha256', bytes.subarray(start, end), 'hex');
      if (leaf !== stored.slice(place * HASH_HEX, (place + 1) * HASH_HEX))
        this.problems.add(seq, 'leaf-differs', 'the stored leaf is not that of the entry');
      this.#checkEntry(seq, bytes.subarray(start + LEAF.length, end));
      this.#push(leaf);
      start = end;
    }
  }

  /** The tree hash over all entries so far, hex. */
  root(): string {
    const [last, ...others] = this.#subtrees.toReversed();
    return last === undefined
      ? hash('sha256', '', 'hex')
      : others.reduce((right, left) => this.#join(left, right), last);
  }

  #checkNumber(seq: number): void {
    if (seq !== this.#expected) {
      const message = `the entry after ${this.#expected - 1} should be ${this.#expected}, but is ${seq}`;
      this.problems.add(seq, 'gap', message);
    }
    this.#expected = seq + 1;
  }

  #checkEntry(seq: number, bytes: Buffer): void {
    const text = isUtf8(bytes) ? bytes.toString('utf8') : undefined;
    if (text === undefined) this.problems.add(seq, NOT_JSON.code, NOT_JSON.message);
    else if (!isPlainLeaf(text, seq))
      for (const { code, message } of listLeafFaults(text, seq)) this.problems.add(seq, code, message);
    const recovery = text === undefined ? undefined : parseRecovery(text);
    if (recovery === undefined) return;
    if (recovery.previousSize !== this.size)
      this.problems.add(seq, 'recovery-differs', 'the log is said to go on from another size than it does');
    this.recovered.push(recovery);
  }

  #push(leaf: string): void {
    let root = leaf;
    this.size += 1;
    for (let pairs = this.size; pairs % 2 === 0; pairs /= 2)
      root = this.#join(this.#subtrees.pop() ?? '', root);
    this.#subtrees.push(root);
    this.#noteRoot();
  }

  #noteRoot(): void {
    if (this.#rootsAt.has(this.size)) this.#rootsAt.set(this.size, this.root());
  }

  #join(left: string, right: string): string {
    this.#node.write(left, 1, 'hex');
    this.#node.write(right, 1 + HASH, 'hex');
    return hash('sha256', this.#node, 'hex');
  }
}

class Problems {
  readonly #first: AuditProblem[] = [];
  count = 0;

  get first(): readonly AuditProblem[] {
    return this.#first;
  }

  add(seq: number | undefined, code: string, message: string): void {
    this.count += 1;
    if (this.#first.length < MOST_PROBLEMS) this.#first.push({ seq, code, message });
  }
}
