import {
  type Artifact,
  type PackageFile,
  requireFreeFolder,
  writePackage,
} from '../../reports/package-writer.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Reader } from '../../store/store.ts';
import { issueCheckpoint, type SignedCheckpoint, vkeyOf } from './checkpoint.ts';
import { auditEntries } from './entries.ts';
import type { EntryProofs } from './entry-proofs.ts';
import { EXPORT_FILES } from './export-folder.ts';
import { LeafTree } from './tree-proof.ts';

/** A folder that was written for auditors. */
export interface AuditExport {
  readonly checkpoint: SignedCheckpoint;
  readonly artifacts: readonly Artifact[];
}

/**
 * Writes all that an auditor needs to verify the log with the public key alone: its entries, a signed
 * checkpoint over them, and from each checkpoint that was given out before the proof that the log goes on
 * from it. The entry of this act is not among them: it comes after the checkpoint.
 */
export async function exportAudit(ledger: Ledger, folder: string): Promise<AuditExport> {
  requireFreeFolder(folder);
  const act = { act: 'audit.exported', at: ledger.now, actor: ledger.actor };
  return ledger.store.act(act, async (tx) => {
    const earlier = (await tx.entries('checkpoint')).filter(({ to }) => isKept(to)).map(({ size }) => size);
    const checkpoint = await issueCheckpoint(tx, ledger, 'export');
    const files = [
      { path: 'README.txt', content: renderReadme(EXPORT_README, ledger) },
      { path: EXPORT_FILES.entries, content: await entryLines(tx) },
      ...keyFiles(ledger, checkpoint),
      ...(await consistencyFiles(tx, checkpoint, earlier)),
    ];
    return { checkpoint, artifacts: writePackage(folder, files, about(ledger, 'audit-log', checkpoint)) };
  });
}

/** Writes single entries, byte for byte, each with its proof. */
export function writeProofs(
  ledger: Ledger,
  { checkpoint, entries }: EntryProofs,
  folder: string,
): readonly Artifact[] {
  const files = entries.flatMap(({ seq, entry, proof }) => [
    { path: `${paddedNumber(seq)}.json`, content: entry },
    { path: `${paddedNumber(seq)}.tlog-proof`, content: proof },
  ]);
  const readme = { path: 'README.txt', content: renderReadme(PROOFS_README, ledger) };
  return writePackage(
    folder,
    [readme, ...files, ...keyFiles(ledger, checkpoint)],
    about(ledger, 'audit-proofs', checkpoint),
  );
}

function isKept(to: string): boolean {
  return to === 'terminal' || to === 'file' || to === 'export';
}

function about(ledger: Ledger, kind: string, checkpoint: SignedCheckpoint) {
  return {
    kind,
    ...(ledger.rehearsal ? { rehearsal: true } : {}),
    origin: ledger.origin,
    written_at: ledger.now,
    checkpoint,
  };
}

function keyFiles(ledger: Ledger, { note }: SignedCheckpoint): readonly PackageFile[] {
  return [
    { path: EXPORT_FILES.checkpoint, content: note },
    { path: EXPORT_FILES.key, content: `${vkeyOf(ledger)}\n` },
  ];
}

async function entryLines(tx: Reader): Promise<string> {
  const lines: string[] = [];
  for await (const { entry } of auditEntries(tx)) lines.push(`${entry}\n`);
  return lines.join('');
}

/** From each size the proof that the newest checkpoint goes on from it, in the form of a request of c2sp.org/tlog-witness. */
async function consistencyFiles(
  tx: Reader,
  { size, note }: SignedCheckpoint,
  earlier: readonly number[],
): Promise<readonly PackageFile[]> {
  const sizes = [...new Set(earlier)].filter((from) => from > 0 && from < size);
  if (sizes.length === 0) return [];
  const tree = new LeafTree(await tx.auditLeaves(0, size));
  return sizes.map((from) => {
    const hashes = tree.consistency(from, size).map((hash) => `${hash.toString('base64')}\n`);
    return {
      path: `${EXPORT_FILES.consistency}/${paddedNumber(from)}`,
      content: `old ${from}\n${hashes.join('')}\n${note}`,
    };
  });
}

function paddedNumber(number: number): string {
  return String(number).padStart(9, '0');
}

function renderReadme(text: string, ledger: Ledger): string {
  return text.replace('PUBLIC-KEY', vkeyOf(ledger));
}

const EXPORT_README = `The audit log of a dsr ledger
=============================

entries.jsonl    the entries, one per line, RFC 8785 canonical JSON; line n is entry n
checkpoint       size and root of the log, signed (c2sp.org/tlog-checkpoint)
public-key       the key that signs it (vkey of c2sp.org/signed-note)
consistency/N    that the log goes on from its first N entries, of which a
                 checkpoint was given out (form: add-checkpoint of c2sp.org/tlog-witness)
manifest.json    SHA-256 of each file

That this export was made is an entry that comes after the checkpoint: it is not in here.
Entries name people as keyed digests; nobody can be found by them.

The public key in this folder is only as good as the way it came here. Compare it
with the one that "dsr key public" prints at the controller, or that you noted before:

    PUBLIC-KEY

Where the ledger was lost and restored, the name of the key ends in /2, /3 and so on
from then on; what follows the second plus is the same key as before. The log says so:
an entry ledger.recovered names what was lost.

With dsr, no ledger and no network needed:

    dsr audit verify --export . --key KEY-THAT-YOU-NOTED
    dsr audit verify --export . --since CHECKPOINT-OF-LAST-YEAR

With Go, golang.org/x/mod/sumdb/note and .../tlog: note.NewVerifier(public key),
note.Open(checkpoint); its text has three lines, origin, size and root. The leaf
of an entry is tlog.RecordHash(line without its line feed); with all leaves stored
by tlog.StoredHashes, tlog.TreeHash(size) must be the root. tlog.CheckTree takes the
hashes of consistency/N. (tlog.ParseTree reads the Go checksum database only.)

With nothing but SHA-256: the leaf of an entry is SHA-256 of a zero byte and the
line; a node is SHA-256 of a byte of one and its two children; a list of n leaves
splits at the largest power of two below n (RFC 9162, section 2.1.1).
`;

const PROOFS_README = `Entries of the audit log of a dsr ledger, each with its proof
=============================================================

N.json           entry N, byte for byte as the log has it, RFC 8785 canonical JSON
N.tlog-proof     that it is in the log: its place, the hashes up to the root, and the
                 signed checkpoint (c2sp.org/tlog-proof)
checkpoint       that checkpoint by itself (c2sp.org/tlog-checkpoint)
public-key       the key that signs it (vkey of c2sp.org/signed-note)
manifest.json    SHA-256 of each file

The public key in this folder is only as good as the way it came here. Compare it
with the one that "dsr key public" prints at the controller, or that you noted before:

    PUBLIC-KEY

With dsr, no ledger and no network needed:

    dsr audit verify --export . --key KEY-THAT-YOU-NOTED

With Go, golang.org/x/mod/sumdb/note and .../tlog: note.Open(the checkpoint), then
tlog.CheckRecord(hashes, size, root, index, tlog.RecordHash(content of N.json)); the
index of a proof counts from zero.
`;
