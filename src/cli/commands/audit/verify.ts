import { ExitCode } from '../../../base/errors.ts';
import { type AuditProblem, type AuditVerdict, verifyAudit } from '../../../evidence/verify.ts';
import type { CommandContext } from '../../context.ts';

export async function run(context: CommandContext): Promise<ExitCode> {
  const ledger = await context.openLedger('read');
  const verdict = await ledger.store.read((tx) => verifyAudit(tx));
  const { ok, size, root, problems, problemCount } = verdict;
  const members = problems.map((problem) => ({ ...problem, seq: problem.seq ?? null }));
  context.output.result({ ok, size, root, problems: members, problem_count: problemCount }, () =>
    renderVerdict(verdict),
  );
  return ok ? ExitCode.done : ExitCode.damaged;
}

function renderVerdict({ ok, size, root, problems, problemCount }: AuditVerdict): string {
  const more = problemCount - problems.length;
  return [
    ok ? 'the audit log is as it was written' : 'THE AUDIT LOG IS NOT AS IT WAS WRITTEN',
    `entries  ${size}`,
    `root     ${root}`,
    ...problems.map(renderProblem),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ].join('\n');
}

function renderProblem({ seq, message }: AuditProblem): string {
  return seq === undefined ? message : `entry ${seq}: ${message}`;
}
