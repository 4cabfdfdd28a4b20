import { hash } from 'node:crypto';
import { notFound } from '../../base/errors.ts';
import { requestName } from '../../base/ids.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { AuditRow, Reader } from '../../store/store.ts';
import { type SignedCheckpoint, signedCheckpoint } from './checkpoint.ts';
import { auditEntries } from './entries.ts';
import { renderTlogProof } from './tlog-proof.ts';
import { LeafTree } from './tree-proof.ts';

/** An audit entry with the proof that it is in the log. */
export interface ProvenEntry extends AuditRow {
  /** c2sp.org/tlog-proof, the checkpoint in it. */
  readonly proof: string;
}

export interface EntryProofs {
  readonly checkpoint: SignedCheckpoint;
  readonly entries: readonly ProvenEntry[];
}

/** Proves every entry about a request, also where its file has ended; exit 5 where there is none. */
export async function proveRequest(tx: Reader, ledger: Ledger, request: number): Promise<EntryProofs> {
  const rows: AuditRow[] = [];
  for await (const row of auditEntries(tx)) if (isAbout(row.entry, request)) rows.push(row);
  if (rows.length > 0) return prove(tx, ledger, rows);
  throw notFound('no-entries', `the audit log has no entry about ${requestName(request)}`);
}

/** Proves entries that nobody could choose beforehand: which ones follows from the seed and the log. */
export async function proveSample(
  tx: Reader,
  ledger: Ledger,
  count: number,
  seed: string,
): Promise<EntryProofs> {
  const { size, root } = await tx.auditHead();
  const rows: AuditRow[] = [];
  for (const seq of drawEntries({ size, root }, count, seed)) rows.push(...(await tx.auditRows(seq - 1, 1)));
  return prove(tx, ledger, rows);
}

async function prove(tx: Reader, ledger: Ledger, rows: readonly AuditRow[]): Promise<EntryProofs> {
  const checkpoint = await signedCheckpoint(tx, ledger);
  const tree = new LeafTree(await tx.auditLeaves(0, checkpoint.size));
  const entries = rows.map((row) => {
    const index = row.seq - 1;
    const hashes = tree.inclusion(index, checkpoint.size);
    return { ...row, proof: renderTlogProof({ index, hashes, checkpoint: checkpoint.note }) };
  });
  return { checkpoint, entries };
}

interface About {
  readonly request?: number;
  readonly facts: { readonly request?: number; readonly requests?: readonly number[] };
}

function isAbout(entry: string, request: number): boolean {
  if (!entry.includes('"request')) return false;
  const { request: own, facts } = JSON.parse(entry) as About;
  return own === request || facts.request === request || facts.requests?.includes(request) === true;
}

/**
 * Numbers of `count` entries of a log, or of all where it has no more, rising. The n-th draw is SHA-256 of
 * `SEED NEWLINE ROOT NEWLINE N`, its first six bytes modulo the size; one that was drawn before is passed over.
 */
export function drawEntries(
  log: { readonly size: number; readonly root: string },
  count: number,
  seed: string,
): readonly number[] {
  const drawn = new Set<number>();
  for (let nth = 1; drawn.size < Math.min(count, log.size); nth += 1) {
    const digest = hash('sha256', `${seed}\n${log.root}\n${nth}`, 'buffer');
    drawn.add(1 + (digest.readUIntBE(0, 6) % log.size));
  }
  return [...drawn].sort((a, b) => a - b);
}
