import { ExitCode, usage } from '../../../base/errors.ts';
import { renderOrderCsv } from '../../../duties/order-csv.ts';
import { type OpenOrder, renderOrderSql, type SqlDialect } from '../../../duties/order-sql.ts';
import { revealOrders } from '../../../duties/work-acts.ts';
import { requireSource } from '../../../policy/find.ts';
import type { Policy } from '../../../policy/types.ts';
import { type Artifact, requireFreeFolder, writeNewFile } from '../../../reports/package-writer.ts';
import type { CommandContext } from '../../context.ts';
import { isTerminal } from '../../io.ts';
import { requireReason } from '../../reason.ts';

export interface ExportInput {
  readonly format: 'csv' | 'sql' | undefined;
  readonly dialect: SqlDialect | undefined;
  readonly source: string | undefined;
  readonly out: string | undefined;
}

interface Exported {
  readonly text: string;
  readonly leftOut: readonly { readonly order: number; readonly why: string }[];
}

export async function run(context: CommandContext, input: ExportInput): Promise<ExitCode> {
  const { format = 'csv', source } = input;
  if (format === 'csv' && input.dialect !== undefined) throw usage('--dialect belongs to --format sql');
  const out = input.out === undefined ? undefined : context.path(input.out);
  if (out !== undefined) requireFreeFolder(out);
  const reason = await requireReason(context);
  const ledger = await context.openLedger('write');
  if (source !== undefined) requireSource(ledger.policy, source);
  const dialect = format === 'sql' ? (input.dialect ?? 'standard') : undefined;
  const facts = dialect === undefined ? { format } : { format, dialect };
  const orders = await revealOrders(ledger, source, facts, reason);
  const exported = renderOrders(orders, ledger.policy, dialect);
  const about = { ...facts, orders: orders.length - exported.leftOut.length, left_out: exported.leftOut };
  for (const { order, why } of exported.leftOut) context.output.note(`order ${order} is left out: ${why}`);
  if (out === undefined) printOrders(context, about, exported.text);
  else printArtifact(context, about, writeNewFile(out, exported.text));
  return exported.leftOut.length > 0 ? ExitCode.partly : ExitCode.done;
}

function renderOrders(
  orders: readonly OpenOrder[],
  policy: Policy,
  dialect: SqlDialect | undefined,
): Exported {
  return dialect === undefined
    ? { text: renderOrderCsv(orders), leftOut: [] }
    : renderOrderSql(orders, policy, dialect);
}

function printOrders(context: CommandContext, about: Readonly<Record<string, unknown>>, text: string): void {
  // A terminal needs no carriage returns, and they would show as control characters.
  const shown = isTerminal(context.io.stdout) ? text.replaceAll('\r\n', '\n') : text;
  context.output.result({ ...about, content: text }, () => shown, true);
}

function printArtifact(
  context: CommandContext,
  about: Readonly<Record<string, unknown>>,
  { path, sha256 }: Artifact,
): void {
  context.output.result(
    { ...about, artifacts: [{ path, sha256 }] },
    () => `${sha256}  ${context.shown(path)}`,
  );
}
