import { ExitCode, usage } from '../../../base/errors.ts';
import { ledgerKey } from '../../../evidence/audit/checkpoint.ts';
import { type ExportVerdict, verifyExport } from '../../../evidence/audit/export-verify.ts';
import { renderVkey } from '../../../evidence/audit/note.ts';
import type { Recovery } from '../../../evidence/audit/recovery.ts';
import {
  type LogVerdict,
  openCheckpoints,
  type SinceVerdict,
  verifySince,
} from '../../../evidence/audit/since.ts';
import type { AuditProblem } from '../../../evidence/audit/verify.ts';
import type { CommandContext } from '../../context.ts';
import { readPublicKey } from '../../public-key.ts';
import { readTextFile } from '../../text-files.ts';

export interface VerifyInput {
  readonly since: string | undefined;
  readonly export: string | undefined;
  readonly key: string | undefined;
}

export async function run(context: CommandContext, input: VerifyInput): Promise<ExitCode> {
  if (input.key !== undefined && input.export === undefined)
    throw usage('--key belongs to --export', 'a ledger is verified with its own key');
  const since = input.since === undefined ? undefined : await readSince(context, input.since);
  return input.export === undefined
    ? verifyLedger(context, since)
    : verifyFolder(context, input.export, input.key, since);
}

function readSince(context: CommandContext, words: string): Promise<string> {
  return words === '-' ? context.stdin.read('--since') : readTextFile(context.path(words), words);
}

async function verifyLedger(context: CommandContext, since: string | undefined): Promise<ExitCode> {
  const ledger = await context.openLedger('read');
  const kept = since === undefined ? [] : openCheckpoints(since, ledgerKey(ledger));
  const verdict = await ledger.store.read((tx) => verifySince(tx, kept, ledger.origin));
  context.output.result(verdictMembers(verdict), () => renderVerdict('the audit log', verdict).join('\n'));
  return verdict.ok ? ExitCode.done : ExitCode.damaged;
}

async function verifyFolder(
  context: CommandContext,
  folder: string,
  vkey: string | undefined,
  since: string | undefined,
): Promise<ExitCode> {
  const key = vkey === undefined ? undefined : await readPublicKey(context, vkey);
  const verdict = await verifyExport(context.path(folder), { key, since });
  const members = {
    ...verdictMembers(verdict),
    key: key === undefined ? 'included' : 'given',
    vkey: renderVkey(verdict.key),
    proven: verdict.proven,
  };
  context.output.result(members, () => renderExport(verdict, key !== undefined));
  return verdict.ok ? ExitCode.done : ExitCode.damaged;
}

function verdictMembers({ ok, size, root, problems, problemCount, recovered, since }: LogVerdict) {
  return {
    ok,
    size,
    root,
    problems: problems.map((problem) => ({ ...problem, seq: problem.seq ?? null })),
    problem_count: problemCount,
    recovered: recovered.map(recoveryMembers),
    ...(since.length === 0 ? {} : { since }),
  };
}

function recoveryMembers({ seq, at, previousOrigin, previousSize, lostFrom, lostTo }: Recovery) {
  return {
    seq,
    at,
    previous_origin: previousOrigin,
    previous_size: previousSize,
    lost_from: lostFrom,
    lost_to: lostTo,
  };
}

function renderExport(verdict: ExportVerdict, isGiven: boolean): string {
  const { proven, key } = verdict;
  const trust = isGiven ? '' : ', which came with the folder: --key compares it with one that you trust';
  return [
    ...renderVerdict('the export', verdict),
    ...(proven.length === 0 ? [] : [`proven   ${proven.map((seq) => `entry ${seq}`).join(', ')}`]),
    `key      ${renderVkey(key)}${trust}`,
  ].join('\n');
}

function renderVerdict(what: string, verdict: LogVerdict): readonly string[] {
  const { ok, size, root, problems, problemCount, recovered, since } = verdict;
  const more = problemCount - problems.length;
  return [
    ok ? `${what} is as it was written` : `${what.toUpperCase()} IS NOT AS IT WAS WRITTEN`,
    `entries  ${size}`,
    `root     ${root}`,
    ...since.map(renderSince),
    ...recovered.map(renderRecovery),
    ...problems.map(renderProblem),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ];
}

const SINCE_WORDS: Readonly<Record<SinceVerdict['state'], string>> = {
  extends: 'the log goes on from it',
  lost: 'of entries that went with the lost ledger',
  'tail-cut': 'THE LOG ENDS BEFORE IT',
  forked: 'THE LOG IS ANOTHER',
};

function renderSince({ size, state }: SinceVerdict): string {
  return `since    checkpoint of size ${size}: ${SINCE_WORDS[state]}`;
}

function renderRecovery({ seq, previousOrigin, previousSize, lostFrom, lostTo }: Recovery): string {
  const lost = `lost: entry ${lostFrom} to ${lostTo ?? 'an end that nobody knows'}`;
  return `recovered: entry ${seq} goes on from ${previousSize} entries of ${previousOrigin}; ${lost}`;
}

function renderProblem({ seq, message }: AuditProblem): string {
  return seq === undefined ? message : `entry ${seq}: ${message}`;
}
