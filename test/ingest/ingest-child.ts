import { ingestPaths } from '../../src/ingest/ingest.ts';
import { ledgerFiles, openLedger } from '../../src/store/open.ts';

// Run as a process of its own: loads a file, says so when rows of it are committed, and waits to be killed.
const [ledgerPath = '', file = ''] = process.argv.slice(2);
const ledger = await openLedger({
  files: ledgerFiles(ledgerPath),
  actor: { name: 'child', login: 'child' },
  now: '2026-06-01T12:00:00Z',
  asOf: false,
  write: true,
});
await ingestPaths(ledger, [file], {
  progress: ({ rows }) => {
    if (rows < 60_000) return;
    process.stdout.write('loading\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
  },
});
