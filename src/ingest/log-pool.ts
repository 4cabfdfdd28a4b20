import { availableParallelism } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ReachHasher } from '../people/digests.ts';
import { LineOwners } from '../people/line-owner.ts';
import { LogPacker, type PackedChunk } from './log-pack.ts';
import type { WorkerReply, WorkerSetup } from './log-worker.ts';

/** Smaller chunks are packed here: a thread costs more to start. */
const WORTH_A_THREAD = 1 << 20;
const THREADS = Math.min(2, availableParallelism());

const HERE = fileURLToPath(import.meta.url);
// `.ts` under the test runner, `.js` when built.
const WORKER = join(dirname(HERE), `log-worker${extname(HERE)}`);

/** A chunk with what it came to. */
export interface PackedBytes {
  readonly chunk: Buffer;
  readonly packed: PackedChunk;
}

/** Packs chunks in threads, which it starts when the first large chunk comes. */
export class PackPool {
  /** So many chunks under way keep all threads busy. */
  static readonly depth = THREADS + 1;
  readonly #setup: WorkerSetup;
  readonly #packer: LogPacker;
  #threads: readonly PackThread[] = [];
  #next = 0;

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
    const owners = new LineOwners(setup.source, setup, new ReachHasher(setup.key));
    this.#packer = new LogPacker(setup.source.format, owners, setup.suppressedTags);
  }

  /** Packs a chunk whose memory is its own; gives the memory back with the result. */
  async pack(chunk: Buffer): Promise<PackedBytes> {
    if (chunk.length < WORTH_A_THREAD) return { chunk, packed: this.#packer.pack(chunk) };
    if (this.#threads.length === 0) {
      this.#threads = Array.from({ length: THREADS }, () => new PackThread(this.#setup));
    }
    const thread = this.#threads[this.#next % THREADS] as PackThread;
    this.#next += 1;
    return thread.pack(chunk);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

interface Waiting {
  readonly resolve: (result: PackedBytes) => void;
  readonly reject: (cause: unknown) => void;
}

class PackThread {
  readonly #worker: Worker;
  /** In the order of the chunks, which is the order of the replies. */
  readonly #waiting: Waiting[] = [];
  #fault: unknown;

  constructor(setup: WorkerSetup) {
    this.#worker = new Worker(WORKER, { workerData: setup });
    this.#worker.on('message', ({ chunk, packed }: WorkerReply) => {
      this.#waiting
        .shift()
        ?.resolve({ chunk: Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), packed });
    });
    this.#worker.on('error', (cause) => this.#fail(cause));
    this.#worker.on('exit', () => this.#fail(new Error('a thread that packs log lines ended')));
  }

  pack(chunk: Buffer): Promise<PackedBytes> {
    return new Promise((resolve, reject) => {
      if (this.#fault !== undefined) reject(this.#fault);
      this.#waiting.push({ resolve, reject });
      const bytes = new Uint8Array(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.length);
      this.#worker.postMessage(bytes, [bytes.buffer]);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(cause: unknown): void {
    this.#fault ??= cause;
    for (const { reject } of this.#waiting.splice(0)) reject(cause);
  }
}
