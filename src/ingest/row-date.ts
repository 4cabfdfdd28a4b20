import { Temporal } from 'temporal-polyfill';
import type { Json } from '../base/json.ts';
import { compileDateFormat } from '../formats/dates.ts';
import type { DateColumn } from '../policy/types.ts';

const DAY = 86_400;

/** How exports of MySQL write a date that never came. */
const ZERO_DATE = /^0000-00-00/;
const HAS_ZONE = /(?:Z|UTC|[+-]\d\d(?::?\d\d)?)$/i;
const LONGEST_DATE_ALONE = 'YYYY-MM-DD'.length;

/** Epoch seconds of a cell, undefined where it is empty, NaN where it is no date. */
export type CellDate = (cell: Json | undefined) => number | undefined;

/**
 * Prepares the reading of a date column. What names no zone is taken in the controller's, so that
 * the date on which a duty counts is the one that is written in the row.
 */
export function compileCellDate(column: DateColumn, zone: string): CellDate {
  const read = compileDateFormat(column.format);
  const zones = new ZoneClock(zone);
  const isAbsolute = column.format.startsWith('epoch') || column.format.endsWith('Z');
  const hasZone = (text: string) =>
    isAbsolute || (column.format === 'iso' && text.length > LONGEST_DATE_ALONE && HAS_ZONE.test(text));
  return (cell) => {
    if (cell === null || cell === undefined || cell === '') return undefined;
    const text = typeof cell === 'string' ? cell.trim() : String(cell);
    if (text === '' || ZERO_DATE.test(text)) return undefined;
    const seconds = read(text);
    if (seconds === undefined) return Number.NaN;
    return hasZone(text) ? seconds : zones.instantOf(seconds);
  };
}

/** Turns wall-clock times of one zone into instants; offsets are looked up once a day. */
class ZoneClock {
  readonly #zone: string;
  readonly #midnights = new Map<number, number>();

  constructor(zone: string) {
    this.#zone = zone;
  }

  /** `local` counts seconds as if the wall clock were UTC. */
  instantOf(local: number): number {
    const day = Math.floor(local / DAY);
    const offset = this.#offsetAtMidnight(day);
    // On a day on which clocks change the exact time decides.
    return local - (offset === this.#offsetAtMidnight(day + 1) ? offset : this.#offsetAt(local));
  }

  #offsetAtMidnight(day: number): number {
    const known = this.#midnights.get(day);
    if (known !== undefined) return known;
    const offset = this.#offsetAt(day * DAY);
    this.#midnights.set(day, offset);
    return offset;
  }

  // Of a time that clocks skip it is the offset before: the instant right after them.
  #offsetAt(local: number): number {
    const clock = Temporal.Instant.fromEpochMilliseconds(local * 1000)
      .toZonedDateTimeISO('UTC')
      .toPlainDateTime();
    return local - clock.toZonedDateTime(this.#zone).epochMilliseconds / 1000;
  }
}
