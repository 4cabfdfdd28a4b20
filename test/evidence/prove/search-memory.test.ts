import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import { zipOf } from './zip-builder.ts';

const MB = 1_000_000;

test.skipIf(!existsSync('/proc/self/status'))(
  '300 MB plain, in gzip and in zip are searched for a thousand people in less than 100 MB of memory',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'dsr-memory-'));
    const line = 'person1@example.net went to 17 Rua do Ouro, Lisboa, and said nothing that day\n';
    const part = Buffer.from(line.repeat(MB / line.length));
    const file = openSync(join(folder, 'plain.csv'), 'w');
    for (let i = 0; i < 100; i += 1) writeSync(file, part);
    writeSync(file, 'PERSON999@example.org');
    closeSync(file);
    const plain = readFileSync(join(folder, 'plain.csv'));
    writeFileSync(join(folder, 'log.gz'), gzipSync(plain, { level: 1 }));
    writeFileSync(join(folder, 'all.zip'), zipOf([{ name: 'plain.csv', content: plain }]));
    // As it is shipped: a process that strips types needs memory for that.
    const program = join(folder, '..', `${basename(folder)}.mjs`);
    buildSync({
      entryPoints: [join(import.meta.dirname, 'search-memory.ts')],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: program,
    });
    const out = execFileSync(process.execPath, ['--max-semi-space-size=1', program, folder], {
      encoding: 'utf8',
    });
    rmSync(program);
    rmSync(folder, { recursive: true });
    const { bytes, requests, unsearched, megabytes } = JSON.parse(out);
    expect({ requests, unsearched }).toEqual({ requests: [999], unsearched: [] });
    expect(bytes).toBeGreaterThan(3 * 99 * MB);
    expect(megabytes).toBeLessThan(100);
    expect(megabytes).toBeGreaterThan(20);
  },
);
