import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';

// Erases the people of `ids.txt` one by one as staff would, then purges, until somebody kills it. What it has
// finished stands in `done.txt`; it goes on behind that.
Reflect.deleteProperty(Object.prototype, '__proto__');
const [folder = '', program = ''] = process.argv.slice(2);
const { main } = (await import(program)) as typeof import('../../src/cli/main.ts');

process.chdir(folder);
const done = join(folder, 'done.txt');

class Kept extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, next: () => void): void {
    this.text += chunk.toString();
    next();
  }
}

async function dsr(...argv: readonly string[]): Promise<{ readonly exit: number; readonly err: string }> {
  const [stdout, stderr] = [new Kept(), new Kept()];
  const stdin = process.stdin;
  const exit = await main([...argv], { stdin, stdout, stderr, env: process.env });
  return { exit, err: stderr.text };
}

function linesOf(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

const finished = new Set(linesOf(done));
for (const id of linesOf(join(folder, 'ids.txt'))) {
  if (finished.has(id)) continue;
  const { exit, err } = await dsr('delete', `user_id:${id}`, '--yes', '--method', 'account');
  if (exit !== 0 && exit !== 11) throw new Error(`delete ended with ${exit}: ${err}`);
  appendFileSync(done, `${id}\n`);
}
const { exit, err } = await dsr('purge', '--yes');
if (exit !== 0) throw new Error(`purge ended with ${exit}: ${err}`);
process.stdout.write('finished\n');
