import type { LogLine } from '../formats/log.ts';
import type { CountRule } from '../policy/types.ts';
import type { EventCount } from './store.ts';

const HOUR = 3600;
/** A word and perhaps a file ending: nothing in it can be a number, an address or an escape. */
const WORD =
  /^([A-Za-z_-]{1,24})(?:\.(?:html?|php|aspx?|jsp|cgi|xml|json|txt|css|js|png|jpe?g|gif|svg|ico|pdf))?$/;
const HIDDEN = ':id';

/** What stays of erased lines. */
export interface CountRequest {
  readonly rule: CountRule;
  /** Whether a word of a path points to a person. */
  readonly isKnown: (word: string) => Promise<boolean>;
}

/** Counts erased lines by what the policy names, so that nobody can be found by a count. */
export class EventTally {
  readonly #source: string;
  readonly #request: CountRequest;
  readonly #counts = new Map<string, EventCount>();
  readonly #words = new Map<string, boolean>();

  constructor(source: string, request: CountRequest) {
    this.#source = source;
    this.#request = request;
  }

  async add(line: LogLine): Promise<void> {
    const { by } = this.#request.rule;
    const hour = by.includes('hour') ? Math.floor(line.at / HOUR) : -1;
    const path = by.includes('path') ? await this.#publicPath(line.path) : '';
    const status = by.includes('status') ? (line.status ?? 0) : 0;
    const key = JSON.stringify([hour, path, status]);
    const count = (this.#counts.get(key)?.count ?? 0) + 1;
    this.#counts.set(key, { source: this.#source, hour, path, status, count });
  }

  counts(): readonly EventCount[] {
    return [...this.#counts.values()];
  }

  /** The path with every segment hidden that may be somebody's. */
  async #publicPath(path: string): Promise<string> {
    const segments: string[] = [];
    for (const segment of path.split('/')) segments.push((await this.#isPublic(segment)) ? segment : HIDDEN);
    return segments.join('/');
  }

  async #isPublic(segment: string): Promise<boolean> {
    if (segment === '') return true;
    const [, word] = WORD.exec(segment) ?? [];
    if (word === undefined || segment.length > 24) return false;
    const isKnown = this.#words.get(segment) ?? (await this.#isKnown(segment, word));
    this.#words.set(segment, isKnown);
    return !isKnown;
  }

  async #isKnown(segment: string, word: string): Promise<boolean> {
    return (await this.#request.isKnown(word)) || (await this.#request.isKnown(segment));
  }
}
