import { subjectName } from '../../../base/ids.ts';
import { maskValue } from '../../../base/mask.ts';
import type { LookedUp, LookUp } from '../../../requests/look-up.ts';
import type { Output } from '../../output.ts';

/** People as every command's JSON shows them; values masked unless they are to be revealed. */
export function lookUpDocument(result: LookUp, reveal: boolean): Record<string, unknown> {
  return { subjects: result.found.map((found) => subjectMembers(found, reveal)), more: result.more };
}

function subjectMembers(found: LookedUp, reveal: boolean): Record<string, unknown> {
  return {
    subject: found.subject === undefined ? null : subjectName(found.subject),
    identifiers: found.identifiers.map(({ identifier, via, sources, reaches, window }) => ({
      kind: identifier.kind,
      value: shown(identifier, reveal),
      via,
      sources,
      reaches,
      ...(window === undefined ? {} : { from: window.from, to: window.to }),
    })),
    shared: found.shared.map(({ identifier, rows }) => ({
      kind: identifier.kind,
      value: shown(identifier, reveal),
      rows: rows ?? null,
    })),
    records: found.records,
    states: found.states,
    events: found.events,
    hidden_rows: found.hiddenRows,
    erased: found.erased,
  };
}

function shown({ kind, value }: { readonly kind: string; readonly value: string }, reveal: boolean): string {
  return reveal ? value : maskValue(kind, value);
}

const REASONS: Readonly<Record<string, string>> = {
  'account-row': 'on their account row',
  'staff-link': 'given by staff',
  anchor: 'known by it alone',
  beside: 'beside a stronger one of theirs',
};

/** People for a terminal. */
export function renderLookUp(output: Output, result: LookUp, reveal: boolean): string {
  const parts = result.found.map((found) => renderOne(output, found, reveal));
  if (result.found.length > 1)
    parts.unshift(`${result.found.length + result.more} candidates: dsr merges none of them by itself`);
  return parts.join('\n\n');
}

function renderOne(output: Output, found: LookedUp, reveal: boolean): string {
  const name =
    found.subject === undefined ? 'nobody: log lines that belong to no person' : subjectName(found.subject);
  const identifiers = found.identifiers.map(({ identifier, via, sources, reaches, window }) => [
    identifier.kind,
    shown(identifier, reveal),
    `${REASONS[via] ?? via}${reaches ? '' : ', reaches nothing'}${window === undefined ? '' : `, ${output.clock.words(window.from)} to ${output.clock.words(window.to)}`}`,
    sources.join(' '),
  ]);
  const counts = [
    ...Object.entries(found.records).map(([source, count]) => [source, count, 'rows'] as const),
    ...Object.entries(found.events).map(([source, count]) => [source, count, 'log lines'] as const),
  ];
  const lines = [
    `${name}${found.erased ? ' (erased; what is left is retained or held)' : ''}`,
    output.table(['kind', 'value', 'why', 'sources'], identifiers),
    counts.length === 0 ? 'nothing is held' : output.table(['source', 'count', ''], counts),
    ...stateLines(found),
  ];
  for (const { identifier, rows } of found.shared) {
    lines.push(
      `shared with somebody else, reaches nothing: ${identifier.kind} ${shown(identifier, reveal)} (${rows ?? 'many'} rows)`,
    );
  }
  return lines.join('\n');
}

/** Rows that are not in use: GDPR Art. 18(2), and what a law keeps after a deletion. */
function stateLines({ states }: LookedUp): readonly string[] {
  const { restricted = 0, retained = 0 } = states;
  return [
    ...(restricted > 0 ? [`restricted, only stored: ${restricted} rows`] : []),
    ...(retained > 0 ? [`kept by law for that alone: ${retained} rows`] : []),
  ];
}
