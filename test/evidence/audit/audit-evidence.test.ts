import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drawEntries } from '../../../src/evidence/audit/entry-proofs.ts';
import { parseVkey } from '../../../src/evidence/audit/note.ts';
import { verifyTlogProof } from '../../../src/evidence/audit/tlog-proof.ts';
import { ledgerFiles } from '../../../src/store/open.ts';
import { temporaryFolder } from '../../helpers/ledger-folder.ts';
import { dsr } from '../../helpers/program.ts';
import { makeService } from '../../helpers/service.ts';
import { AuditFile, writeEntry } from './audit-file.ts';

let service: string;
let cwd: string;

beforeAll(async () => {
  service = await makeService();
  const answers = ['--method', 'account', '--yes', '--json'];
  for (const words of [
    ['access', 'email:ada@example.org'],
    ['delete', 'email:ada@example.org'],
  ])
    await dsr([...words, ...answers], { cwd: service });
});

afterAll(() => rmSync(service, { recursive: true, force: true }));

beforeEach(() => {
  cwd = temporaryFolder();
  for (const name of ['dsr.db', 'dsr.db.key', 'dsr.db.secrets']) {
    copyFileSync(join(service, name), join(cwd, name));
    chmodSync(join(cwd, name), 0o600);
  }
});

function audit(...words: readonly string[]) {
  return dsr(['audit', ...words], { cwd });
}

async function json(...words: readonly string[]) {
  return JSON.parse((await audit(...words, '--json')).stdout);
}

const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
const sizeOf = async () => (await json('verify')).size as number;

function forge(change: (file: AuditFile) => void): void {
  const file = new AuditFile(ledgerFiles(join(cwd, 'dsr.db')));
  change(file);
  file.db.close();
}

describe('audit verify', () => {
  test.each([
    ['a byte of the first entry', (file: AuditFile) => turnBit(file, 1)],
    ['a byte of the newest entry', (file: AuditFile) => turnBit(file, lastOf(file))],
    ['the first entry', (file: AuditFile) => file.db.exec('DELETE FROM audit WHERE seq = 1')],
    ['one in between', (file: AuditFile) => file.db.exec('DELETE FROM audit WHERE seq = 2')],
    ['the newest entry', (file: AuditFile) => file.db.exec(`DELETE FROM audit WHERE seq = ${lastOf(file)}`)],
    ['all entries', (file: AuditFile) => file.db.exec('DELETE FROM audit')],
  ])('ends with 20 where somebody changed or removed %s', async (_name, change) => {
    expect((await audit('verify')).exit).toBe(0);
    forge(change);
    const { exit, stdout } = await audit('verify', '--json');
    expect([exit, JSON.parse(stdout).ok]).toEqual([20, false]);
  });

  test('takes the checkpoint on standard input', async () => {
    const { stdout: note } = await audit('checkpoint');
    const { exit, stdout } = await dsr(['audit', 'verify', '--since', '-'], { cwd, stdin: note });
    expect(exit).toBe(0);
    expect(stdout).toMatch(/\nsince {4}checkpoint of size \d+: the log goes on from it\n/);
  });

  test('names a restored older copy for what it is', async () => {
    const kept = temporaryFolder();
    for (const name of readdirSync(cwd)) copyFileSync(join(cwd, name), join(kept, name));
    await audit('checkpoint');
    await audit('checkpoint', '--append', join(kept, 'checkpoints'));
    for (const name of ['dsr.db', 'dsr.db.key']) copyFileSync(join(kept, name), join(cwd, name));
    expect((await audit('verify')).exit).toBe(0);
    const { exit, stdout } = await audit('verify', '--since', join(kept, 'checkpoints'));
    expect(exit).toBe(20);
    expect(stdout).toMatch(/its tail was cut off, or an older copy of the ledger was put back/);
  });

  test.each([
    ['of another ledger', 'checkpoint-foreign', 'this is a checkpoint of another ledger'],
    ['with a changed byte', 'note-forged', 'the signature does not fit the note'],
    ['that is none', 'note-malformed', 'this is no signed note'],
  ])('refuses a checkpoint %s', async (_name, code, message) => {
    const other = temporaryFolder();
    await dsr(['init'], { cwd: other });
    const foreign = (await dsr(['audit', 'checkpoint'], { cwd: other })).stdout;
    const own = (await audit('checkpoint', '--unrecorded')).stdout;
    const changed = own.replace(/\n(\d+)\n/, (_whole, size: string) => `\n${Number(size) + 1}\n`);
    const notes = { 'checkpoint-foreign': foreign, 'note-forged': changed, 'note-malformed': 'hello' };
    writeFileSync(join(cwd, 'note'), notes[code as keyof typeof notes]);
    const { exit, stdout, stderr } = await audit('verify', '--since', 'note', '--json');
    expect([exit, stdout]).toEqual([20, '']);
    expect(JSON.parse(stderr).error).toMatchObject({ code, message });
  });

  test('a file that is not there ends with 5, --key without --export with 2', async () => {
    expect((await audit('verify', '--since', 'nowhere')).exit).toBe(5);
    expect((await audit('verify', '--key', 'x')).exit).toBe(2);
  });
});

describe('audit checkpoint', () => {
  test('prints the note byte for byte, which is an act; unrecorded it writes nothing', async () => {
    const size = await sizeOf();
    const first = await audit('checkpoint', '--unrecorded');
    expect(first).toMatchObject({ exit: 0, stderr: '' });
    expect(await sizeOf()).toBe(size);
    const second = await audit('checkpoint');
    expect(second.stdout).toBe(first.stdout);
    expect(first.stdout.split('\n')[1]).toBe(String(size));
    expect(await sizeOf()).toBe(size + 1);
    expect(await json('checkpoint')).toMatchObject({
      size: size + 1,
      recorded: true,
      note: expect.any(String),
    });
  });

  test('appends to a file of its owner alone, and goes on from what is in it', async () => {
    const notes: string[] = [];
    for (let nth = 0; nth < 3; nth += 1) notes.push((await audit('checkpoint', '--append', 'kept')).stdout);
    expect(read('kept')).toBe(notes.join(''));
    expect(statSync(join(cwd, 'kept')).mode & 0o777).toBe(0o600);
    const { since } = await json('verify', '--since', 'kept');
    expect(since.map(({ state }: { state: string }) => state)).toEqual(['extends', 'extends', 'extends']);
  });

  test.each([
    ['a file with checkpoints of another ledger', 20, /of another ledger/],
    ['a file that this log does not go on from', 20, /went on from one copy/],
    ['a file of something else', 20, /no signed note/],
    ['a link', 4, /no plain file/],
    ['a folder', 4, /no plain file/],
    ['a pipe', 4, /no plain file/],
    ['a folder that is not there', 5, /there is no folder/],
  ])('refuses %s, and neither it nor the log changes', async (name, exit, message) => {
    const path = join(cwd, name.endsWith('not there') ? 'nowhere/kept' : 'kept');
    await prepareFile(name, path);
    const size = await sizeOf();
    const before = existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined;
    const outcome = await audit('checkpoint', '--append', path);
    expect([outcome.exit, outcome.stdout]).toEqual([exit, '']);
    expect(outcome.stderr).toMatch(message);
    if (before !== undefined) expect(readFileSync(path, 'utf8')).toBe(before);
    expect(await sizeOf()).toBe(size);
  });

  test('does not append as of another time', async () => {
    const { exit } = await audit('checkpoint', '--append', 'kept', '--as-of', '2030-01-01');
    expect([exit, existsSync(join(cwd, 'kept'))]).toEqual([4, false]);
  });

  async function prepareFile(name: string, path: string): Promise<void> {
    if (name === 'a file of something else') writeFileSync(path, 'hello\n');
    if (name === 'a folder') mkdirSync(path);
    if (name === 'a pipe') spawnSync('mkfifo', [path]);
    if (name === 'a link') symlinkSync(join(cwd, 'elsewhere'), path);
    if (name === 'a file with checkpoints of another ledger') {
      const other = temporaryFolder();
      await dsr(['init'], { cwd: other });
      await dsr(['audit', 'checkpoint', '--append', path], { cwd: other });
    }
    if (name === 'a file that this log does not go on from') {
      const fork = temporaryFolder();
      for (const file of ['dsr.db', 'dsr.db.key', 'dsr.db.secrets'])
        copyFileSync(join(cwd, file), join(fork, file));
      for (const folder of [cwd, fork])
        await dsr(['audit', 'checkpoint'], {
          cwd: folder,
          now: `2026-03-0${folder === cwd ? 1 : 2}T00:00:00Z`,
        });
      await dsr(['audit', 'checkpoint', '--append', path], { cwd: fork });
      await audit('checkpoint');
    }
  }
});

describe('audit prove and sample', () => {
  test('prove each entry about a request, with the public key alone', async () => {
    const key = parseVkey((await dsr(['key', 'public'], { cwd })).stdout.trim());
    const { entries, size } = await json('prove', 'R-000002');
    const acts = entries.map(({ entry }: { entry: string }) => JSON.parse(entry).act);
    expect(acts).toEqual(expect.arrayContaining(['request.opened', 'request.planned', 'request.applied']));
    for (const { seq, entry, proof } of entries) {
      expect(verifyTlogProof(proof, Buffer.from(entry), key)).toMatchObject({ index: seq - 1, size });
      expect(() => verifyTlogProof(proof, Buffer.from(`${entry} `), key)).toThrow();
    }
  });

  test('write them into a folder that verifies by itself, and where a byte was changed does not', async () => {
    await audit('prove', 'R-000002', '--out', 'proofs');
    await audit('sample', '--n', '3', '--seed', 'dice', '--out', 'sample');
    for (const folder of ['proofs', 'sample']) await requireTamperProof(folder);
  });

  test('draw the same entries by the same seed, others by another, and never more than there are', async () => {
    const [one, same, other] = [
      await json('sample', '--n', '3', '--seed', 'a'),
      await json('sample', '--n', '3', '--seed', 'a'),
      await json('sample', '--n', '3', '--seed', 'b'),
    ];
    expect(same).toEqual(one);
    expect(one.entries).toHaveLength(3);
    expect(other.entries).not.toEqual(one.entries);
    expect((await json('sample', '--n', '1000', '--seed', 'a')).entries).toHaveLength(await sizeOf());
    expect(drawEntries({ size: 5, root: 'ab' }, 9, 'x')).toEqual([1, 2, 3, 4, 5]);
    expect(drawEntries({ size: 0, root: 'ab' }, 9, 'x')).toEqual([]);
  });

  test.each([
    [['prove', 'R-000099'], 5],
    [['prove', 'somebody'], 2],
    [['sample', '--n', '0', '--seed', 'x'], 2],
    [['sample', '--n', 'many', '--seed', 'x'], 2],
    [['sample', '--n', '5'], 2],
  ])('%j is refused', async (words, exit) => {
    expect(await audit(...words)).toMatchObject({ exit, stdout: '' });
  });
});

describe('audit export', () => {
  test('holds the log, the checkpoint over it, the key and the way to verify it; and nobody', async () => {
    await audit('checkpoint', '--append', 'kept');
    const size = await sizeOf();
    expect((await audit('export', 'out')).exit).toBe(0);
    expect(readdirSync(join(cwd, 'out'), { recursive: true }).map(String).sort()).toEqual([
      'README.txt',
      'checkpoint',
      'consistency',
      `consistency/${String(size - 1).padStart(9, '0')}`,
      'entries.jsonl',
      'manifest.json',
      'public-key',
    ]);
    expect(statSync(join(cwd, 'out')).mode & 0o777).toBe(0o700);
    const lines = read('out/entries.jsonl').split('\n');
    expect([lines.length - 1, lines.at(-1)]).toEqual([size, '']);
    const key = (await dsr(['key', 'public'], { cwd })).stdout;
    expect(read('out/public-key')).toBe(key);
    expect(read('out/README.txt')).toContain(key);
    for (const name of ['entries.jsonl', 'README.txt', 'manifest.json'])
      for (const value of ['"ada', 'ada@', '"10115', 'example.org'])
        expect(read(`out/${name}`)).not.toContain(value);
  });

  test('verifies without the ledger, and not with one changed byte in any file', async () => {
    await audit('checkpoint', '--append', 'kept');
    await audit('checkpoint', '--append', 'kept');
    await audit('export', 'out');
    const { stdout: key } = await dsr(['key', 'public'], { cwd });
    writeFileSync(join(cwd, 'key.pub'), key);
    for (const name of ['dsr.db', 'dsr.db.key', 'dsr.db.secrets']) rmSync(join(cwd, name));
    for (const given of [key.trim(), 'key.pub'])
      expect(await json('verify', '--export', 'out', '--key', given, '--since', 'kept')).toMatchObject({
        ok: true,
        key: 'given',
        since: [{ state: 'extends' }, { state: 'extends' }],
      });
    expect((await audit('verify', '--export', 'out')).stdout).toContain('which came with the folder');
    await requireTamperProof('out');
  });

  test('is not verified by the key of another ledger', async () => {
    await audit('export', 'out');
    const other = temporaryFolder();
    await dsr(['init'], { cwd: other });
    const { stdout: key } = await dsr(['key', 'public'], { cwd: other });
    const { exit, stderr } = await audit('verify', '--export', 'out', '--key', key.trim());
    expect(exit).toBe(20);
    expect(stderr).toContain('the note is not signed with this key');
  });

  test('finds entries that are missing, twice, or cut off', async () => {
    await audit('export', 'out');
    const lines = read('out/entries.jsonl').split(/(?<=\n)/);
    for (const changed of [
      lines.slice(1),
      lines.slice(0, -1),
      lines.toSpliced(2, 1),
      [...lines, ...lines.slice(-1)],
      lines.with(-1, lines.at(-1)?.slice(0, -1) ?? ''),
      [],
    ]) {
      writeFileSync(join(cwd, 'out/entries.jsonl'), changed.join(''));
      expect((await audit('verify', '--export', 'out')).exit).toBe(20);
    }
  });

  test.each([
    ['a folder that is not there', 'nowhere', 5],
    ['a folder of something else', '.', 65],
    ['a file', 'dsr.db', 65],
  ])('%s is none', async (_name, folder, exit) => {
    expect((await audit('verify', '--export', folder)).exit).toBe(exit);
  });

  test('writes over nothing, and then says nothing in the log', async () => {
    mkdirSync(join(cwd, 'out'));
    const size = await sizeOf();
    expect((await audit('export', 'out')).exit).toBe(4);
    expect(await sizeOf()).toBe(size);
  });
});

test('key public prints one line that is a key', async () => {
  const { exit, stdout, stderr } = await dsr(['key', 'public'], { cwd });
  expect([exit, stderr]).toEqual([0, '']);
  const key = parseVkey(stdout.slice(0, -1));
  const document = JSON.parse((await dsr(['key', 'public', '--json'], { cwd })).stdout);
  expect(document).toMatchObject({ vkey: stdout.trim(), origin: key.name });
});

function lastOf(file: AuditFile): number {
  return Number(file.db.prepare('SELECT max(seq) FROM audit').pluck().get());
}

function turnBit(file: AuditFile, seq: number): void {
  const bytes = file.entry(seq);
  const at = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeEntry(file.db, seq, bytes);
}

/** The folder verifies; with a bit of any of its files turned, at several places, it does not. */
async function requireTamperProof(folder: string): Promise<void> {
  const path = (name: string) => join(cwd, folder, name);
  const verify = async () => (await audit('verify', '--export', folder)).exit;
  const manifest = readFileSync(path('manifest.json'), 'utf8');
  expect(await verify()).toBe(0);
  for (const name of (JSON.parse(manifest) as { files: { path: string }[] }).files.map((file) => file.path)) {
    const bytes = readFileSync(path(name));
    for (const at of [0, 10, bytes.length >> 1, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      writeFileSync(path(name), changed);
      expect(await verify(), `${name}, byte ${at}`).toBe(20);
      // Whoever changes a file can change the manifest too: what proves anything does not rest on it.
      writeFileSync(path('manifest.json'), manifest.replace(sha256(bytes), sha256(changed)));
      if (!UNPROVEN.has(name)) expect(await verify(), `${name}, byte ${at}, and the manifest`).toBe(20);
      writeFileSync(path('manifest.json'), manifest);
    }
    writeFileSync(path(name), bytes);
  }
  expect(await verify()).toBe(0);
}

/** What no signature covers: the words, and the key, which is compared with one that came another way. */
const UNPROVEN: ReadonlySet<string> = new Set(['README.txt', 'public-key']);

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
