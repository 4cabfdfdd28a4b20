import { parentPort, workerData } from 'node:worker_threads';
import { ReachHasher } from '../people/digests.ts';
import { LineOwners } from '../people/line-owner.ts';
import type { LogSource, Policy } from '../policy/types.ts';
import type { NewBlock } from '../store/store.ts';
import { LogPacker, type PackedChunk } from './log-pack.ts';

/** What a thread is started with. */
export interface WorkerSetup {
  readonly source: LogSource;
  readonly identifiers: Policy['identifiers'];
  /** The key of the `ReachHasher`. */
  readonly key: Uint8Array;
  readonly suppressedTags: Uint32Array;
}

/** A chunk goes to the thread and comes back with its result, so that its memory is used again. */
export interface WorkerReply {
  readonly chunk: Uint8Array<ArrayBuffer>;
  readonly packed: PackedChunk;
}

const setup = workerData as WorkerSetup;
const owners = new LineOwners(setup.source, setup, new ReachHasher(setup.key));
const packer = new LogPacker(setup.source.format, owners, setup.suppressedTags);

parentPort?.on('message', (chunk: Uint8Array<ArrayBuffer>) => {
  const packed = packer.pack(chunk);
  const { blocks, memory } = gather(packed.blocks);
  const reply: WorkerReply = { chunk, packed: { ...packed, blocks } };
  parentPort?.postMessage(reply, [chunk.buffer, memory]);
});

/** The blocks with all their bytes in one piece of memory, which is handed over and not copied. */
function gather(blocks: readonly NewBlock[]): {
  readonly blocks: readonly NewBlock[];
  readonly memory: ArrayBuffer;
} {
  const length = blocks.reduce((sum, { tags, body }) => sum + tags.length + body.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  const place = (part: Uint8Array): Uint8Array => {
    bytes.set(part, at);
    at += part.length;
    return bytes.subarray(at - part.length, at);
  };
  return {
    blocks: blocks.map((block) => ({ ...block, tags: place(block.tags), body: place(block.body) })),
    memory: bytes.buffer,
  };
}
