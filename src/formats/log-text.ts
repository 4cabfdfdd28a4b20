import { isUtf8 } from 'node:buffer';
import type { Encoding } from '../policy/types.ts';
import { createDecoder } from './text.ts';

/**
 * The text of a field as a server wrote it: escapes undone (`\"`, `\xc3`), the bytes read in the
 * log's encoding. Broken escapes stay as they are.
 */
export function decodeLogText(written: string, encoding: Encoding): string {
  return decodeBytes(unescapeBytes(written), encoding);
}

/** As `decodeLogText`, and the percent escapes and pluses of a query undone. */
export function decodeQueryText(written: string, encoding: Encoding): string {
  return decodeBytes(percentDecode(unescapeBytes(written)), encoding);
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
};

function unescapeBytes(written: string): string {
  if (!written.includes('\\')) return written;
  return written.replace(
    /\\(?:x([0-9A-Fa-f]{2})|([bnrtv"\\]))/g,
    (_, hex: string | undefined, letter: string | undefined) =>
      hex === undefined ? (ESCAPES[letter ?? ''] ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function percentDecode(bytes: string): string {
  return bytes
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Text of a binary string. Bytes that are no UTF-8 are read as Latin-1, so that different bytes stay different. */
export function decodeBytes(binary: string, encoding: Encoding): string {
  if (!/[\x80-\xff]/.test(binary)) return binary;
  const bytes = Buffer.from(binary, 'latin1');
  return encoding !== 'latin1' && isUtf8(bytes)
    ? bytes.toString('utf8')
    : createDecoder('latin1').decode(bytes);
}
