import { requestName } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { tableSource } from '../policy/find.ts';
import type { Policy, TableSource } from '../policy/types.ts';
import type { WorkOrder } from '../store/registers.ts';
import type { OrderContent } from './outbox.ts';

export const SQL_DIALECTS = ['standard', 'mysql', 'postgres', 'sqlite'] as const;
export type SqlDialect = (typeof SQL_DIALECTS)[number];

/** An open order with what it says in clear. */
export interface OpenOrder {
  readonly order: WorkOrder;
  readonly content: OrderContent;
}

/** Why an order has no statement. */
export type LeftOutReason = 'by-hand' | 'unknown-source' | 'not-quotable';

export interface OrderSql {
  readonly text: string;
  readonly leftOut: readonly { readonly order: number; readonly why: LeftOutReason }[];
}

/**
 * One statement per order, in the SQL of a dialect: DELETE, or UPDATE of the columns that change or go.
 * The table has the name of the source. No key and no value can end its literal; what a dialect cannot
 * hold for certain is left out and said.
 */
export function renderOrderSql(orders: readonly OpenOrder[], policy: Policy, dialect: SqlDialect): OrderSql {
  const rendered = orders.map((open) => ({ open, sql: statementOf(open, policy, DIALECTS[dialect]) }));
  return {
    text: rendered
      .flatMap(({ open, sql }) => ('text' in sql ? [withComment(open, sql.text)] : []))
      .join('\n'),
    leftOut: rendered.flatMap(({ open, sql }) =>
      'why' in sql ? [{ order: open.order.id, why: sql.why }] : [],
    ),
  };
}

function withComment({ order }: OpenOrder, statement: string): string {
  return `-- order ${order.id} of ${requestName(order.request)}: ${order.action}\n${statement}\n`;
}

type Statement = { readonly text: string } | { readonly why: LeftOutReason };

/** Thrown where a dialect cannot hold a text; becomes the reason for which the order is left out. */
class NotQuotable extends Error {}

function statementOf({ order, content }: OpenOrder, policy: Policy, dialect: Dialect): Statement {
  const source = tableSource(policy, order.source);
  if (source === undefined)
    return { why: Object.hasOwn(policy.sources, order.source) ? 'by-hand' : 'unknown-source' };
  const sets = assignments(order, content, source);
  if (order.action !== 'delete' && sets.length === 0) return { why: 'by-hand' };
  try {
    const where = whereOf(source, content.key, dialect);
    const table = dialect.name(source.name);
    if (order.action === 'delete') return { text: `DELETE FROM ${table} WHERE ${where};` };
    const list = sets.map(([column, value]) => `${dialect.name(column)} = ${valueText(value, dialect)}`);
    return { text: `UPDATE ${table} SET ${list.join(', ')} WHERE ${where};` };
  } catch (cause) {
    if (cause instanceof NotQuotable) return { why: 'not-quotable' };
    throw cause;
  }
}

/** The columns that an order sets, with their values; none where it is nothing that SQL could say. */
function assignments(
  { action }: WorkOrder,
  { change }: OrderContent,
  source: TableSource,
): readonly (readonly [string, Json])[] {
  if (action === 'change') return Object.entries(change);
  if (action === 'anonymise') return Object.keys(change).map((column) => [column, null]);
  if (action !== 'keep-fields') return [];
  const kept = new Set([...Object.keys(change), ...source.key]);
  return source.columns.filter((column) => !kept.has(column)).map((column) => [column, null]);
}

function whereOf({ key: columns }: TableSource, key: string, dialect: Dialect): string {
  const parts = columns.length === 1 ? [key] : (JSON.parse(key) as string[]);
  return columns.map((column, index) => dialect.equals(column, parts[index] ?? '')).join(' AND ');
}

function valueText(value: Json, dialect: Dialect): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number') return String(value);
  return dialect.text(typeof value === 'string' ? value : JSON.stringify(value));
}

interface Dialect {
  name(name: string): string;
  text(text: string): string;
  equals(column: string, text: string): string;
}

// NUL ends a text early in most clients; half a character would be written as another one.
const NOWHERE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const UNSURE = /[\\\x01-\x1f\x7f]/;

function quoted(text: string, quote: string): string {
  if (NOWHERE.test(text)) throw new NotQuotable();
  return `${quote}${text.replaceAll(quote, quote + quote)}${quote}`;
}

/** A text for systems of which nobody knows whether a backslash is an escape. */
function plainText(text: string): string {
  if (UNSURE.test(text)) throw new NotQuotable();
  return quoted(text, "'");
}

function dialectOf(name: Dialect['name'], text: Dialect['text']): Dialect {
  return { name, text, equals: (column, value) => `${name(column)} = ${text(value)}` };
}

const inDoubleQuotes: Dialect['name'] = (name) => quoted(name, '"');
const inBackticks: Dialect['name'] = (name) => quoted(name, '`');
const mysqlText: Dialect['text'] = (text) => quoted(text.replaceAll('\\', '\\\\'), "'");

const DIALECTS: Readonly<Record<SqlDialect, Dialect>> = {
  standard: dialectOf(inDoubleQuotes, plainText),
  mysql: {
    name: inBackticks,
    text: mysqlText,
    // `=` alone goes by the collation: it takes é for e, and 7 for '7 apples'.
    equals: (column, text) =>
      `${inBackticks(column)} = ${mysqlText(text)} AND CAST(${inBackticks(column)} AS BINARY) = ${mysqlText(text)}`,
  },
  // The escape form means the same whatever standard_conforming_strings is.
  postgres: dialectOf(inDoubleQuotes, (text) =>
    text.includes('\\') ? `E${quoted(text.replaceAll('\\', '\\\\'), "'")}` : quoted(text, "'"),
  ),
  // A name in double quotes that is no column would be a text.
  sqlite: dialectOf(inBackticks, (text) => quoted(text, "'")),
};
