import { listed } from './words.ts';

const TOKEN = /YYYY|MM|M|DD|D|HH|mm|ss/g;
const PARTS = [
  { part: 'year', tokens: ['YYYY'] },
  { part: 'month', tokens: ['MM', 'M'] },
  { part: 'day', tokens: ['DD', 'D'] },
  { part: 'hour', tokens: ['HH'] },
  { part: 'minute', tokens: ['mm'] },
  { part: 'second', tokens: ['ss'] },
] as const;

/** Formats of a date column that need no pattern. */
export const DATE_WORDS: readonly string[] = ['iso', 'epoch', 'epoch-ms'];

/** Why a date column cannot be read by this format, or undefined when it can. */
export function findDateFormatFault(format: string): string | undefined {
  if (DATE_WORDS.includes(format)) return undefined;
  return findLetterFault(format) ?? findPartFault(format) ?? findJoinFault(format);
}

function findLetterFault(format: string): string | undefined {
  // T and Z stand for themselves, as in 2026-11-22T01:00:00Z.
  const letter = /[^\P{L}TZ]/u.exec(format.replace(TOKEN, ' '));
  if (letter === null) return undefined;
  return `must be ${listed([...DATE_WORDS, 'a pattern of YYYY MM M DD D HH mm ss'])}`;
}

function findPartFault(format: string): string | undefined {
  const tokens = format.match(TOKEN) ?? [];
  const counts = PARTS.map(
    ({ tokens: own }) => tokens.filter((token) => own.some((one) => one === token)).length,
  );
  const twice = counts.findIndex((count) => count > 1);
  if (twice >= 0) return `has the ${PARTS[twice]?.part} twice`;
  const lacking = PARTS.slice(0, 3).filter((_, i) => counts[i] === 0);
  if (lacking.length > 0) return `has no ${listed(lacking.map(({ part }) => part))}`;
  const [hour, minute, second] = counts.slice(3);
  if (hour === 0 && minute === 1) return 'has minutes without hours';
  if (minute === 0 && second === 1) return 'has seconds without minutes';
  return undefined;
}

function findJoinFault(format: string): string | undefined {
  const joined = /(?<!M)M(?=YYYY|DD|D|HH|mm|ss)|(?<!D)D(?=YYYY|MM|M|HH|mm|ss)/.exec(format);
  return joined === null
    ? undefined
    : `cannot tell where ${joined[0]} ends; write ${joined[0]}${joined[0]} or put a sign after it`;
}
