import { ExitCode } from '../../../base/errors.ts';
import { searchedMembers, searchedSources } from '../../../requests/searched.ts';
import type { SearchedSource } from '../../../store/registers.ts';
import type { ImportRow } from '../../../store/store.ts';
import type { CommandContext } from '../../context.ts';
import type { Output } from '../../output.ts';

export async function run(context: CommandContext): Promise<ExitCode> {
  const ledger = await context.openLedger('read');
  const imports = (await ledger.store.read((tx) => tx.imports())).filter((row) => row.state === 'published');
  const sources = searchedSources(ledger, imports);
  const document = { imports: imports.map(importMembers), sources: sources.map(searchedMembers) };
  context.output.result(document, () => renderImports(context.output, imports, sources));
  return ExitCode.done;
}

/** One import as every command's JSON shows it. */
function importMembers(row: ImportRow): Record<string, unknown> {
  return {
    id: row.id,
    file: row.file,
    source: row.source,
    sha256: row.sha256,
    bytes: row.bytes,
    taken_at: row.takenAt,
    loaded_at: row.loadedAt,
    policy_version: row.policyVersion,
    continues: row.continues ?? null,
    ...row.counts,
  };
}

function renderImports(
  output: Output,
  imports: readonly ImportRow[],
  sources: readonly SearchedSource[],
): string {
  const loaded = imports.map((row) => [
    row.id,
    row.source,
    row.file,
    output.clock.day(row.takenAt),
    row.counts.rows_read,
    row.counts.rows_kept,
    row.counts.rows_rejected,
  ]);
  const fresh = sources.map((source) => [
    source.source,
    source.takenAt === undefined ? 'never loaded' : output.clock.cell(source.takenAt),
    source.days,
  ]);
  return [
    imports.length === 0
      ? 'nothing was loaded yet'
      : output.table(['import', 'source', 'file', 'taken', 'read', 'kept', 'set aside'], loaded),
    '',
    output.table(['source', output.clock.head('newest export'), 'days old'], fresh),
  ].join('\n');
}
