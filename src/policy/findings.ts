import { printable } from '../base/mask.ts';

/** The way from the root of the policy file to one of its values. */
export type Path = readonly (string | number)[];

/** One problem of the policy file, at a place in its tree. */
export interface Finding {
  /** What the message speaks of. */
  readonly path: Path;
  /** Where to look: the value at `place`, or the key that names it. */
  readonly place: Path;
  readonly on: 'value' | 'key';
  readonly message: string;
}

/** A problem of a value. */
export function ofValue(path: Path, message: string): Finding {
  return { path, place: path, on: 'value', message };
}

/** A problem of the name under which a value stands. */
export function ofName(path: Path, message: string): Finding {
  return { path, place: path, on: 'key', message };
}

/** A problem of a map, shown at one of its keys. */
export function ofKey(path: Path, key: string, message: string): Finding {
  return { path, place: [...path, key], on: 'key', message };
}

/** A key that a map lacks, shown at the name of the map. */
export function missingKey(path: Path, key: string, why = ''): Finding {
  return ofName(path, `missing key ${quoted(key)}${why}`);
}

/** `categories.payments.keep[0].for`; names with other characters stand in brackets and quotes. */
export function renderPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(part)) return `${text}[${quoted(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** A word of the policy file in quotes, cut where it is long and safe for a terminal. */
export function quoted(word: string): string {
  const safe = printable(word.length > 60 ? `${word.slice(0, 59)}…` : word);
  return `"${safe}"`;
}
