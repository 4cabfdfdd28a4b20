import type { Problem } from '../base/errors.ts';
import { columnAt } from '../formats/csv-header.ts';
import { badFile } from '../formats/fault.ts';
import type { TableItem } from '../formats/rows.ts';
import { openSource } from '../formats/source-bytes.ts';
import { openTable, type TableFile } from '../formats/table.ts';
import type { CsvFormat, Policy } from '../policy/types.ts';
import type { Opening } from '../requests/opening/open.ts';
import { CellFault, type FormDefaults, FormReader, type FormRow, identified } from './form.ts';
import { findColumns } from './form-columns.ts';

/** The rows of a form's file, all of them read. */
export interface FormFile {
  /** Base name, safe to print. */
  readonly name: string;
  readonly rows: readonly { readonly line: number; readonly opening: Opening }[];
  /** Rows that say nothing that can be opened: with line and column, never with what stands there. */
  readonly problems: readonly Problem[];
}

/** Rows of one file; more are asked for in several. */
const MOST_ROWS = 100_000;

/** Reads the CSV of a web form from end to end. */
export async function readForm(path: string, policy: Policy, defaults: FormDefaults): Promise<FormFile> {
  const format = await formatOf(path);
  const table = await openTable(path, format);
  const rows: { readonly line: number; readonly row: FormRow }[] = [];
  const problems: Problem[] = [];
  const read = rowReader(table, format, policy, defaults);
  for await (const batch of table.batches)
    for (const item of batch) {
      const result = read(item);
      if ('message' in result) problems.push(result);
      else rows.push({ line: item.line, row: result });
      if (rows.length > MOST_ROWS)
        throw badFile('form-too-long', { file: table.name }, `has more than ${MOST_ROWS} rows`);
    }
  // A file without a row has columns as well.
  columnsOf(table, policy);
  const { sha256 } = table.digest();
  return {
    name: table.name,
    rows: rows.map(({ line, row }) => ({ line, opening: identified(row, { sha256, line }) })),
    problems,
  };
}

function columnsOf(table: TableFile, policy: Policy) {
  return findColumns(table.columns() ?? [], policy, { file: table.name, header: table.header() });
}

/** Reads one row, or says what is wrong with it and where. */
function rowReader(table: TableFile, format: CsvFormat, policy: Policy, defaults: FormDefaults) {
  let reader: FormReader | undefined;
  return (item: TableItem): FormRow | Problem => {
    const place = { file: table.name, line: item.line };
    reader ??= new FormReader(policy, columnsOf(table, policy), defaults);
    if (item.kind === 'bad') return { ...place, message: item.reason };
    try {
      return reader.read(item.values.map(String));
    } catch (error) {
      if (!(error instanceof CellFault)) throw error;
      const { index, message } = error;
      const column = index === undefined ? {} : { column: columnAt(item.raw, index, format) };
      return { ...place, ...column, message };
    }
  };
}

const DELIMITERS = [',', ';', '\t'];

/** CSV as the header has it: whatever separates its names most often. */
async function formatOf(path: string): Promise<CsvFormat> {
  const source = await openSource(path);
  await source.close();
  const [header = ''] = source.head.toString('utf8').split(/[\r\n]/, 1);
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: header.split(delimiter).length }));
  const [most] = counts.sort((a, b) => b.count - a.count);
  return { type: 'csv', delimiter: most?.delimiter ?? ',', quote: '"', encoding: 'utf-8' };
}
