import type { TableFormat } from '../policy/types.ts';
import { badFile } from './fault.ts';
import { createDecoder } from './text.ts';

const MAGIC: readonly (readonly [bytes: RegExp, name: string])[] = [
  [/^SQLite format 3\0/, 'a SQLite database'],
  [/^PK\x03\x04/, 'a zip archive or an Excel workbook (.xlsx)'],
  [/^PK\x05\x06/, 'an empty zip archive'],
  [/^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, 'an Excel workbook (.xls)'],
  [/^%PDF-/, 'a PDF'],
  [/^PAR1\x15/, 'a Parquet file'],
  [/^\x1f\x8b/, 'gzip inside gzip'],
  [/^BZh[1-9]1AY&SY/, 'a bzip2 archive'],
  [/^\xfd7zXZ\0/, 'an xz archive'],
  [/^\x28\xb5\x2f\xfd/, 'a zstd archive'],
  [/^7z\xbc\xaf\x27\x1c/, 'a 7z archive'],
];

const UTF16 = 'UTF-16 text';
const JSON_ARRAY = 'a JSON array';
const JSON_TEXT = 'JSON';

const HINTS: Readonly<Record<string, string>> = {
  [UTF16]: "write encoding: utf-16 in the source's format",
  [JSON_ARRAY]: 'write format: json for this source',
  [JSON_TEXT]: 'write format: json or format: ndjson for this source',
};

/** Refuses a file whose first bytes show that it is something else than its source's format. */
export function refuseForeign(file: string, head: Buffer, format: TableFormat): void {
  const found = findMagic(head) ?? findUtf16(head, format) ?? findForeignText(head, format);
  if (found === undefined) return;
  const hint = HINTS[found] ?? `export the table as ${format.type.toUpperCase()}`;
  throw badFile(`not-${format.type}`, { file, line: 1 }, `looks like ${found}`, hint);
}

function findMagic(head: Buffer): string | undefined {
  const text = head.toString('latin1', 0, 16);
  return MAGIC.find(([bytes]) => bytes.test(text))?.[1];
}

function findUtf16(head: Buffer, format: TableFormat): string | undefined {
  if (format.encoding === 'utf-16') return undefined;
  const [a, b, c, d] = head;
  const isMarked = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  const isBare =
    head.length >= 4 &&
    ((a !== 0 && b === 0 && c !== 0 && d === 0) || (a === 0 && b !== 0 && c === 0 && d !== 0));
  return isMarked || isBare ? UTF16 : undefined;
}

function findForeignText(head: Buffer, format: TableFormat): string | undefined {
  const text = createDecoder(format.encoding).decode(head).trimStart();
  if (isBinary(text)) return 'a binary file';
  if (/^<(?:!doctype\s+html|html|head|body)\b/i.test(text)) return 'an HTML page';
  if (/^<\?xml\b/i.test(text)) return 'an XML document';
  if (isSqlDump(text)) return 'a SQL dump';
  if (format.type === 'ndjson') return text.startsWith('[') ? JSON_ARRAY : undefined;
  if (format.type === 'json' || format.columns !== undefined) return undefined;
  if (/^<[a-z!]/i.test(text)) return 'an XML document';
  return /^[[{]/.test(text) ? JSON_TEXT : undefined;
}

/** More than a tenth of control characters; a stray NUL is a row's own fault. */
function isBinary(text: string): boolean {
  const controls = text.match(/[\x00-\x08\x0e-\x1a\x1c-\x1f]/g)?.length ?? 0;
  return controls >= 4 && controls * 10 > text.length;
}

const SQL_STATEMENT =
  /^(?:insert\s+into|create\s+(?:table|database|schema|user)|drop\s+(?:table|database)|pragma\s+foreign_keys|begin\s+transaction|lock\s+tables|set\s+@?\w+\s*=|use\s+\S+;)/i;

/** Looks at the first line only: a message may well hold SQL further on. */
function isSqlDump(text: string): boolean {
  return /^(?:--\s|\/\*)/.test(text) || SQL_STATEMENT.test(text);
}
