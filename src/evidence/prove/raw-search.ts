import type { LedgerHit } from './hits.ts';
import type { PageImage } from './pages.ts';
import type { DeadPlace } from './places.ts';
import { SearchProblems } from './problems.ts';
import type { Hit, PatternSearch } from './search.ts';

/** What the reader needs of a search for patterns. */
export type ByteSearch = Pick<PatternSearch, 'scan' | 'fieldRequests'>;

/** What is searched in bytes that stand for themselves. */
export interface Stretch {
  /** Base name. */
  readonly file: string;
  readonly page: number | undefined;
  /** Of the first byte in the file. */
  readonly offset: number;
  readonly place: DeadPlace;
}

/** Searches bytes, and counts what was searched and what could not be. */
export class RawSearch {
  readonly problems = new SearchProblems();
  files = 0;
  pages = 0;
  rows = 0;
  blocks = 0;
  bytes = 0;
  readonly #search: ByteSearch;
  readonly #onHit: (hit: LedgerHit) => void;

  constructor(search: ByteSearch, onHit: (hit: LedgerHit) => void) {
    this.#search = search;
    this.#onHit = onHit;
  }

  report(hit: LedgerHit): void {
    this.#onHit(hit);
  }

  /** What stands on a page; a value may go on from its first and past its last used byte. */
  scanPage({ bytes }: PageImage, usable: number): readonly Hit[] {
    this.pages += 1;
    return this.#scan(bytes.subarray(0, usable), 'open');
  }

  /** What stands in bytes that are complete in themselves. */
  scanWhole(bytes: Uint8Array): readonly Hit[] {
    return this.#scan(bytes, 'closed');
  }

  /** Requests that erased this identifier, one that is too short to be searched as bytes. */
  requestsOf(kind: string, value: string): readonly number[] {
    return this.#search.fieldRequests(kind, value);
  }

  /** Searches a page that holds no live row. */
  searchDeadPage(image: PageImage, usable: number, { file, page, offset, place }: Stretch): void {
    for (const { request, value, form, offset: from } of this.scanPage(image, usable))
      this.#onHit({ request, value, form, file, page, offset: offset + from, place });
  }

  #scan(bytes: Uint8Array, borders: 'open' | 'closed'): readonly Hit[] {
    const hits: Hit[] = [];
    this.bytes += bytes.length;
    this.#search.scan(bytes, (hit) => hits.push(hit), borders);
    return hits;
  }
}
