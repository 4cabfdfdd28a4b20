import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/ledger-folder.ts';
import { dsr } from '../helpers/program.ts';

const POLICY = `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id, email: email }
    category: account
    fields: [bio]
categories:
  account: { on_delete: erase }
`;

const canMount = (() => {
  const folder = join('/tmp', `dsr-tmpfs-${process.pid}`);
  mkdirSync(folder);
  const isPossible = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]).status === 0;
  if (isPossible) spawnSync('umount', [folder]);
  spawnSync('rmdir', [folder]);
  return isPossible;
})();

test.skipIf(!canMount)(
  'a disk that fills during a scrub leaves the bytes pending, and nothing else',
  async () => {
    const outside = temporaryFolder();
    const disk = join(outside, 'disk');
    mkdirSync(disk);
    const row = (id: number) => `${id},person${id}@example.org,${randomBytes(600).toString('hex')}`;
    const rows = Array.from({ length: 5000 }, (_, n) => row(n + 1));
    writeFileSync(join(outside, 'policy.yaml'), POLICY);
    writeFileSync(join(outside, 'users.csv'), `id,email,bio\n${rows.join('\n')}\n`);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]);
    try {
      const ledger = join(disk, 'dsr.db');
      const run = async (...argv: readonly string[]) => {
        const { exit, stdout } = await dsr([...argv, '--json', '--ledger', ledger], { cwd: outside });
        return { exit, said: JSON.parse(stdout) as Record<string, unknown> };
      };
      await run('init', '--policy', 'policy.yaml');
      await run('ingest', 'users.csv');
      const resize = (bytes: number) => execFileSync('mount', ['-o', `remount,size=${bytes}`, disk]);
      resize(statSync(ledger).size + (4 << 20));

      const deleted = await run('delete', 'user_id:1', '--method', 'account', '--yes');
      expect(deleted).toMatchObject({ exit: 1, said: { bytes: 'pending', bytes_delay: 'disk-trouble' } });
      expect(await run('purge', '--yes')).toMatchObject({ exit: 1, said: { bytes_delay: 'disk-trouble' } });
      expect(readdirSync(disk).filter((name) => /^dsr\.db\.\d/.test(name))).toEqual([]);
      expect(await run('audit', 'verify')).toMatchObject({ exit: 0 });

      resize(64 << 20);
      const purged = await run('purge', '--yes');
      expect(purged).toMatchObject({ exit: 0, said: { bytes_delay: null, proofs: [{ state: 'clean' }] } });
    } finally {
      execFileSync('umount', [disk]);
    }
  },
);

test.skipIf(!canMount)('a disk that is full takes a whole checkpoint or nothing of it', async () => {
  const outside = temporaryFolder();
  const disk = join(outside, 'disk');
  mkdirSync(disk);
  writeFileSync(join(outside, 'policy.yaml'), POLICY);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
  try {
    const run = (...argv: readonly string[]) => dsr(argv, { cwd: outside });
    await run('init', '--policy', 'policy.yaml');
    const append = ['audit', 'checkpoint', '--append', 'disk/kept', '--quiet'];
    expect(await run(...append)).toMatchObject({ exit: 0 });
    const kept = join(disk, 'kept');
    const [one] = readFileSync(kept, 'utf8').split(/(?<=^\u2014 .*\n)/m);
    // Room for the second half of the next one is missing.
    writeFileSync(kept, (one ?? '').repeat(Math.floor(4096 / (one ?? '').length)));
    const before = readFileSync(kept, 'utf8');
    try {
      writeFileSync(join(disk, 'fill'), Buffer.alloc(1 << 20));
    } catch {}
    expect(await run(...append)).toMatchObject({ exit: 1 });
    expect(readFileSync(kept, 'utf8')).toBe(before);

    rmSync(join(disk, 'fill'));
    expect(await run(...append)).toMatchObject({ exit: 0 });
    expect(await run('audit', 'verify', '--since', 'disk/kept')).toMatchObject({ exit: 0 });
  } finally {
    execFileSync('umount', [disk]);
  }
});

test.skipIf(canMount)('no disk was filled: no mounts here', () => {});
