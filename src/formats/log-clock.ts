/** Bytes of `10/Oct/2000:13:55:36 -0700`. */
export const TIME_LENGTH = 26;

const ZERO = 48;
const COLON = 58;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DATE = /^(\d\d)\/([A-Z][a-z][a-z])\/(\d{4}):$/;
const OFFSET = /^ ([+-])(0\d|1[0-4])([0-5]\d)$/;
/** Where the date ends, and where the zone begins. */
const DATE_END = 12;
const ZONE = 20;

/** Reads the times of a log, and remembers the day read last: logs are mostly in order. */
export class LogClock {
  #last = new Uint8Array(TIME_LENGTH);
  #midnight = Number.NaN;

  /** Epoch seconds of the time at a place; NaN where it is none, or none that 32 bits hold. */
  read(bytes: Buffer, at: number): number {
    if (!this.#isLastDay(bytes, at)) this.#enter(bytes, at);
    const hours = twoDigits(bytes, at + 12);
    const minutes = twoDigits(bytes, at + 15);
    const seconds = twoDigits(bytes, at + 18);
    // A leap second is written 60.
    const isTime =
      hours < 24 && minutes < 60 && seconds <= 60 && bytes[at + 14] === COLON && bytes[at + 17] === COLON;
    return isTime ? this.#midnight + hours * 3600 + minutes * 60 + seconds : Number.NaN;
  }

  #isLastDay(bytes: Buffer, at: number): boolean {
    const last = this.#last;
    for (let i = 0; i < DATE_END; i += 1) if (bytes[at + i] !== last[i]) return false;
    for (let i = ZONE; i < TIME_LENGTH; i += 1) if (bytes[at + i] !== last[i]) return false;
    return true;
  }

  #enter(bytes: Buffer, at: number): void {
    const time = bytes.toString('latin1', at, at + TIME_LENGTH);
    this.#midnight = midnightOf(time.slice(0, DATE_END), time.slice(ZONE));
    this.#last = Uint8Array.from(bytes.subarray(at, at + TIME_LENGTH));
  }
}

/** NaN, which is below nothing, where there are none. */
function twoDigits(bytes: Buffer, at: number): number {
  const tens = (bytes[at] as number) - ZERO;
  const ones = (bytes[at + 1] as number) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Epoch seconds at which a day begins where its clock shows this offset. */
function midnightOf(date: string, zone: string): number {
  const [, day, month, year] = DATE.exec(date) ?? [];
  const [, sign, hours, minutes] = OFFSET.exec(zone) ?? [];
  const monthIndex = MONTHS.indexOf(month ?? '');
  const midnight = new Date(Date.UTC(Number(year), monthIndex, Number(day)));
  if (midnight.getUTCMonth() !== monthIndex || midnight.getUTCFullYear() !== Number(year)) return Number.NaN;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60;
  const epoch = midnight.getTime() / 1000 + (sign === '-' ? offset : -offset);
  return epoch > -86_400 && epoch < 2 ** 32 - 86_401 ? epoch : Number.NaN;
}
