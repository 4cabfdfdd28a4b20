import type { LogLine } from '../formats/log.ts';
import type { CountRule } from '../policy/types.ts';
import type { EventCount } from './store.ts';

const HOUR = 3600;
/** A word and perhaps a file ending: nothing in it can be a number, an address or an escape. */
const WORD =
  /^([A-Za-z_-]{1,24})(?:\.(?:html?|php|aspx?|jsp|cgi|xml|json|txt|css|js|png|jpe?g|gif|svg|ico|pdf))?$/;
const HIDDEN = ':id';

/** Whether a word of a path points to a person. */
type IsKnown = (word: string) => Promise<boolean>;

/** What stays of erased lines. */
export interface CountRequest {
  readonly rule: CountRule;
  readonly isKnown: IsKnown;
}

/** Counts erased lines by what the policy names, so that nobody can be found by a count. */
export class EventTally {
  readonly #source: string;
  readonly #rule: CountRule;
  /** By hour, path as it was and status. */
  readonly #counts = new Map<string, EventCount>();

  constructor(source: string, rule: CountRule) {
    this.#source = source;
    this.#rule = rule;
  }

  add(line: LogLine): void {
    const { by } = this.#rule;
    const hour = by.includes('hour') ? Math.floor(line.at / HOUR) : -1;
    const path = by.includes('path') ? line.path : '';
    const status = by.includes('status') ? (line.status ?? 0) : 0;
    addCount(this.#counts, { source: this.#source, hour, path, status, count: 1 });
  }

  /** The counts with every segment of a path hidden that may be somebody's. */
  async counts(isKnown: IsKnown): Promise<readonly EventCount[]> {
    const paths = new PublicPaths(isKnown);
    const shown = new Map<string, EventCount>();
    for (const count of this.#counts.values())
      addCount(shown, { ...count, path: await paths.show(count.path) });
    return [...shown.values()];
  }
}

function addCount(counts: Map<string, EventCount>, count: EventCount): void {
  const key = JSON.stringify([count.hour, count.path, count.status]);
  const before = counts.get(key)?.count ?? 0;
  counts.set(key, { ...count, count: before + count.count });
}

class PublicPaths {
  readonly #isKnown: IsKnown;
  readonly #words = new Map<string, boolean>();

  constructor(isKnown: IsKnown) {
    this.#isKnown = isKnown;
  }

  async show(path: string): Promise<string> {
    const segments: string[] = [];
    for (const segment of path.split('/')) segments.push((await this.#isPublic(segment)) ? segment : HIDDEN);
    return segments.join('/');
  }

  async #isPublic(segment: string): Promise<boolean> {
    if (segment === '') return true;
    const [, word] = WORD.exec(segment) ?? [];
    if (word === undefined || segment.length > 24) return false;
    const isKnown =
      this.#words.get(segment) ?? ((await this.#isKnown(word)) || (await this.#isKnown(segment)));
    this.#words.set(segment, isKnown);
    return !isKnown;
  }
}
