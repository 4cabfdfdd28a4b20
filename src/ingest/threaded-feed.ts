import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { SourceDigest } from '../formats/source-bytes.ts';
import { unpackRecords } from './packed-rows.ts';
import type { FeedSetup, FileShape, RowBatch, RowFeed } from './row-feed.ts';
import type { WorkerMessage } from './table-worker.ts';
import { thrownError } from './thrown.ts';

const HERE = fileURLToPath(import.meta.url);
// `.ts` under the test runner, `.js` when built.
const WORKER = join(dirname(HERE), `table-worker${extname(HERE)}`);

type EndMessage = Extract<WorkerMessage, { readonly kind: 'end' }>;

/** Left alone, a thread's heap grows to three times this before it looks for garbage. */
const YOUNG_MB = 48;

/** Reads and maps in a thread of its own, while this one stores. */
export function startFeed(setup: FeedSetup): RowFeed {
  return new ThreadedFeed(setup);
}

class ThreadedFeed implements RowFeed {
  readonly batches: AsyncIterable<RowBatch>;
  readonly #worker: Worker;
  readonly #messages: WorkerMessage[] = [];
  #wake: () => void = () => {};
  #fault: { readonly error: unknown } | undefined;
  #end: EndMessage | undefined;

  constructor(setup: FeedSetup) {
    this.#worker = new Worker(WORKER, {
      workerData: setup,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#worker.on('message', (message: WorkerMessage) => {
      this.#messages.push(message);
      this.#wake();
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('the thread that reads a table ended')));
    this.batches = this.#receive();
  }

  digest(): SourceDigest {
    return this.#ended().digest;
  }

  shape(): FileShape {
    return this.#ended().shape;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async *#receive(): AsyncGenerator<RowBatch, void, undefined> {
    for (;;) {
      const message = await this.#next();
      if (message.kind === 'thrown') throw thrownError(message.thrown);
      if (message.kind === 'end') {
        this.#end = message;
        return;
      }
      this.#worker.postMessage('more');
      yield { ...message.batch, records: unpackRecords(message.batch.records) };
    }
  }

  async #next(): Promise<WorkerMessage> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      if (this.#fault !== undefined) throw this.#fault.error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #ended(): EndMessage {
    if (this.#end === undefined) throw new Error('that is known when the file has been read to its end');
    return this.#end;
  }

  #fail(error: unknown): void {
    this.#fault ??= { error };
    this.#wake();
  }
}
