import type { CsvFormat } from '../policy/types.ts';

export const STRAY_LINE_END = 'a line end of another kind inside a field without quotes';

type Marks = Pick<CsvFormat, 'delimiter' | 'quote'>;

/**
 * The fields of a record in which a quote stands, or the reason why it cannot be read. `stray` is
 * the line end that this file does not use.
 */
export function splitQuoted(text: string, marks: Marks, stray: string): readonly string[] | string {
  const { delimiter, quote } = marks;
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const end = endOfField(text, at, marks);
    if (text[at] === quote) {
      fields.push(unquoted(text.slice(at + 1, end - 1), quote));
    } else {
      const field = text.slice(at, end);
      if (field.includes(quote)) return 'a quote inside a field without quotes';
      if (field.includes(stray)) return STRAY_LINE_END;
      fields.push(field);
    }
    if (end === text.length) return fields;
    if (text[end] !== delimiter) return 'text after a closing quote';
    at = end + 1;
  }
}

/** Index behind the field that begins here. A record ends only where its quotes are closed. */
export function endOfField(text: string, from: number, { delimiter, quote }: Marks): number {
  if (text[from] === quote) return closingQuote(text, quote, from + 1) + 1;
  const end = text.indexOf(delimiter, from);
  return end < 0 ? text.length : end;
}

function closingQuote(text: string, quote: string, from: number): number {
  let at = text.indexOf(quote, from);
  while (at >= 0 && text[at + 1] === quote) at = text.indexOf(quote, at + 2);
  return at < 0 ? text.length : at;
}

function unquoted(field: string, quote: string): string {
  return field.includes(quote) ? field.replaceAll(quote + quote, quote) : field;
}
