import { text } from 'node:stream/consumers';
import type { ProveJob } from './job.ts';
import { runJob } from './prover.ts';

/**
 * The prover as a process of its own: a job on standard input, a report on standard output. It knows neither the
 * driver nor the erased values; its exit code alone says where it failed.
 */
async function main(): Promise<void> {
  const job = JSON.parse(await text(process.stdin)) as ProveJob;
  process.stdout.write(JSON.stringify(await runJob(job)));
}

main().catch(() => {
  process.exitCode = 1;
});
