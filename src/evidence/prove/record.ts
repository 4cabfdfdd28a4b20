/** A value as SQLite stores it; an integer past 2^53 as a bigint. */
export type SqlValue = null | number | bigint | string | Buffer;

/** Where a column's value lies in its record. */
export interface ColumnSpan {
  /** SQLite's serial type (file format §2.1). */
  readonly type: number;
  readonly from: number;
  readonly to: number;
}

// The widths of serial types 0 to 9; 10 and 11 are never written to a file.
const WIDTHS = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

/** Bytes of the varint at a place (1 to 9), or 0 where it runs past `end`. */
export function varintSize(bytes: Uint8Array, at: number, end: number): number {
  for (let size = 1; size <= 9; size += 1) {
    if (at + size > end) return 0;
    if (size === 9 || (bytes[at + size - 1] as number) < 0x80) return size;
  }
  return 0;
}

/** The varint that is `size` bytes long, as an unsigned number: rounded past 2^53. */
export function varintValue(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = 0; i < Math.min(size, 8); i += 1) value = value * 128 + ((bytes[at + i] as number) & 0x7f);
  return size === 9 ? value * 256 + (bytes[at + 8] as number) : value;
}

/** The varint that is `size` bytes long, as SQLite's signed integer of 64 bits. */
export function varintInteger(bytes: Uint8Array, at: number, size: number): number | bigint {
  // Seven bytes hold 49 bits, so no sign.
  if (size <= 7) return varintValue(bytes, at, size);
  let value = 0n;
  for (let i = 0; i < 8; i += 1) value = (value << 7n) | BigInt((bytes[at + i] as number) & 0x7f);
  if (size === 9) value = (value << 8n) | BigInt(bytes[at + 8] as number);
  return integer(BigInt.asIntN(64, value));
}

function integer(value: bigint): number | bigint {
  const rounded = Number(value);
  return Number.isSafeInteger(rounded) ? rounded : value;
}

/** The columns of a record; undefined where its header is not one, or names more than its bytes. */
export function columnSpans(record: Uint8Array): readonly ColumnSpan[] | undefined {
  const lead = varintSize(record, 0, record.length);
  const header = varintValue(record, 0, lead);
  if (lead === 0 || header < lead || header > record.length) return undefined;
  const spans: ColumnSpan[] = [];
  let from = header;
  for (let at = lead; at < header; ) {
    const size = varintSize(record, at, header);
    if (size === 0) return undefined;
    const type = varintValue(record, at, size);
    const width = widthOf(type);
    if (width === undefined || from + width > record.length) return undefined;
    spans.push({ type, from, to: from + width });
    from += width;
    at += size;
  }
  return spans;
}

function widthOf(type: number): number | undefined {
  return type < 12 ? WIDTHS[type] : Math.floor((type - 12) / 2);
}

/** The value of a column, its text as UTF-8. */
export function columnValue(record: Buffer, { type, from, to }: ColumnSpan): SqlValue {
  if (type === 0) return null;
  if (type === 7) return record.readDoubleBE(from);
  if (type === 8 || type === 9) return type - 8;
  if (type >= 12) return type % 2 === 0 ? record.subarray(from, to) : record.toString('utf8', from, to);
  return type === 6 ? integer(record.readBigInt64BE(from)) : record.readIntBE(from, to - from);
}
