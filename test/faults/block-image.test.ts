import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readKeyFile } from '../../src/store/key-files.ts';
import { temporaryFolder } from '../helpers/ledger-folder.ts';
import { dsr } from '../helpers/program.ts';

// What lies on the blocks below a file system is not what its files say (shared/reliability.md, finding F).

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
    subject: { user_id: id, username: name, email: email }
    category: account
    fields: [bio]
  access_log:
    files: "access*.log"
    format: combined
    subject: { username: user }
    category: server_log
categories:
  account: { on_delete: erase }
  server_log: { on_delete: erase }
`;

const canMount = (() => {
  const folder = join('/tmp', `dsr-mount-${process.pid}`);
  const image = `${folder}.img`;
  const steps = [
    ['mkdir', folder],
    ['truncate', '-s', '16M', image],
    ['mkfs.ext4', '-q', '-F', image],
    ['mount', '-o', 'loop', image, folder],
  ];
  const isPossible = steps.every(([command = '', ...words]) => spawnSync(command, words).status === 0);
  if (isPossible) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
  rmSync(image, { force: true });
  return isPossible;
})();

test.skipIf(!canMount)(
  'nothing of an erased person and no old key is left on the blocks of the disk',
  async () => {
    const tokens = Array.from({ length: 40 }, () => `tk${randomBytes(9).toString('hex')}`);
    const outside = temporaryFolder();
    writeExports(outside, tokens);
    const image = new Image(temporaryFolder());
    const ledger = join(image.folder, 'dsr.db');
    const run = async (...argv: readonly string[]) => {
      const outcome = await dsr([...argv, '--ledger', ledger], { cwd: outside });
      expect(outcome, outcome.stderr).toMatchObject({ exit: 0 });
      return outcome.stdout;
    };
    const control = `control${randomBytes(9).toString('hex')}`;
    let oldKey = '';
    let newKey = '';
    let ciphertext = Buffer.alloc(0);
    try {
      await run('init', '--policy', 'policy.yaml');
      await run('ingest', 'users.csv', 'access.log');
      await run(
        'access',
        'user_id:1',
        '--method',
        'account',
        '--yes',
        '--out',
        join(image.folder, 'package'),
      );
      expect(readFileSync(join(image.folder, 'package', 'data.json'), 'utf8')).toContain(tokens[0]);
      oldKey = readKeyFile(`${ledger}.key`).current;
      await run('delete', 'user_id:1', '--method', 'account', '--yes');
      newKey = readKeyFile(`${ledger}.key`).current;
      ciphertext = readFileSync(ledger).subarray(8192, 8192 + 256);
      deleteControlFile(join(image.folder, 'control.txt'), control);
    } finally {
      image.unmount();
    }
    expect(newKey).not.toBe(oldKey);
    // What is there, and what was there in the clear, is found: the search can see it.
    expect(image.holds(ciphertext)).toBe(true);
    expect(image.holds(Buffer.from(newKey))).toBe(true);
    expect(image.holds(Buffer.from(control))).toBe(true);
    expect(tokens.filter((token) => image.holds(Buffer.from(token)))).toEqual([]);
    expect(image.holds(Buffer.from(oldKey))).toBe(false);
    expect(image.holds(Buffer.from(oldKey, 'hex'))).toBe(false);
  },
);

test.skipIf(canMount)('the blocks of the disk were not looked at: no loop mounts here', () => {});

function writeExports(folder: string, tokens: readonly string[]): void {
  const [name = '', email = '', bio = '', ...rest] = tokens;
  const others = Array.from({ length: 500 }, (_, n) => `${n + 2},other${n},other${n}@example.org,nothing`);
  const rows = ['id,name,email,bio', `1,${name},${email}@example.org,${bio}`, ...others];
  const lines = rest.map(
    (token) => `192.0.2.1 - ${name} [04/Jan/2026:10:00:00 +0000] "GET /${token} HTTP/1.1" 200 5 "-" "x"`,
  );
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
  writeFileSync(join(folder, 'users.csv'), `${rows.join('\n')}\n`);
  writeFileSync(join(folder, 'access.log'), `${lines.join('\n')}\n`);
}

function deleteControlFile(path: string, text: string): void {
  const fd = openSync(path, 'wx');
  writeSync(fd, text.repeat(200));
  fsyncSync(fd);
  closeSync(fd);
  rmSync(path);
}

/** A file system of its own in a file, and the bytes of that file. */
class Image {
  readonly folder: string;
  readonly #path: string;
  #bytes = Buffer.alloc(0);

  constructor(parent: string) {
    this.#path = join(parent, 'image');
    this.folder = join(parent, 'mounted');
    mkdirSync(this.folder);
    writeFileSync(this.#path, '');
    truncateSync(this.#path, 96 << 20);
    execFileSync('mkfs.ext4', ['-q', '-F', this.#path]);
    execFileSync('mount', ['-o', 'loop', this.#path, this.folder]);
  }

  unmount(): void {
    execFileSync('umount', [this.folder]);
    this.#bytes = readFileSync(this.#path);
  }

  holds(bytes: Buffer): boolean {
    return this.#bytes.includes(bytes);
  }
}
