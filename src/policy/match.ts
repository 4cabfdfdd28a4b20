import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../base/time.ts';
import type { Policy, Source } from './types.ts';

/** Whether a file's base name matches a glob of `*` and `?`; a glob without `.gz` matches the packed file too. */
export function matchesGlob(glob: string, fileBaseName: string): boolean {
  if (matches([...glob], [...fileBaseName])) return true;
  if (glob.endsWith('.gz') || !fileBaseName.endsWith('.gz')) return false;
  return matches([...glob], [...fileBaseName.slice(0, -3)]);
}

// One way back to the last star is enough, so the time is at most glob length × name length.
function matches(glob: readonly string[], name: readonly string[]): boolean {
  let [g, n] = [0, 0];
  let [star, resume] = [-1, 0];
  while (n < name.length) {
    if (glob[g] === '*') [star, resume, g] = [g, n, g + 1];
    else if (g < glob.length && (glob[g] === '?' || glob[g] === name[n])) [g, n] = [g + 1, n + 1];
    else if (star >= 0) [g, n, resume] = [star + 1, resume + 1, resume + 1];
    else return false;
  }
  return glob.slice(g).every((char) => char === '*');
}

/** The sources that a file belongs to by its base name: none, one, or several that overlap. */
export function sourceForFile(policy: Pick<Policy, 'sources'>, fileBaseName: string): Source[] {
  return Object.values(policy.sources).filter(({ files }) =>
    files.some((glob) => matchesGlob(glob, fileBaseName)),
  );
}

const STAMP = /YYYY([-_.]?)MM\1DD(?:([-_.T ]?)HH([-_.:]?)mm(?:\3ss)?)?/g;
const DIGITS: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  DD: '(?<day>\\d{2})',
  HH: '(?<hour>\\d{2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
};

/** Why a `taken_at` pattern gives no instant, or undefined when it does. */
export function findTakenAtFault(pattern: string): string | undefined {
  const stamps = pattern.match(STAMP)?.length ?? 0;
  return stamps === 1 ? undefined : 'must be a file name with one date in it, such as users-YYYY-MM-DD.csv';
}

/** A file name that a `taken_at` pattern without wildcards stands for. */
export function takenAtExample(pattern: string): string {
  const digits: Readonly<Record<string, string>> = {
    YYYY: '2026',
    MM: '11',
    DD: '22',
    HH: '01',
    mm: '02',
    ss: '03',
  };
  return pattern.replace(STAMP, (stamp) =>
    stamp.replace(/YYYY|MM|DD|HH|mm|ss/g, (token) => digits[token] ?? token),
  );
}

/** The instant in a file's base name that the source's `taken_at` pattern points to, read as UTC. */
export function takenAtFromName(source: Pick<Source, 'takenAt'>, fileBaseName: string): Instant | undefined {
  if (source.takenAt === undefined) return undefined;
  const found = takenAtExpression(source.takenAt).exec(fileBaseName)?.groups;
  if (found === undefined) return undefined;
  const { year, month, day, hour = '00', minute = '00', second = '00' } = found;
  return findInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
}

function takenAtExpression(pattern: string): RegExp {
  const [stamp = ''] = pattern.match(STAMP) ?? [];
  const at = pattern.indexOf(stamp);
  const date = literal(stamp).replace(/YYYY|MM|DD|HH|mm|ss/g, (token) => DIGITS[token] ?? token);
  const packed = pattern.endsWith('.gz') ? '' : '(?:\\.gz)?';
  return new RegExp(
    `^${wild(pattern.slice(0, at))}${date}${wild(pattern.slice(at + stamp.length))}${packed}$`,
    'su',
  );
}

function wild(glob: string): string {
  return literal(glob).replaceAll('\\*', '.*').replaceAll('\\?', '.');
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function findInstant(local: string): Instant | undefined {
  try {
    return `${Temporal.PlainDateTime.from(local, { overflow: 'reject' }).toString({ smallestUnit: 'second' })}Z`;
  } catch {
    return undefined;
  }
}
