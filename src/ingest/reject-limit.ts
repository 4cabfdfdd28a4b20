import { badInput, type Problem, type UserError } from '../base/errors.ts';

/** How many rows of a file may be set aside: a number of rows, or a share of those read. */
export type RejectLimit = { readonly rows: number } | { readonly share: number };

/** Rows that make a share worth judging before the end. */
const ENOUGH_ROWS = 1000;
const SHOWN = 5;

/** Counts the rows of a file that are set aside and refuses the file when they are too many. */
export class RejectCount {
  rows = 0;
  rejected = 0;
  readonly #limit: RejectLimit;
  readonly #file: string;
  readonly #first: Problem[] = [];

  constructor(limit: RejectLimit, file: string) {
    this.#limit = limit;
    this.#file = file;
  }

  add(line: number, reason: string): void {
    this.rejected += 1;
    if (this.#first.length < SHOWN) this.#first.push({ file: this.#file, line, message: reason });
  }

  /** Throws when no row that may still come could bring the file within its limit, or hardly. */
  requireHope(): void {
    const isOver =
      'rows' in this.#limit ? this.rejected > this.#limit.rows : this.#isFarOver(this.#limit.share);
    if (isOver) throw this.#fault();
  }

  /** Throws when the whole file is over its limit. */
  requireWithin(): void {
    const limit = 'rows' in this.#limit ? this.#limit.rows : this.#limit.share * this.rows;
    if (this.rejected > limit) throw this.#fault();
  }

  #isFarOver(share: number): boolean {
    return (
      this.rows >= ENOUGH_ROWS && this.rejected > this.rows / 2 && this.rejected > this.rows * share * 10
    );
  }

  #fault(): UserError {
    const limit =
      'rows' in this.#limit ? `${this.#limit.rows}` : `${Number((this.#limit.share * 100).toFixed(3))}%`;
    return badInput(
      'too-many-rejects',
      `${this.#file}: ${this.rejected} of ${this.rows} rows cannot be read, and the limit is ${limit}`,
      {
        hint: 'check that the format of the source is that of the file, or raise --max-rejects',
        problems: this.#first,
        details: { file: this.#file, rows_read: this.rows, rows_rejected: this.rejected },
      },
    );
  }
}
