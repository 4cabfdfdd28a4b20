import { statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { CheckpointSetup } from './checkpoint-worker.ts';
import type { Db } from './connection.ts';

const HERE = fileURLToPath(import.meta.url);
// `.ts` under the test runner, `.js` when built.
const WORKER = join(dirname(HERE), `checkpoint-worker${extname(HERE)}`);

/**
 * Two copies of SQLite in one process drop each other's locks. Threads share the one that Node loads from its
 * file, but in the packaged executable each bundle brings its own: there is no thread then.
 */
const SHARES_DRIVER = !('pkg' in process);

/** A smaller write-ahead log is left to SQLite: a thread costs more to start. */
const WORTH_A_THREAD = 32 << 20;
/** The thread cannot keep up, or somebody reads: the log may not grow for ever. */
const LARGEST_LOG = 1 << 30;

/**
 * Moves pages from the write-ahead log into the ledger beside a load. Each page is decrypted and
 * encrypted again on the way, which is a third of the time that storing rows takes.
 */
export class Checkpointer {
  readonly #db: Db;
  readonly #setup: CheckpointSetup;
  #thread: { readonly worker: Worker; readonly ended: Promise<void> } | undefined;
  #isBusy = false;

  constructor(db: Db, setup: CheckpointSetup) {
    this.#db = db;
    this.#setup = setup;
    if (SHARES_DRIVER) db.pragma('wal_autocheckpoint=0');
  }

  /** To be called after a commit: has the thread do what there is to do, unless it is at it. */
  committed(): void {
    if (!SHARES_DRIVER) return;
    const bytes = statSync(`${this.#setup.path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes > LARGEST_LOG) this.#db.pragma('wal_checkpoint(PASSIVE)');
    if (bytes < WORTH_A_THREAD || this.#isBusy) return;
    this.#thread ??= this.#start();
    this.#isBusy = true;
    this.#thread.worker.postMessage('checkpoint');
  }

  /** Ends the thread, and with it the second connection to the ledger. */
  async close(): Promise<void> {
    this.#thread?.worker.postMessage('end');
    await this.#thread?.ended;
    this.#thread = undefined;
    this.#db.pragma('wal_autocheckpoint=1000');
  }

  #start(): { readonly worker: Worker; readonly ended: Promise<void> } {
    const worker = new Worker(WORKER, { workerData: this.#setup });
    worker.on('message', () => {
      this.#isBusy = false;
    });
    // Where it fails the log grows, and the next commit after the load takes it over.
    worker.on('error', () => {});
    return { worker, ended: new Promise((resolve) => worker.once('exit', () => resolve())) };
  }
}
