/** A table or an index, as `sqlite_schema` names it. */
export interface CatalogEntry {
  readonly type: 'table' | 'index';
  readonly name: string;
  /** The table that it is or belongs to. */
  readonly table: string;
  readonly root: number;
  readonly sql: string | undefined;
}

/** How the rows of a table are stored. */
export interface TableForm {
  /** In the order of its records: those of the key first where the table has no rowid. */
  readonly columns: readonly string[];
  /** The column that is the rowid, stored as NULL. */
  readonly rowidColumn: string | undefined;
  readonly hasRowid: boolean;
}

/** A table, and where its tree begins. */
export interface SchemaTable {
  readonly name: string;
  readonly root: number;
  readonly form: TableForm;
}

export const SCHEMA_ROOT = 1;

/** What `sqlite_schema` is itself. */
export const SCHEMA_FORM: TableForm = {
  columns: ['type', 'name', 'tbl_name', 'rootpage', 'sql'],
  rowidColumn: undefined,
  hasRowid: true,
};

const CONSTRAINT = /^(CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN)\b/i;
const KEY_OF_TABLE = /^(?:CONSTRAINT\s+\S+\s+)?PRIMARY\s+KEY\s*\(([^)]*)\)/i;
const NAME = /^(?:"((?:[^"]|"")*)"|`([^`]*)`|\[([^\]]*)\]|([^\s,()]+))/;

/** Reads the form of a table out of its CREATE TABLE statement. */
export function tableForm(sql: string): TableForm {
  const open = sql.indexOf('(');
  const close = sql.lastIndexOf(')');
  const parts = splitParts(sql.slice(open + 1, close));
  const columns = parts
    .filter((part) => !CONSTRAINT.test(part))
    .map((part) => ({ part, name: nameOf(part) }));
  const names = columns.map(({ name }) => name);
  const keyOfTable = parts.map((part) => KEY_OF_TABLE.exec(part)?.[1]).find((list) => list !== undefined);
  const own = columns.find(({ part }) => /\bPRIMARY\s+KEY\b/i.test(part));
  const key =
    keyOfTable === undefined ? (own === undefined ? [] : [own.name]) : splitParts(keyOfTable).map(nameOf);
  if (/\bWITHOUT\s+ROWID\b/i.test(sql.slice(close))) {
    const rest = names.filter((name) => !key.includes(name));
    return { columns: [...key, ...rest], rowidColumn: undefined, hasRowid: false };
  }
  const [single] = key.length === 1 ? columns.filter(({ name }) => name === key[0]) : [];
  const isRowid = single !== undefined && /^\S+\s+INTEGER\b/i.test(single.part);
  return { columns: names, rowidColumn: isRowid ? single.name : undefined, hasRowid: true };
}

/** Splits at the commas that stand in no brackets and no quotes. */
function splitParts(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (const { 0: token, index } of text.matchAll(/'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|[(),]/g)) {
    if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    else if (token === ',' && depth === 0) {
      parts.push(text.slice(from, index).trim());
      from = index + 1;
    }
  }
  return [...parts, text.slice(from).trim()];
}

function nameOf(part: string): string {
  const [, quoted, ticked, bracketed, plain] = NAME.exec(part) ?? [];
  return quoted?.replaceAll('""', '"') ?? ticked ?? bracketed ?? plain ?? '';
}
