import { isAscii, isUtf8 } from 'node:buffer';
import type { Encoding } from '../policy/types.ts';

/** A longer line or record is set aside without being held. */
export const MAX_RECORD_BYTES = 1_048_576;
/** Characters of such a record that are kept to show it. */
export const RAW_KEPT = 1024;

/** Turns the chunks of a file into text, each character whole; a leading byte order mark is dropped. */
export interface Decoder {
  decode(chunk: Buffer): string;
  /** What was held back at the end; no text follows. */
  end(): string;
}

/**
 * A decoder that replaces nothing: bytes that are no text become lone surrogates, which no valid
 * text holds, so that `findTextFault` finds the record they stand in.
 */
export function createDecoder(encoding: Encoding): Decoder {
  switch (encoding) {
    case 'utf-8':
      return new Utf8Decoder();
    case 'utf-16':
      return new Utf16Decoder();
    case 'latin1':
      return { decode: decodeLatin1, end: () => '' };
  }
}

/** Why a record's text cannot be used, or undefined where it can. */
export function findTextFault(text: string, encoding: Encoding): string | undefined {
  if (text.includes('\0')) return 'NUL byte';
  return text.isWellFormed() ? undefined : `broken ${encoding}`;
}

/** A record as it can be stored and shown: `\xHH` for a byte that is no text, `\x00` for NUL. */
export function renderRaw(text: string): string {
  return text.replace(/[\0\ud800-\udfff]/gu, (char) => {
    const code = char.charCodeAt(0);
    const isByte = code === 0 || (code >= 0xdc80 && code <= 0xdcff);
    return isByte ? `\\x${(code & 0xff).toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
  });
}

/** Whether a record is over `MAX_RECORD_BYTES`, counted as UTF-8. */
export function isTooLong(text: string): boolean {
  if (text.length * 3 <= MAX_RECORD_BYTES) return false;
  return text.length > MAX_RECORD_BYTES || Buffer.byteLength(text) > MAX_RECORD_BYTES;
}

export const TOO_LONG = 'longer than 1 MiB';

class Utf8Decoder implements Decoder {
  #held: Buffer = Buffer.alloc(0);
  #started = false;

  decode(chunk: Buffer): string {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const cut = bytes.length - unfinished(bytes);
    this.#held = bytes.subarray(cut);
    return this.#withoutMark(decodeUtf8(bytes.subarray(0, cut)));
  }

  end(): string {
    return this.#withoutMark(decodeUtf8(this.#held));
  }

  #withoutMark(text: string): string {
    if (this.#started || text === '') return text;
    this.#started = true;
    return text.startsWith('\ufeff') ? text.slice(1) : text;
  }
}

function decodeUtf8(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : decodeBrokenUtf8(bytes);
}

/** Length of the character that a chunk cuts off at its end; 0 where it ends with a whole one. */
function unfinished(bytes: Buffer): number {
  for (let length = 1; length <= 3 && length <= bytes.length; length += 1) {
    const byte = bytes[bytes.length - length] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return utf8Length(byte) > length ? length : 0;
  }
  return 0;
}

function utf8Length(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

function decodeBrokenUtf8(bytes: Buffer): string {
  let text = '';
  let from = 0;
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    const length = utf8Length(lead);
    if (lead < 0x80 || isUtf8(bytes.subarray(at, at + length))) {
      at += length;
      continue;
    }
    text += bytes.toString('utf8', from, at) + String.fromCharCode(0xdc00 + lead);
    at += 1;
    from = at;
  }
  return text + bytes.toString('utf8', from);
}

class Utf16Decoder implements Decoder {
  #held: Buffer = Buffer.alloc(0);
  #surrogate = '';
  #bigEndian: boolean | undefined;

  decode(chunk: Buffer): string {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const cut = bytes.length & ~1;
    this.#held = bytes.subarray(cut);
    return cut === 0 ? '' : this.#pairs(this.#units(bytes.subarray(0, cut)));
  }

  end(): string {
    // An odd byte at the end is no character.
    const odd = this.#held.length === 1 ? String.fromCharCode(0xdc80) : '';
    return this.#surrogate + odd;
  }

  #units(bytes: Buffer): string {
    const isStart = this.#bigEndian === undefined;
    // Without a mark the first character, which is ASCII in every table format, shows the order.
    this.#bigEndian ??= bytes[0] === 0xfe || bytes[0] === 0;
    const text = (this.#bigEndian ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');
    return isStart && text.startsWith('\ufeff') ? text.slice(1) : text;
  }

  /** Holds back a first half at the end, so that a chunk never splits a character. */
  #pairs(units: string): string {
    const text = this.#surrogate + units;
    const last = text.charCodeAt(text.length - 1);
    const isHalf = last >= 0xd800 && last <= 0xdbff;
    this.#surrogate = isHalf ? text.slice(-1) : '';
    return isHalf ? text.slice(0, -1) : text;
  }
}

/** Characters 0x80 to 0x9f of Windows-1252, which MySQL and browsers mean by "latin1"; 0 where it has none. */
const WINDOWS_1252 = [
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
  0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
  0x0153, 0, 0x017e, 0x0178,
];

function decodeLatin1(chunk: Buffer): string {
  return chunk.toString('latin1').replace(/[\x80-\x9f]/g, (char) => {
    const code = WINDOWS_1252[char.charCodeAt(0) - 0x80] ?? 0;
    return code === 0 ? char : String.fromCharCode(code);
  });
}
