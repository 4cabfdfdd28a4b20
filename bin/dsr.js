#!/usr/bin/env node
// An old Node must get as far as the check below: nothing is imported above it, and the syntax is that of 2019.
// The database driver crashes without a word below Node 22.14, so nothing may load it first.

const needed = [22, 15];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  fail(
    `dsr needs Node ${needed.join('.')} or newer, this is ${process.versions.node}`,
    'install a current Node from https://nodejs.org',
  );
} else {
  run().catch(unexpected);
}

async function run() {
  process.umask(0o077);
  // What `--disable-proto=delete` does: a column or a key of that name is data like any other.
  // biome-ignore lint/suspicious/noProto: to be rid of it
  delete Object.prototype.__proto__;
  process.on('uncaughtException', unexpected);
  process.once('SIGINT', () => process.exit(130));
  // A reader that has seen enough (`| head`) must not stop the work half-way.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }

  // The single executable has no other file to run as the prover: src/evidence/prove/start.ts.
  if ('pkg' in process && process.argv[2] === 'internal-prover') {
    await import('../dist/evidence/prove/process.js');
    return;
  }

  const { main } = await import('../dist/cli/main.js').catch(explainNotBuilt);
  process.exitCode = await main(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
  });
}

function explainNotBuilt(error) {
  const missing = error.code === 'ERR_MODULE_NOT_FOUND' && error.url;
  if (missing === new URL('../dist/cli/main.js', import.meta.url).href) {
    fail('dsr is not built yet', 'run `npm run build` in its folder');
    process.exit();
  }
  throw error;
}

// The message may quote a personal value: only the kind of fault and the place are shown.
function unexpected(error) {
  const isError = error instanceof Error;
  const places = (isError && String(error.stack).match(/\n +at .*/g)) || [];
  fail(`unexpected fault: ${isError ? error.code || error.name : typeof error}${places.join('')}`);
  process.exit();
}

function fail(message, hint) {
  process.stderr.write(`dsr: error: ${message}\n${hint ? `dsr: hint: ${hint}\n` : ''}`);
  process.exitCode = 1;
}
