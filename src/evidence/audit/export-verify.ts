import { hash } from 'node:crypto';
import { z } from 'zod';
import { ExitCode, UserError, usage } from '../../base/errors.ts';
import { type CheckpointBody, claimOf, openCheckpoint } from './checkpoint.ts';
import { EntriesFile, EXPORT_FILES, ExportFolder } from './export-folder.ts';
import { type NoteKey, parseBase64, parseVkey } from './note.ts';
import { keyUnder, type LogVerdict, openCheckpoints, verifySince } from './since.ts';
import { verifyTlogProof } from './tlog-proof.ts';
import { LeafTree, verifyConsistency } from './tree-proof.ts';
import type { AuditProblem } from './verify.ts';

/** What a folder for auditors is found to be. */
export interface ExportVerdict extends LogVerdict {
  /** The key it was verified with. */
  readonly key: NoteKey;
  /** Numbers of single entries that a proof shows to be in the log. */
  readonly proven: readonly number[];
}

/** By what a folder is verified beside its files. */
export interface ExportTrust {
  /** Without one the folder's own is taken. */
  readonly key: NoteKey | undefined;
  /** Checkpoints that were kept. */
  readonly since: string | undefined;
}

/**
 * Verifies a folder of `audit export`, `prove` or `sample` with its files and a public key alone: neither
 * ledger nor network. Throws (exit 20) where the signed checkpoint itself cannot be relied on.
 */
export async function verifyExport(path: string, trust: ExportTrust): Promise<ExportVerdict> {
  const folder = new ExportFolder(path);
  const note = folder.text(EXPORT_FILES.checkpoint);
  const trusted = trust.key ?? parseVkey(folder.text(EXPORT_FILES.key).trim());
  const key = keyUnder(trusted, claimOf(note).origin);
  const head = openCheckpoint(note, key);
  const kept = trust.since === undefined ? [] : openCheckpoints(trust.since, key);
  const log = folder.has(EXPORT_FILES.entries) ? await verifyLog(folder, head, kept) : unread(head, kept);
  const proofs = folder.proofs().map((name) => verifyProof(folder, name, key));
  const others = [...proofs.flatMap(({ problems }) => problems), ...listFileProblems(folder)];
  return {
    ...log,
    key,
    ok: log.ok && others.length === 0,
    problems: [...log.problems, ...others],
    problemCount: log.problemCount + others.length,
    proven: proofs.flatMap(({ proven }) => proven),
  };
}

async function verifyLog(
  folder: ExportFolder,
  head: CheckpointBody,
  kept: readonly CheckpointBody[],
): Promise<LogVerdict> {
  const entries = new EntriesFile(folder.bytes(EXPORT_FILES.entries), head);
  const log = await verifySince(entries, kept, head.origin);
  const tree = new LeafTree(entries.leaves());
  const problems = folder.consistency().flatMap((name) => listConsistencyProblems(folder, name, tree, head));
  return {
    ...log,
    ok: log.ok && problems.length === 0,
    problems: [...log.problems, ...problems],
    problemCount: log.problemCount + problems.length,
  };
}

/** Single entries are all there is: of the log itself its signed head is known, and no more. */
function unread({ size, root }: CheckpointBody, kept: readonly CheckpointBody[]): LogVerdict {
  if (kept.length > 0) throw usage('--since needs an export of the whole log');
  return { ok: true, size, root, problems: [], problemCount: 0, recovered: [], since: [] };
}

/** `old N`, the hashes, and the checkpoint of the export. */
const CONSISTENCY = /^old ([1-9]\d{0,14})\n((?:[^\n]+\n)*)\n/;

function listConsistencyProblems(
  folder: ExportFolder,
  name: string,
  tree: LeafTree,
  { size, root }: CheckpointBody,
): readonly AuditProblem[] {
  const text = folder.text(name);
  const [whole, old = '', lines = ''] = CONSISTENCY.exec(text) ?? [];
  const from = Number(old);
  const proof = lines
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => parseBase64(line) ?? []);
  const isOwn = whole !== undefined && text.slice(whole.length) === folder.text(EXPORT_FILES.checkpoint);
  const isProven =
    from <= tree.size &&
    proof.length === lines.split('\n').length - 1 &&
    verifyConsistency({ from, to: size, fromRoot: tree.root(from), toRoot: Buffer.from(root, 'hex'), proof });
  return isOwn && isProven ? [] : [problem('consistency-wrong', `${name} proves nothing of this log`)];
}

interface ProofVerdict {
  readonly proven: readonly number[];
  readonly problems: readonly AuditProblem[];
}

function verifyProof(folder: ExportFolder, name: string, key: NoteKey): ProofVerdict {
  const entry = folder.bytes(name.replace(/\.tlog-proof$/, '.json'));
  try {
    return { proven: [verifyTlogProof(folder.text(name), entry, key).index + 1], problems: [] };
  } catch (error) {
    if (!(error instanceof UserError) || error.exit !== ExitCode.damaged) throw error;
    return { proven: [], problems: [problem(error.code, `${name}: ${error.message}`)] };
  }
}

const manifestForm = z.object({ files: z.array(z.object({ path: z.string(), sha256: z.string() })) });

/** Files that are not as the manifest lists them: it is not signed, but tells what came damaged. */
function listFileProblems(folder: ExportFolder): readonly AuditProblem[] {
  const manifest = parseManifest(folder.text('manifest.json'));
  if (manifest === undefined) return [problem('manifest-unreadable', 'manifest.json cannot be read')];
  return manifest.files.flatMap(({ path, sha256 }) => {
    if (folder.has(path) && hash('sha256', folder.bytes(path), 'hex') === sha256) return [];
    return [problem('file-differs', `${path} is not as the manifest lists it`)];
  });
}

function parseManifest(text: string): z.infer<typeof manifestForm> | undefined {
  try {
    return manifestForm.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function problem(code: string, message: string): AuditProblem {
  return { seq: undefined, code, message };
}
