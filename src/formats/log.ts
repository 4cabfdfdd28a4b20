import type { Encoding, LogFormat } from '../policy/types.ts';
import { type LogField, LogScanner, parseLogField } from './log-scanner.ts';
import { decodeLogText, decodeQueryText } from './log-text.ts';

/** One line, for people to read. Fields that the line leaves open are empty. */
export interface LogLine {
  readonly host: string;
  readonly ident: string;
  readonly user: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly request: string;
  /** Empty where the request line is not one, as probes leave them. */
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly bytes: number | undefined;
  readonly referrer: string;
  readonly agent: string;
}

/** Reads one binary line without its line end, or says why it is none. */
export function parseLogLine(line: string, format: LogFormat): LogLine | { readonly reason: string } {
  const scanner = new LogScanner(format.type);
  const bytes = Buffer.from(line, 'latin1');
  const reason = scanner.scan(bytes, 0, bytes.length);
  return reason === undefined ? logLineOf(scanner, bytes, format) : { reason };
}

/** The line that was scanned last. */
export function logLineOf(scanner: LogScanner, bytes: Buffer, format: LogFormat): LogLine {
  const field = (kind: 'host' | 'ident' | 'user' | 'path' | 'referrer' | 'agent'): string =>
    fieldText(scanner, bytes, { kind }, format);
  const request = bytes.toString('latin1', scanner.requestStart, scanner.requestEnd);
  const path = field('path');
  return {
    host: field('host'),
    ident: field('ident'),
    user: field('user'),
    at: scanner.at,
    request: request === '-' ? '' : decodeLogText(request, format.encoding),
    method: path === '' ? '' : request.slice(0, request.indexOf(' ')),
    path,
    status: numberOf(bytes.toString('latin1', scanner.requestEnd + 2, scanner.statusEnd)),
    bytes: numberOf(bytes.toString('latin1', scanner.statusEnd + 1, scanner.bytesEnd)),
    referrer: field('referrer'),
    agent: field('agent'),
  };
}

/** One field of a binary line; empty where the line does not fit or has none. */
export function logField(line: string, name: string, format: LogFormat): string {
  const scanner = new LogScanner(format.type);
  const field = parseLogField(name);
  const bytes = Buffer.from(line, 'latin1');
  if (field === undefined || scanner.scan(bytes, 0, bytes.length) !== undefined) return '';
  return fieldText(scanner, bytes, field, format);
}

function fieldText(scanner: LogScanner, bytes: Buffer, field: LogField, format: LogFormat): string {
  if (!scanner.locate(bytes, field)) return '';
  return decodeLogField(
    bytes.toString('latin1', scanner.fieldStart, scanner.fieldEnd),
    field,
    format.encoding,
  );
}

function numberOf(text: string): number | undefined {
  return text === '-' ? undefined : Number(text);
}

/** The text of a located field, which is what an identifier is made of. */
export function decodeLogField(written: string, field: LogField, encoding: Encoding): string {
  return field.kind === 'query' ? decodeQueryText(written, encoding) : decodeLogText(written, encoding);
}
