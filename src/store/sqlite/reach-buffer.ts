import type { ReachDigest, RecordId } from '../store.ts';
import { orderOfDigests } from './digest-order.ts';
import type { Prepared } from './prepared.ts';

const CAPACITY = 3 << 20;
const ROWS = 64;
const INSERT_MANY = `INSERT INTO reach(digest, record) VALUES ${Array(ROWS).fill('(?, ?)').join(', ')}`;

/** Collects reach rows and writes them nearly in index order: random order costs three times as much. */
export class ReachBuffer {
  readonly #sql: Prepared;
  readonly #firstRecord: RecordId;
  // What is never touched costs no memory.
  readonly #digests = new Float64Array(CAPACITY);
  /** Counted from the first record. */
  readonly #records = new Uint32Array(CAPACITY);
  #size = 0;

  /** No record before `firstRecord` is added. */
  constructor(sql: Prepared, firstRecord: RecordId) {
    this.#sql = sql;
    this.#firstRecord = firstRecord;
  }

  /** Each pair is added once: to look for it again would cost a fifth. */
  add(digest: ReachDigest, record: RecordId): void {
    if (this.#size === CAPACITY) this.flush();
    this.#digests[this.#size] = digest;
    this.#records[this.#size] = record - this.#firstRecord;
    this.#size += 1;
  }

  flush(): void {
    const order = orderOfDigests(this.#digests, this.#size);
    const whole = order.length - (order.length % ROWS);
    const values = new Array<number>(2 * ROWS);
    for (let from = 0; from < whole; from += ROWS) {
      for (let i = 0; i < ROWS; i += 1) this.#place(order[from + i] as number, values, 2 * i);
      this.#sql.runAll(INSERT_MANY, values);
    }
    for (const place of order.subarray(whole)) {
      this.#place(place, values, 0);
      this.#sql.run('INSERT INTO reach(digest, record) VALUES(?, ?)', values[0], values[1]);
    }
    this.#size = 0;
  }

  #place(place: number, values: number[], at: number): void {
    values[at] = this.#digests[place] as number;
    values[at + 1] = (this.#records[place] as number) + this.#firstRecord;
  }
}
