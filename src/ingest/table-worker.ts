import { parentPort, workerData } from 'node:worker_threads';
import type { SourceDigest } from '../formats/source-bytes.ts';
import { type PackedRecords, packRecords } from './packed-rows.ts';
import { type FeedSetup, type FileShape, openFeed, type RowBatch } from './row-feed.ts';
import { type ThrownData, thrownData } from './thrown.ts';

/** What the thread says. A batch is answered by any message; few are on their way at a time. */
export type WorkerMessage =
  | { readonly kind: 'batch'; readonly batch: PackedBatch }
  | { readonly kind: 'end'; readonly digest: SourceDigest; readonly shape: FileShape }
  | { readonly kind: 'thrown'; readonly thrown: ThrownData };

export interface PackedBatch extends Omit<RowBatch, 'records'> {
  readonly records: PackedRecords;
}

/** Batches that may be on their way. */
const AHEAD = 3;
const ROWS_A_MESSAGE = 2000;
/** Of large rows fewer go together. */
const BATCHES_A_MESSAGE = 4;

let onTheirWay = 0;
let wake = (): void => {};

parentPort?.on('message', () => {
  onTheirWay -= 1;
  wake();
});

async function room(): Promise<void> {
  while (onTheirWay >= AHEAD) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

function post(message: WorkerMessage, memory: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, memory);
}

async function send(batch: RowBatch): Promise<void> {
  await room();
  onTheirWay += 1;
  const records = packRecords(batch.records);
  const { lines, dates, reach, ends, gated } = records;
  post(
    { kind: 'batch', batch: { ...batch, records } },
    [lines, dates, reach, ends, gated].map((array) => array.buffer),
  );
}

async function run(): Promise<void> {
  const feed = await openFeed(workerData as FeedSetup);
  let waiting: RowBatch | undefined;
  let batches = 0;
  for await (const batch of feed.batches) {
    waiting = waiting === undefined ? batch : join(waiting, batch);
    batches += 1;
    if (waiting.rows < ROWS_A_MESSAGE && batches < BATCHES_A_MESSAGE) continue;
    await send(waiting);
    waiting = undefined;
    batches = 0;
  }
  if (waiting !== undefined) await send(waiting);
  post({ kind: 'end', digest: feed.digest(), shape: feed.shape() });
}

function join(a: RowBatch, b: RowBatch): RowBatch {
  return {
    rows: a.rows + b.rows,
    records: a.records.concat(b.records),
    rejects: a.rejects.concat(b.rejects),
    aside: a.aside.concat(b.aside),
    suppressed: a.suppressed + b.suppressed,
    sightings: a.sightings.concat(b.sightings),
    keyless: a.keyless + b.keyless,
    bytesRead: b.bytesRead,
  };
}

run()
  .catch((error: unknown) => post({ kind: 'thrown', thrown: thrownData(error) }))
  .finally(() => parentPort?.unref());
