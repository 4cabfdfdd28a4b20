import { usage } from '../../../base/errors.ts';
import { requestName, subjectName } from '../../../base/ids.ts';
import type { SetAsideRow } from '../../../store/registers.ts';
import type { Suppression } from '../../../store/store.ts';
import type { Output } from '../../output.ts';

/** The number of a set-aside row, as a command was given it. */
export function parseRowNumber(words: string): number {
  if (/^\d{1,12}$/.test(words)) return Number(words);
  throw usage('ROW is not the number of a row', 'dsr suppression list shows those that wait');
}

/** A suppression as every command's JSON shows it. */
export function suppressionMembers(entry: Suppression): Record<string, unknown> {
  return {
    id: entry.id,
    subject: subjectName(entry.subject),
    kind: entry.kind,
    reason: entry.reason,
    request: requestShown(entry.request) ?? null,
    since: entry.since,
    until: entry.until ?? null,
    admitted_at: entry.admitted?.at ?? null,
  };
}

/** A set-aside row as every command's JSON shows it, without what it holds. */
export function asideMembers(row: SetAsideRow): Record<string, unknown> {
  return {
    id: row.id,
    state: row.state,
    source: row.source,
    import: row.import,
    line: row.line,
    verdict: row.verdict,
    kinds: row.kinds,
    subject: row.subject === undefined ? null : subjectName(row.subject),
    times: row.times,
    at: row.at,
    expires_on: row.expiresOn,
    decided_at: row.decidedAt ?? null,
    decided_by: row.decidedBy ?? null,
  };
}

export function suppressionTable(output: Output, entries: readonly Suppression[]): string {
  const { clock } = output;
  const rows = entries.map((entry) => [
    entry.id,
    subjectName(entry.subject),
    entry.kind,
    entry.reason,
    requestShown(entry.request) ?? '',
    clock.cell(entry.since),
    entry.until ?? 'no end',
    clock.cell(entry.admitted?.at),
  ]);
  const header = ['id', 'subject', 'kind', 'reason', 'request', clock.head('since'), 'until', 'let in at'];
  return output.table(header, rows);
}

export function asideTable(output: Output, rows: readonly SetAsideRow[]): string {
  const cells = rows.map((row) => [
    row.id,
    row.source,
    row.verdict,
    row.kinds.join(' '),
    row.subject === undefined ? '' : subjectName(row.subject),
    row.times,
    output.clock.cell(row.at),
    row.expiresOn,
  ]);
  const header = [
    'row',
    'source',
    'verdict',
    'met',
    'subject',
    'times',
    output.clock.head('set aside at'),
    'expires on',
  ];
  return output.table(header, cells);
}

/** The request of a suppression, unless its file has ended. */
export function requestShown(request: number): string | undefined {
  return request === 0 ? undefined : requestName(request);
}
