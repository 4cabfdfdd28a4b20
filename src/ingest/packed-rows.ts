import type { NewRecord } from '../store/store.ts';

/** Records in few pieces, so that they go from thread to thread at little cost. */
export interface PackedRecords {
  readonly keys: readonly string[];
  readonly bodies: readonly string[];
  readonly lines: Float64Array<ArrayBuffer>;
  /** NaN where a row has no date. */
  readonly dates: Float64Array<ArrayBuffer>;
  readonly reach: Float64Array<ArrayBuffer>;
  /** Where in `reach` each record's digests end. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** Index into `GATED`. */
  readonly gated: Uint8Array<ArrayBuffer>;
}

const GATED = [undefined, 'out', 'set-aside', 'cleaned', 'aside', 'known-only'] as const;

export function packRecords(records: readonly NewRecord[]): PackedRecords {
  const count = records.length;
  const packed = {
    keys: new Array<string>(count),
    bodies: new Array<string>(count),
    lines: new Float64Array(count),
    dates: new Float64Array(count),
    reach: new Float64Array(records.reduce((sum, { reach }) => sum + reach.length, 0)),
    ends: new Uint32Array(count),
    gated: new Uint8Array(count),
  };
  let end = 0;
  for (let i = 0; i < count; i += 1) {
    const { key, body, line, at, reach, gated } = records[i] as NewRecord;
    packed.keys[i] = key;
    packed.bodies[i] = body;
    packed.lines[i] = line;
    packed.dates[i] = at ?? Number.NaN;
    packed.gated[i] = GATED.indexOf(gated);
    for (let j = 0; j < reach.length; j += 1, end += 1) packed.reach[end] = reach[j] as number;
    packed.ends[i] = end;
  }
  return packed;
}

export function unpackRecords(packed: PackedRecords): NewRecord[] {
  const records = new Array<NewRecord>(packed.keys.length);
  let from = 0;
  for (let i = 0; i < records.length; i += 1) {
    const end = packed.ends[i] as number;
    const at = packed.dates[i] as number;
    const row = {
      key: packed.keys[i] as string,
      line: packed.lines[i] as number,
      at: Number.isNaN(at) ? undefined : at,
      body: packed.bodies[i] as string,
      reach: packed.reach.subarray(from, end),
    };
    const gated = GATED[packed.gated[i] as number];
    records[i] = gated === undefined ? row : { ...row, gated };
    from = end;
  }
  return records;
}
