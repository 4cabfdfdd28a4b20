import { main } from '../../src/cli/main.ts';

// The program as bin/dsr.js starts it, from its sources: for terminals that run it as a process.
process.exitCode = await main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
});
