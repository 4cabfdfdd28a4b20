import type { CsvFormat } from '../policy/types.ts';
import { endOfField } from './csv-fields.ts';
import { badFile } from './fault.ts';
import { isForbiddenName } from './rows.ts';

/**
 * The columns that a header names, or a UserError with the place. No name is ever quoted: where a
 * file has no header, its first row is a person's.
 */
export function readHeader(
  fields: readonly string[] | string,
  text: string,
  format: CsvFormat,
  place: { readonly file: string; readonly line: number },
): readonly string[] {
  const other = typeof fields === 'string' || fields.length === 1 ? findDelimiter(text, format) : undefined;
  const hint =
    other &&
    `if fields end with ${other.name}, write delimiter: ${JSON.stringify(other.char)} in the source's format`;
  if (typeof fields === 'string')
    throw badFile('csv-header', place, `the header cannot be read: ${fields}`, hint);
  if (other !== undefined)
    throw badFile('csv-delimiter', place, `the header is one column that holds ${other.name}`, hint);
  const seen = new Map<string, number>();
  for (const [index, name] of fields.entries()) {
    const fault = nameFault(name, seen.get(name));
    if (fault !== undefined)
      throw badFile('csv-header', { ...place, column: columnAt(text, index, format) }, fault);
    seen.set(name, index + 1);
  }
  return fields;
}

const DELIMITERS = [
  { char: ';', name: 'a semicolon' },
  { char: '\t', name: 'a tab' },
  { char: ',', name: 'a comma' },
  { char: '|', name: 'a bar' },
];

function findDelimiter(
  text: string,
  format: CsvFormat,
): { readonly char: string; readonly name: string } | undefined {
  return DELIMITERS.find(({ char }) => char !== format.delimiter && text.includes(char));
}

function nameFault(name: string, first: number | undefined): string | undefined {
  if (name === '') return 'this column has no name';
  if (isForbiddenName(name)) return `a column may not be named ${name}`;
  return first === undefined ? undefined : `this column has the same name as column ${first}`;
}

/** Where a header's field begins, counted in characters from 1. */
export function columnAt(text: string, index: number, format: CsvFormat): number {
  let at = 0;
  for (let field = 0; field < index; field += 1) at = endOfField(text, at, format) + 1;
  return at + 1;
}
