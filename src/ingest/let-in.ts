import { rowDigest } from '../duties/outbox.ts';
import { type AsideContent, decidedAside, openAside } from '../duties/set-aside.ts';
import { suppressionsNumbered } from '../duties/suppression-list.ts';
import { reachOf, valuesOf } from '../people/identities.ts';
import { tableSource } from '../policy/find.ts';
import type { TableSource } from '../policy/types.ts';
import type { Ledger } from '../store/ledger.ts';
import type { SetAsideRow } from '../store/registers.ts';
import type { Writer } from '../store/store.ts';
import { Gate, readGate } from './gate.ts';
import { RowGate } from './row-gate.ts';

/** Where a row comes from. */
export interface RowOrigin {
  readonly import: number;
  readonly line: number;
}

/** Stores a row that was kept out, by the columns that the policy stores now. */
export async function enterRow(
  tx: Writer,
  { policy, keys }: Ledger,
  source: TableSource,
  { import: id, line }: RowOrigin,
  { key, at, fields: all }: AsideContent,
): Promise<void> {
  const fields = new Map(source.columns.map((column) => [column, all.get(column) ?? null]));
  const reach = reachOf(source, policy, keys.hasher, fields);
  await tx.addRecord({ source: source.name, key, import: id, line, at, fields, reach });
}

/** Notes for which account row the identifiers may be used again; gives how many are noted. */
export async function noteLetIn(
  tx: Writer,
  { keys, now }: Ledger,
  against: readonly number[],
  { source, key }: { readonly source: string; readonly key: string },
): Promise<number> {
  const row = rowDigest(keys, source, key);
  const met = await suppressionsNumbered(tx, new Set(against));
  for (const { id, until } of met) await tx.putSuppression({ id, until, admitted: { row, at: now } });
  return met.length;
}

/** Lets in the doubtful rows that nothing speaks against any more; gives how many. */
export async function enterFreed(tx: Writer, ledger: Ledger): Promise<number> {
  const waiting = (await tx.entries('set-aside', { state: 'waiting' })).filter(
    ({ verdict }) => verdict === 'doubtful',
  );
  if (waiting.length === 0) return 0;
  const gate = new Gate(await readGate(tx, ledger.keys.suppression));
  let entered = 0;
  for (const row of waiting) if (await enterIfFree(tx, ledger, gate, row)) entered += 1;
  return entered;
}

async function enterIfFree(tx: Writer, ledger: Ledger, gate: Gate, row: SetAsideRow): Promise<boolean> {
  const source = tableSource(ledger.policy, row.source);
  const content = openAside(ledger, row);
  if (source === undefined || content === undefined || !isFree(ledger, gate, source, content)) return false;
  if ((await tx.recordByKey(source.name, content.key)) !== undefined) return false;
  await enterRow(tx, ledger, source, row, content);
  await tx.put('set-aside', decidedAside(ledger, row, 'admitted'));
  return true;
}

function isFree({ policy, keys }: Ledger, gate: Gate, source: TableSource, content: AsideContent): boolean {
  const { key, at, fields } = content;
  const row = {
    values: valuesOf(source.columns, fields),
    reach: reachOf(source, policy, keys.hasher, fields),
    key,
    at,
  };
  return new RowGate(source, policy, keys.hasher, gate).judge(row).kind === 'free';
}
