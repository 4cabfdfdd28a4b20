import { hash } from 'node:crypto';
import type { AuditRow, Reader } from '../store/store.ts';
import { canonicalText, listSchemaFaults } from './leaf-form.ts';

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
}

// RFC 6962 §2.1: what keeps leaves and nodes apart.
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

const PAGE = 1000;
const MOST_PROBLEMS = 100;
// Past any log: 2^48 entries.
const TALLEST = 48;

/**
 * Recomputes the whole audit log from its entries, with code that shares nothing with the writer: form
 * and schema of each entry, its number, its leaf, and the tree. Constant memory, whatever the log's size.
 */
export async function verifyAudit(reader: Pick<Reader, 'auditRows' | 'auditHead'>): Promise<AuditVerdict> {
  const problems = new Problems();
  const leaves = new Leaves(reader, problems);
  const root = ((await treeHash(leaves, TALLEST)) ?? sha256()).toString('hex');
  await compareHead(reader, { size: leaves.read, root }, problems);
  return {
    ok: problems.count === 0,
    size: leaves.read,
    root,
    problems: problems.first,
    problemCount: problems.count,
  };
}

/**
 * RFC 6962 §2.1 over the next leaves, 2^height at most: a list that is longer than half of that splits
 * there, a shorter one is its own left half. Undefined when none is left.
 */
async function treeHash(leaves: Leaves, height: number): Promise<Buffer | undefined> {
  if (height === 0) return leaves.next();
  const left = await treeHash(leaves, height - 1);
  if (left === undefined || !(await leaves.hasMore())) return left;
  const right = await treeHash(leaves, height - 1);
  return right === undefined ? left : sha256(NODE, left, right);
}

async function compareHead(
  reader: Pick<Reader, 'auditHead'>,
  found: { readonly size: number; readonly root: string },
  problems: Problems,
): Promise<void> {
  const head = await readHead(reader);
  if (head === undefined) {
    problems.add(undefined, 'head-unreadable', 'the head that the ledger keeps of its log cannot be read');
  } else if (head.size !== found.size) {
    problems.add(
      undefined,
      'size-differs',
      `the ledger counts ${head.size} entries, the log has ${found.size}`,
    );
  } else if (head.root !== found.root) {
    problems.add(undefined, 'root-differs', "the ledger's root is not that of the entries");
  }
}

async function readHead(
  reader: Pick<Reader, 'auditHead'>,
): Promise<{ size: number; root: string } | undefined> {
  try {
    return await reader.auditHead();
  } catch (error) {
    // What the parser throws at a damaged head; the driver's own errors go on.
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The leaves in their order, each checked when it is taken; one page in memory. */
class Leaves {
  readonly #reader: Pick<Reader, 'auditRows'>;
  readonly #problems: Problems;
  #page: readonly AuditRow[] = [];
  #place = 0;
  #last = Number.MIN_SAFE_INTEGER;
  #expected = 1;
  #ended = false;
  /** Entries taken so far. */
  read = 0;

  constructor(reader: Pick<Reader, 'auditRows'>, problems: Problems) {
    this.#reader = reader;
    this.#problems = problems;
  }

  async hasMore(): Promise<boolean> {
    if (this.#place < this.#page.length) return true;
    if (this.#ended) return false;
    this.#page = await this.#reader.auditRows(this.#last, PAGE);
    this.#place = 0;
    this.#last = this.#page.at(-1)?.seq ?? this.#last;
    // A number that JavaScript rounds would bring the same page again.
    this.#ended = this.#page.length < PAGE || !Number.isSafeInteger(this.#last);
    return this.#page.length > 0;
  }

  async next(): Promise<Buffer | undefined> {
    const row = (await this.hasMore()) ? this.#page[this.#place] : undefined;
    if (row === undefined) return undefined;
    this.#place += 1;
    this.read += 1;
    this.#checkNumber(row.seq);
    const leaf = sha256(LEAF, row.bytes);
    if (!leaf.equals(row.leaf))
      this.#problems.add(row.seq, 'leaf-differs', 'the stored leaf is not that of the entry');
    checkEntry(row, this.#problems);
    return leaf;
  }

  #checkNumber(seq: number): void {
    if (seq !== this.#expected) {
      this.#problems.add(
        seq,
        'gap',
        `the entry after ${this.#expected - 1} should be ${this.#expected}, but is ${seq}`,
      );
    }
    this.#expected = seq + 1;
  }
}

function checkEntry(row: AuditRow, problems: Problems): void {
  const parsed = parseEntry(row.bytes);
  if (parsed === undefined) {
    problems.add(row.seq, 'not-json', 'the entry is not JSON in UTF-8');
    return;
  }
  const canonical = canonicalText(parsed.value);
  if (canonical !== parsed.text)
    problems.add(row.seq, 'not-canonical', 'the entry is not in the form of RFC 8785');
  for (const fault of listSchemaFaults(parsed.value)) problems.add(row.seq, 'schema', fault);
  if (seqOf(parsed.value) !== row.seq)
    problems.add(row.seq, 'wrong-number', 'the entry names another number than its own');
}

type Parsed = { readonly text: string; readonly value: Parameters<typeof canonicalText>[0] };

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parseEntry(bytes: Uint8Array): Parsed | undefined {
  try {
    const text = UTF_8.decode(bytes);
    return { text, value: JSON.parse(text) as Parsed['value'] };
  } catch {
    return undefined;
  }
}

function seqOf(value: Parsed['value']): unknown {
  return typeof value === 'object' && value !== null && 'seq' in value ? value.seq : undefined;
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

function sha256(...parts: readonly Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat(parts), 'buffer');
}
