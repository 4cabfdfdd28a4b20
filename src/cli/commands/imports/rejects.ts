import { ExitCode, notFound, usage } from '../../../base/errors.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { StoredReject } from '../../../store/store.ts';
import type { CommandContext } from '../../context.ts';
import type { Output } from '../../output.ts';
import { revealReason } from '../../reason.ts';

export interface RejectsInput {
  readonly import: string;
}

export async function run(context: CommandContext, input: RejectsInput): Promise<ExitCode> {
  const id = parseImport(input.import);
  const reason = await revealReason(context);
  const ledger = await context.openLedger(reason === undefined ? 'read' : 'write');
  await requireImport(ledger, id);
  const revealed = reason !== undefined;
  const rows = revealed
    ? await revealRejects(ledger, id, reason)
    : (await ledger.store.read((tx) => tx.rejects(id))).map((row) => ({ ...row, raw: maskRaw(row.raw) }));
  const rejects = rows.map(({ line, reason, raw, expiresOn }) => ({
    line,
    reason,
    raw,
    expires_on: expiresOn,
  }));
  context.output.result({ import: id, revealed, rejects }, () => {
    if (rows.length === 0) return `import ${id} set no row aside`;
    return revealed ? renderRaw(rows) : renderMasked(context.output, rows);
  });
  return ExitCode.done;
}

function parseImport(words: string): number {
  if (/^\d{1,12}$/.test(words)) return Number(words);
  throw usage('IMPORT is not the number of an import', 'dsr imports lists them');
}

async function requireImport(ledger: Ledger, id: number): Promise<void> {
  const imports = await ledger.store.read((tx) => tx.imports());
  if (imports.some((row) => row.id === id && row.state === 'published')) return;
  throw notFound('import-not-found', `there is no import ${id}`, 'dsr imports lists them');
}

/** Reads the rows as they came; that somebody looked, and why, is in the audit log. */
function revealRejects(ledger: Ledger, id: number, reason: string): Promise<readonly StoredReject[]> {
  const { actor, now } = ledger;
  const entry = { act: 'rejects.revealed', at: now, actor, reason, facts: { import: id } };
  return ledger.store.act(entry, async (tx) => {
    const rows = await tx.rejects(id);
    tx.facts({ rows: rows.length });
    return rows;
  });
}

function maskRaw(raw: string): string {
  const length = [...raw].length;
  return `… (${length} ${length === 1 ? 'character' : 'characters'})`;
}

function renderMasked(output: Output, rows: readonly StoredReject[]): string {
  return output.table(
    ['line', 'reason', 'raw'],
    rows.map((row) => [row.line, row.reason, row.raw]),
  );
}

// Whole rows, never cut: who asks for them wants to see what is wrong.
function renderRaw(rows: readonly StoredReject[]): string {
  return rows.map((row) => `line ${row.line}  ${row.reason}\n  ${row.raw}`).join('\n');
}
