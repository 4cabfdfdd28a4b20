import { badInput } from '../base/errors.ts';
import { findDateFormatFault } from '../policy/date-pattern.ts';

const DAY = 86_400;
/** 1 January of year 1 and 31 December 9999: a number outside is not meant as seconds. */
const FIRST = -62_135_596_800;
const LAST = 253_402_300_799;

type DateReader = (text: string) => number | undefined;

const compiled = new Map<string, DateReader>();

/** Epoch seconds of a date written in a format of `DateColumn`; undefined for anything that is no date. */
export function parseDateValue(text: string, format: string): number | undefined {
  let read = compiled.get(format);
  if (read === undefined) {
    read = compileDateFormat(format);
    compiled.set(format, read);
  }
  return read(text);
}

/** The reader of a date format; throws a UserError where there is no such format. Times without a zone are UTC. */
export function compileDateFormat(format: string): DateReader {
  const fault = findDateFormatFault(format);
  if (fault !== undefined) throw badInput('date-format', `a date format ${fault}`);
  switch (format) {
    case 'iso':
      return parseIso;
    case 'epoch':
      return (text) => parseEpoch(text, 1);
    case 'epoch-ms':
      return (text) => parseEpoch(text, 1000);
    default:
      return compilePattern(format);
  }
}

function parseEpoch(text: string, perSecond: number): number | undefined {
  if (!/^-?\d{1,17}(?:\.\d{1,9})?$/.test(text)) return undefined;
  const seconds = Math.floor(Number(text) / perSecond);
  return seconds >= FIRST && seconds <= LAST ? seconds : undefined;
}

/** A date, or a date and a time, with or without seconds, fraction and zone. */
function parseIso(text: string): number | undefined {
  if (text.charAt(4) !== '-' || text.charAt(7) !== '-') return undefined;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  if (text.length === 10) return epochOf(year, month, day, 0, 0, 0);
  if (!'T t'.includes(text.charAt(10)) || text.charAt(13) !== ':') return undefined;
  const hasSeconds = text.charAt(16) === ':';
  const second = hasSeconds ? digitsAt(text, 17, 2) : 0;
  const local = epochOf(year, month, day, digitsAt(text, 11, 2), digitsAt(text, 14, 2), second);
  const offset = zoneOffset(text.slice(hasSeconds ? 19 : 16), hasSeconds);
  return local === undefined || offset === undefined ? undefined : local - offset;
}

/** -1 where one of them is no digit. */
function digitsAt(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

const ZONE = /^([.,]\d{1,9})?(?: ?(?:Z|UTC|([+-])(\d\d)(?::?(\d\d))?))?$/i;

/** Seconds east of UTC, from what follows a time. */
function zoneOffset(suffix: string, hasSeconds: boolean): number | undefined {
  if (suffix === '' || suffix === 'Z') return 0;
  const match = ZONE.exec(suffix);
  if (match === null || (match[1] !== undefined && !hasSeconds)) return undefined;
  const [, , sign, hours, minutes] = match;
  const offset = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60;
  if (Number(hours ?? 0) > 18 || Number(minutes ?? 0) > 59) return undefined;
  return sign === '-' ? -offset : offset;
}

/** One part of a pattern: digits for a part of the date, or a literal. */
interface Part {
  readonly field: number;
  readonly least: number;
  readonly most: number;
  readonly literal: string;
}

/** Places of year, month, day, hour, minute and second. */
const FIELDS = ['YYYY', 'M', 'D', 'HH', 'mm', 'ss'];

/** The pattern has been found faultless. */
function compilePattern(format: string): DateReader {
  const parts = (format.match(/YYYY|MM?|DD?|HH|mm|ss|[^YMDHms]+/g) ?? []).map(partOf);
  const values = [0, 0, 0, 0, 0, 0];
  return (text) => {
    values.fill(0);
    let at = 0;
    for (const part of parts) {
      at = part.field < 0 ? passLiteral(text, at, part.literal) : readNumber(text, at, part, values);
      if (at < 0) return undefined;
    }
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = values;
    return at === text.length ? epochOf(year, month, day, hour, minute, second) : undefined;
  };
}

function partOf(token: string): Part {
  const single = token === 'MM' || token === 'DD' ? token.slice(1) : token;
  const field = FIELDS.indexOf(single);
  const most = token === 'M' || token === 'D' ? 2 : token.length;
  return { field, least: token.length, most, literal: token };
}

function passLiteral(text: string, at: number, literal: string): number {
  return text.startsWith(literal, at) ? at + literal.length : -1;
}

/** Reads digits into their place; gives the index behind them, -1 where there are too few. */
function readNumber(text: string, from: number, part: Part, values: number[]): number {
  let at = from;
  let value = 0;
  while (at < from + part.most) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    value = value * 10 + digit;
    at += 1;
  }
  values[part.field] = value;
  return at - from < part.least ? -1 : at;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function epochOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  if (year < 1 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  return epochDay(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
}

/** 0 for a month that does not exist. */
function daysIn(year: number, month: number): number {
  const isLeap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return isLeap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

/** Days since 1 January 1970. Date.UTC takes years below 100 for 19xx. */
function epochDay(year: number, month: number, day: number): number {
  // Years that begin in March put the leap day at their end.
  const marchYear = month <= 2 ? year - 1 : year;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return marchYear * 365 + leapDays + dayOfYear - 719_468;
}
