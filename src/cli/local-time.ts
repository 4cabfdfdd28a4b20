import type { Instant } from '../base/time.ts';

const HOUR_MS = 3_600_000;

/** Shows instants on the clock of one time zone; what is stored and what JSON holds stays in UTC. */
export class LocalTime {
  readonly #zone: string;
  #minutes: Intl.DateTimeFormat | undefined;

  constructor(zone: string) {
    this.#zone = zone;
  }

  /** `at (Europe/Berlin)`: the head of a column of cells. */
  head(title: string): string {
    return `${title} (${this.#zone})`;
  }

  /** `2026-01-05 10:00`; in an hour that the clocks show twice with its offset, and empty for no instant. */
  cell(instant: Instant | undefined): string {
    if (instant === undefined) return '';
    const at = Date.parse(instant);
    const { minute, offset } = this.#read(at);
    const isTwice = [at - HOUR_MS, at + HOUR_MS].some((other) => this.#read(other).minute === minute);
    return isTwice ? `${minute} ${offset}` : minute;
  }

  /** The day on this clock: `2026-01-05`. */
  day(instant: Instant): string {
    return this.#read(Date.parse(instant)).minute.slice(0, 'YYYY-MM-DD'.length);
  }

  /** `2026-01-05 10:00 Europe/Berlin`. */
  words(instant: Instant): string {
    return `${this.cell(instant)} ${this.#zone}`;
  }

  #read(at: number): { readonly minute: string; readonly offset: string } {
    this.#minutes ??= minutesIn(this.#zone);
    const parts = new Map(this.#minutes.formatToParts(at).map(({ type, value }) => [type, value]));
    const [year, month, day] = [parts.get('year'), parts.get('month'), parts.get('day')];
    return {
      minute: `${year}-${month}-${day} ${parts.get('hour')}:${parts.get('minute')}`,
      offset: parts.get('timeZoneName') ?? '',
    };
  }
}

function minutesIn(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'longOffset',
  });
}
