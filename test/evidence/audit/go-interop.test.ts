import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../helpers/ledger-folder.ts';
import { dsr } from '../../helpers/program.ts';
import { makeService } from '../../helpers/service.ts';

const GOPATH = '/usr/share/gocode';
const hasGo =
  existsSync(join(GOPATH, 'src/golang.org/x/mod/sumdb/tlog')) && spawnSync('go', ['version']).status === 0;

describe.skipIf(!hasGo)("Go's x/mod (needs golang-go and golang-golang-x-mod-dev of Debian)", () => {
  let cwd: string;
  let program: string;
  let vkey: string;

  beforeAll(async () => {
    cwd = await makeService();
    await dsr(['audit', 'checkpoint', '--append', 'kept'], { cwd });
    await dsr(['access', 'email:ada@example.org', '--method', 'account', '--yes'], { cwd });
    await dsr(['audit', 'checkpoint', '--append', 'kept'], { cwd });
    await dsr(['audit', 'export', 'export'], { cwd });
    await dsr(['audit', 'prove', 'R-000001', '--out', 'proofs'], { cwd });
    vkey = (await dsr(['key', 'public'], { cwd })).stdout.trim();
    program = join(cwd, 'go-interop');
    const source = join(import.meta.dirname, 'go-interop.go');
    const env = { ...process.env, GO111MODULE: 'off', GOPATH, GOFLAGS: '', GOCACHE: join(cwd, '.cache') };
    const built = spawnSync('go', ['build', '-o', program, source], { env, encoding: 'utf8' });
    expect([built.status, built.stderr]).toEqual([0, '']);
  });

  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  function verify(folder = cwd, key = vkey) {
    const { status, stdout } = spawnSync(program, [join(folder, 'export'), join(folder, 'proofs'), key], {
      encoding: 'utf8',
    });
    return { status, lines: stdout.trim().split('\n') };
  }

  test('accepts the checkpoint, the tree, each consistency and each inclusion proof', () => {
    const consistency = readdirSync(join(cwd, 'export/consistency')).map(
      (name) => `consistency ${Number(name)}`,
    );
    const proofs = readdirSync(join(cwd, 'proofs')).filter((name) => name.endsWith('.tlog-proof'));
    const entries = readFileSync(join(cwd, 'export/entries.jsonl'), 'utf8').split('\n').length - 1;
    expect([consistency.length, proofs.length > 3]).toEqual([2, true]);
    expect(verify()).toEqual({
      status: 0,
      lines: [
        `entries ${entries}`,
        ...consistency,
        ...proofs.map((name) => `inclusion ${Number.parseInt(name, 10) - 1}`),
      ],
    });
  });

  test.each([
    ['a checkpoint', 'export/checkpoint', /^note: invalid signature/],
    ['an entry', 'export/entries.jsonl', /^the entries are not those of the checkpoint$/],
    ['a consistency proof', 'export/consistency', /^(consistency|hash|note): /],
    ['an inclusion proof', 'proofs', /^(inclusion|hash|note): /],
  ])('refuses %s that was changed, as dsr does', async (_name, path, message) => {
    const folder = temporaryFolder();
    for (const name of ['export', 'proofs']) spawnSync('cp', ['-r', join(cwd, name), folder]);
    const changed = firstFile(join(folder, path));
    const text = readFileSync(changed, 'latin1');
    const at = path === 'export/checkpoint' ? text.indexOf('\n') + 1 : text.indexOf('\n', 25) + 5;
    writeFileSync(
      changed,
      `${text.slice(0, at)}${text[at] === '7' ? '8' : '7'}${text.slice(at + 1)}`,
      'latin1',
    );
    const { status, lines } = verify(folder);
    expect(status).toBe(1);
    expect(lines.at(-1)).toMatch(message);
    const target = path.startsWith('proofs') ? 'proofs' : 'export';
    expect((await dsr(['audit', 'verify', '--export', target], { cwd: folder })).exit).toBe(20);
  });

  function firstFile(path: string): string {
    const names = path.endsWith('proofs') || path.endsWith('consistency') ? readdirSync(path).sort() : [];
    const name = names.find((entry) => !entry.endsWith('.json'));
    return name === undefined ? path : join(path, name);
  }
});
