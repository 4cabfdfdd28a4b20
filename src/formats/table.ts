import { assertNever } from '../base/errors.ts';
import type { TableFormat } from '../policy/types.ts';
import { createCsvReader } from './csv.ts';
import { badFile } from './fault.ts';
import { createJsonReader } from './json.ts';
import { createNdjsonReader } from './ndjson.ts';
import type { HeaderPlace, RowReader, TableItem } from './rows.ts';
import { refuseForeign } from './sniff.ts';
import { openSource, type SourceBytes, type SourceDigest, type SourceOptions } from './source-bytes.ts';
import { createDecoder } from './text.ts';

/** Rows in the order of the file; up to `BATCH_ROWS` of them. */
export type TableBatch = readonly TableItem[];

export const BATCH_ROWS = 1000;

/** An export of a table, opened for one reading in constant memory. */
export interface TableFile {
  /** Base name, safe to print. */
  readonly name: string;
  /** Bytes on the disk. */
  readonly size: number;
  /** Gives all rows once and closes the file; throws a UserError where the whole file is unusable. */
  readonly batches: AsyncGenerator<TableBatch>;
  /** The header of a CSV file, once it was read; undefined for JSON, whose rows differ. */
  columns(): readonly string[] | undefined;
  /** Where a CSV file has its header, once it was read. */
  header(): HeaderPlace | undefined;
  /** Bytes on the disk read so far, for progress. */
  bytesRead(): number;
  /** What identifies the content; throws before `batches` has ended by itself. */
  digest(): SourceDigest;
  /** Whether its last line is ended; a file that was cut short mostly is not. */
  endsLine(): boolean;
  /** Needed only where `batches` is not run to its end. */
  close(): Promise<void>;
}

/** Opens a table export, refusing what is clearly something else than its format. */
export async function openTable(
  file: string,
  format: TableFormat,
  options: SourceOptions = {},
): Promise<TableFile> {
  const source = await openSource(file, options);
  try {
    if (source.head.length === 0) throw badFile('empty-file', { file: source.name }, 'is empty');
    refuseForeign(source.name, source.head, format);
  } catch (error) {
    await source.close();
    throw error;
  }
  const reader = createReader(format, source.name);
  const text = new LastOf();
  return {
    name: source.name,
    size: source.size,
    batches: readBatches(source, reader, format, text),
    columns: () => reader.columns(),
    header: () => reader.header?.(),
    bytesRead: () => source.bytesRead(),
    digest: () => source.digest(),
    endsLine: () => text.endsLine,
    close: () => source.close(),
  };
}

/** Remembers how the text that passes it ends. */
class LastOf {
  endsLine = false;

  pass(text: string): string {
    if (text !== '') this.endsLine = text.endsWith('\n') || text.endsWith('\r');
    return text;
  }
}

/** Reads a table export from end to end. */
export async function* readTable(
  file: string,
  format: TableFormat,
  options?: SourceOptions,
): AsyncGenerator<TableBatch> {
  yield* (await openTable(file, format, options)).batches;
}

function createReader(format: TableFormat, file: string): RowReader {
  switch (format.type) {
    case 'csv':
      return createCsvReader(format, file);
    case 'json':
      return createJsonReader(format, file);
    case 'ndjson':
      return createNdjsonReader(format, file);
    default:
      return assertNever(format);
  }
}

async function* readBatches(
  source: SourceBytes,
  reader: RowReader,
  format: TableFormat,
  last: LastOf,
): AsyncGenerator<TableBatch> {
  const decoder = createDecoder(format.encoding);
  const rows: TableItem[] = [];
  try {
    for await (const chunk of source.chunks(() => reader.lineReached())) {
      reader.push(last.pass(decoder.decode(chunk)), rows);
      // Rows may be large, so that none wait for a thousand of them.
      while (rows.length > 0) yield rows.splice(0, BATCH_ROWS);
    }
    reader.push(last.pass(decoder.end()), rows);
    reader.end(rows);
    while (rows.length > 0) yield rows.splice(0, BATCH_ROWS);
  } finally {
    await source.close();
  }
}
