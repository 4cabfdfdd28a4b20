import type { RegisterKind } from '../registers.ts';
import type { Prepared } from './prepared.ts';

/** What is numbered and named by its number elsewhere: no number is ever used again. */
export type Numbered = 'import' | 'record' | 'block' | 'subject' | 'suppression' | RegisterKind;

/** The number that the next one gets: above all that were ever given, whatever was removed since. */
export function nextId(sql: Prepared, kind: Numbered): number {
  const kept = sql.value<number>('SELECT value FROM meta WHERE name = ?', `next_${kind}`);
  return kept ?? (lastId(sql, kind) ?? 0) + 1;
}

/** Keeps the number of the next one. */
export function setNextId(sql: Prepared, kind: Numbered, next: number): void {
  sql.run('INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)', `next_${kind}`, next);
}

/** The last number of a ledger that has not counted them yet. */
function lastId(sql: Prepared, kind: Numbered): number | null | undefined {
  if (kind === 'record' || kind === 'block') return undefined;
  if (kind === 'import') return sql.value<number | null>('SELECT max(id) FROM import');
  if (kind === 'subject') return sql.value<number | null>('SELECT max(id) FROM subject');
  if (kind === 'suppression') return sql.value<number | null>('SELECT max(id) FROM suppression');
  return sql.value<number | null>('SELECT max(id) FROM register WHERE kind = ?', kind);
}
