import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TIME = '/usr/bin/time';

/** Whether a program is on the path. */
export function isThere(program) {
  return spawnSync(program, ['--version']).error === undefined;
}

/** Peak memory of a process while it lives, in MB: what Linux has seen so far. */
function watchMemory(pid) {
  let peak = 0;
  const look = () => {
    try {
      const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
      peak = Number(kilobytes ?? 0) / 1024;
    } catch {
      // The process has ended, or this system has no such file.
    }
  };
  const timer = setInterval(look, 50);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

function spawned(command, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command[0], command.slice(1), {
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...options,
    });
    const memory = watchMemory(child.pid);
    const output = [];
    const errors = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => errors.push(chunk));
    child.stdin?.end(options.input);
    child.on('error', reject);
    child.on('close', (code) => {
      const [stdout, stderr] = [output, errors].map((chunks) => Buffer.concat(chunks).toString());
      if (code === 0) resolve({ stdout, megabytes: memory() });
      else reject(new Error(`${command.join(' ')} ended with ${code}: ${stderr}`));
    });
  });
}

/** Runs a program to its end; gives its output, the seconds it took and the most memory it held. */
export async function run(command, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'dsr-time-'));
  const report = join(folder, 'memory');
  const timed = existsSync(TIME) ? [TIME, '-f', '%M', '-o', report, ...command] : command;
  try {
    const start = performance.now();
    const { stdout, megabytes } = await spawned(timed, options);
    const seconds = (performance.now() - start) / 1000;
    const exact = existsSync(report) ? Number(readFileSync(report, 'latin1')) / 1024 : megabytes;
    return { stdout, seconds, megabytes: exact };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The run in the middle of several. */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
