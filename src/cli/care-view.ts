import { subjectName } from '../base/ids.ts';
import type { Dispute, Request } from '../store/registers.ts';

/** What keeps harm from the person of a request: its waiting time, other accounts, what is contested. */
export function careMembers(request: Request): Record<string, unknown> {
  const { waiting, alsoSubjects = [], disputes = [], statements = [] } = request;
  return {
    ...(waiting === undefined ? {} : { waiting: { since: waiting.since, until: waiting.until } }),
    ...(alsoSubjects.length === 0 ? {} : { also_subjects: alsoSubjects.map(subjectName) }),
    ...(disputes.length === 0 ? {} : { disputes: disputes.map(disputeMembers) }),
    ...(statements.length === 0 ? {} : { statements: statements.length }),
  };
}

/** Without the row's key, which may name the person. */
function disputeMembers({ source, fields, at, endedAt }: Dispute): Record<string, unknown> {
  return { source, fields, at, ended_at: endedAt ?? null };
}
