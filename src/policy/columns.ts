import type { Path } from './findings.ts';
import { LOG_FORMATS, type SourceFile } from './schema-sources.ts';

/** One mention of a column in a source. */
export interface ColumnUse {
  readonly column: string;
  /** The key of the source under which it stands. */
  readonly use: keyof SourceFile;
  /** From the source to the mention. */
  readonly path: Path;
}

/** Whether a source is a log, by its format. */
export function isLog(source: SourceFile): boolean {
  const type = typeof source.format === 'string' ? source.format : source.format.type;
  return LOG_FORMATS.some((log) => log === type);
}

/** Every mention of a column (for logs: of a log field), in the order in which the file has them. */
export function listColumnUses(source: SourceFile): ColumnUse[] {
  return Object.keys(source).flatMap((key) => {
    const use = key as keyof SourceFile;
    return mentions(source, use).map(({ column, path }) => ({ column, use, path: [use, ...path] }));
  });
}

/** The columns that are stored, each once, in the order of their first mention. */
export function listStoredColumns(source: SourceFile): string[] {
  const stored = listColumnUses(source).filter(({ use }) => use !== 'never' && use !== 'ignore');
  return [...new Set(stored.map(({ column }) => column))];
}

type Mention = Pick<ColumnUse, 'column' | 'path'>;

function mentions(source: SourceFile, use: keyof SourceFile): Mention[] {
  switch (use) {
    case 'key':
    case 'never':
    case 'ignore':
    case 'free_text':
    case 'visible':
      return ofList(source[use] ?? []);
    case 'subject':
    case 'weak':
      return ofParty(source[use] ?? {});
    case 'birth_date':
    case 'date':
      return ofColumn(source[use]);
    case 'verify':
      return under('usable', ofList(source.verify?.usable ?? []));
    case 'age':
      return [
        ...under('column', ofColumn(source.age?.column)),
        ...under('as_of', ofColumn(source.age?.as_of)),
      ];
    case 'parties':
      return Object.entries(source.parties ?? {}).flatMap(([role, party]) => under(role, ofParty(party)));
    case 'grounds':
      return Object.entries(source.grounds ?? {}).map(([code, { column }]) => ({
        column,
        path: [code, 'column'],
      }));
    case 'fields':
      return ofFields(source.fields ?? []);
    default:
      return [];
  }
}

function ofList(columns: string | readonly string[]): Mention[] {
  if (typeof columns === 'string') return [{ column: columns, path: [] }];
  return columns.map((column, i) => ({ column, path: [i] }));
}

type MaybeLong = string | { readonly column: string; readonly confirmed?: string } | undefined;

function ofColumn(value: MaybeLong): Mention[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [{ column: value, path: [] }];
  const own = { column: value.column, path: ['column'] };
  return value.confirmed === undefined ? [own] : [own, { column: value.confirmed, path: ['confirmed'] }];
}

function ofParty(party: Readonly<Record<string, MaybeLong>>): Mention[] {
  return Object.entries(party).flatMap(([kind, value]) => under(kind, ofColumn(value)));
}

function ofFields(fields: Readonly<Record<string, string>> | readonly string[]): Mention[] {
  if (Array.isArray(fields)) return ofList(fields);
  return Object.keys(fields).map((column) => ({ column, path: [column] }));
}

function under(key: string, found: readonly Mention[]): Mention[] {
  return found.map(({ column, path }) => ({ column, path: [key, ...path] }));
}
