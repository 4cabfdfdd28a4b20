import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ExitCode, UserError } from '../../base/errors.ts';
import type { ProveJob, ProveReport } from './job.ts';

const HERE = fileURLToPath(import.meta.url);

/** The packaged executable has no files to run: this word makes it the prover (bin/dsr.js). */
const ARGUMENTS =
  'pkg' in process
    ? ['internal-prover']
    : ['--max-semi-space-size=1', join(dirname(HERE), `process${extname(HERE)}`)];

/**
 * Has a process of its own do the search. To read the ledger by plain file calls in a process that has it open
 * would drop SQLite's locks; in another it does not. Keys go over its standard input, where nobody sees them.
 */
export async function runProver(job: ProveJob): Promise<ProveReport> {
  const child = spawn(process.execPath, ARGUMENTS, { stdio: ['pipe', 'pipe', 'ignore'], env: environment() });
  // Where it dies early its exit code says so.
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(job));
  const [answer, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) {
    throw new UserError('prover-failed', 'the search for erased bytes ended without a report', {
      exit: ExitCode.fault,
      hint: 'what was erased stays erased; dsr purge looks for its bytes again',
    });
  }
  return JSON.parse(answer) as ProveReport;
}

/** Nothing goes along but where Node keeps compiled code, which halves the start. */
function environment(): Readonly<Record<string, string>> {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
}
