import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import { createCsvReader } from '../../src/formats/csv.ts';
import { createJsonReader } from '../../src/formats/json.ts';
import { createNdjsonReader } from '../../src/formats/ndjson.ts';
import type { TableItem } from '../../src/formats/rows.ts';
import { openTable } from '../../src/formats/table.ts';
import { createDecoder } from '../../src/formats/text.ts';
import type { CsvFormat, JsonFormat, NdjsonFormat, TableFormat } from '../../src/policy/types.ts';

/** The folder of real and hostile data beside the repository, which not everybody has. */
export const SHARED_DATA = resolve(import.meta.dirname, '../../../shared/data');

export const hasSharedData = existsSync(SHARED_DATA);

export function csv(change: Partial<CsvFormat> = {}): CsvFormat {
  return { type: 'csv', delimiter: ',', quote: '"', encoding: 'utf-8', ...change };
}

export function json(...path: string[]): JsonFormat {
  return { type: 'json', path, encoding: 'utf-8' };
}

export const ndjson: NdjsonFormat = { type: 'ndjson', encoding: 'utf-8' };

/** All rows of a content that comes in chunks of one size. */
export function readChunks(content: string | Buffer, format: TableFormat, chunkSize = 1 << 20): TableItem[] {
  const bytes = Buffer.from(content);
  const decoder = createDecoder(format.encoding);
  const reader = createReader(format);
  const rows: TableItem[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize) {
    reader.push(decoder.decode(bytes.subarray(at, at + chunkSize)), rows);
  }
  reader.push(decoder.end(), rows);
  reader.end(rows);
  return rows;
}

function createReader(format: TableFormat) {
  switch (format.type) {
    case 'csv':
      return createCsvReader(format, 'rows.csv');
    case 'json':
      return createJsonReader(format, 'rows.json');
    case 'ndjson':
      return createNdjsonReader(format, 'rows.ndjson');
  }
}

/** The cells of the good rows, and `line: reason` for the others. */
export function summary(rows: readonly TableItem[]): unknown[] {
  return rows.map((row) => (row.kind === 'row' ? row.values : `${row.line}: ${row.reason}`));
}

/** Good rows as objects. */
export function objects(rows: readonly TableItem[]): unknown[] {
  return rows.map((row) =>
    row.kind === 'row'
      ? Object.fromEntries(row.columns.map((name, index) => [name, row.values[index]]))
      : `${row.line}: ${row.reason}`,
  );
}

/** What `act` throws, which must be a UserError. */
export async function refusalOf(act: () => unknown): Promise<UserError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

export async function readFileRows(
  file: string,
  format: TableFormat,
  chunkSize?: number,
): Promise<TableItem[]> {
  const table = await openTable(file, format, chunkSize === undefined ? {} : { chunkSize });
  const rows: TableItem[] = [];
  for await (const batch of table.batches) rows.push(...batch);
  return rows;
}

/** A folder that is gone after the tests of this file; `write` puts a file into it. */
export function scratch(): {
  readonly folder: string;
  write(name: string, content: string | Buffer): string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'dsr-formats-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    write(name, content) {
      const file = join(folder, name);
      writeFileSync(file, content);
      return file;
    },
  };
}
