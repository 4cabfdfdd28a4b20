/** Why some bytes were not searched, or not as what they are. */
export type SearchProblemCode =
  /** None of the keys opens the file. */
  | 'undecipherable'
  /** A file beside the ledger that no key opens: ciphertext whose key is gone. */
  | 'key-gone'
  /** The authentication code of a page does not fit its bytes. */
  | 'damaged-page'
  /** Pages do not form the b-trees that the schema names. */
  | 'damaged-tree'
  | 'damaged-row'
  | 'damaged-block'
  /** The file ends before its last page, or inside a page. */
  | 'cut-short'
  /** Somebody wrote while the search was under way. */
  | 'changed-meanwhile'
  /** A transaction died half way: the file is not what its readers will see. */
  | 'hot-journal'
  /** Past what is decoded in one piece; its pages were searched one by one. */
  | 'row-too-long'
  | 'unreadable-file';

export interface SearchProblem {
  readonly code: SearchProblemCode;
  readonly count: number;
  /** Where it was first met: the base name of the file, and the page. */
  readonly file: string;
  readonly page: number | undefined;
}

/** Counts problems by code, so that a file of nothing but damage does not fill the memory. */
export class SearchProblems {
  readonly #found = new Map<SearchProblemCode, SearchProblem>();

  add(code: SearchProblemCode, file: string, page?: number): void {
    const known = this.#found.get(code);
    this.#found.set(
      code,
      known === undefined ? { code, count: 1, file, page } : { ...known, count: known.count + 1 },
    );
  }

  list(): readonly SearchProblem[] {
    return [...this.#found.values()];
  }
}
