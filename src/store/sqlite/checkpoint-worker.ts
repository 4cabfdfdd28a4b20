import { parentPort, workerData } from 'node:worker_threads';
import { configure, openRaw } from './connection.ts';

/** What the thread is started with. */
export interface CheckpointSetup {
  readonly path: string;
  readonly key: string;
}

const { path, key } = workerData as CheckpointSetup;
const db = openRaw(path, key);
configure(db);

parentPort?.on('message', (word: 'checkpoint' | 'end') => {
  if (word === 'checkpoint') {
    // Passive: it waits for nobody, and nobody for it.
    db.pragma('wal_checkpoint(PASSIVE)');
    parentPort?.postMessage('done');
    return;
  }
  db.close();
  parentPort?.close();
});
