import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openCurrent } from '../../src/store/sqlite/swap.ts';
import { temporaryFolder } from '../helpers/ledger-folder.ts';
import { dsr } from '../helpers/program.ts';

/** From source; the full numbers run what was built, which starts in a fifth of the time. */
const PROGRAM = process.env.DSR_ERASE_PROGRAM ?? '../../src/cli/main.ts';
const CHILD = fileURLToPath(new URL('./erase-child.ts', import.meta.url));
/** `npm run test:faults` has the full numbers. */
const KILLS = Number(process.env.DSR_ERASE_KILLS ?? 6);
const PEOPLE = Number(process.env.DSR_ERASE_PEOPLE ?? 300);
const ERASED = Number(process.env.DSR_ERASE_ERASED ?? 8);

const POLICY = `
controller: { name: Sweep, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: [id]
    subject: { user_id: id, email: email, username: username }
    category: account
    fields: [name, city]
  messages:
    files: "messages*.csv"
    format: csv
    mode: append
    key: [id]
    parties: { author: { user_id: from }, recipient: { user_id: to } }
    free_text: [body]
    category: messages
  access_log:
    files: "access*.log"
    format: combined
    subject: { username: user }
    weak: { ip: host }
    category: server_log
categories:
  account: { on_delete: erase }
  messages: { on_delete: { author: erase, recipient: anonymise } }
  server_log: { on_delete: { count_by: [hour, status] } }
`;

/** Twelve letters that nobody else has: prime to the alphabet, so that each number gives other ones. */
function wordOf(kind: number, number: number): string {
  let rest = number * 7919 + kind * 104_729 + 17;
  let word = '';
  for (let i = 0; i < 12; i += 1) {
    word += 'bcdfghklmnprstvz'[rest % 16];
    rest = Math.floor(rest / 16) + (number * 31 + kind * 7 + i * 13) * 37;
  }
  return word;
}

const valuesOf = (id: number) => ({
  email: `${wordOf(1, id)}@${wordOf(2, id)}.example`,
  username: wordOf(3, id),
  name: `${wordOf(4, id)} ${wordOf(5, id)}`,
  city: wordOf(6, id),
});

function userRow(id: number): string {
  const { email, username, name, city } = valuesOf(id);
  return `${id},${email},${username},${name},${city}`;
}

function prepare(): string {
  const folder = temporaryFolder();
  const ids = Array.from({ length: PEOPLE }, (_, i) => i + 1);
  const step = Math.floor(PEOPLE / ERASED);
  const erased = Array.from({ length: ERASED }, (_, i) => 1 + i * step);
  writeFileSync(join(folder, 'dsr.yaml'), POLICY);
  writeFileSync(
    join(folder, 'users-2026-01-01.csv'),
    `id,email,username,name,city\n${ids.map(userRow).join('\n')}\n`,
  );
  const messages = ids.flatMap((id) => [
    `${id * 2},${id},${(id % PEOPLE) + 1},from me ${wordOf(7, id)}`,
    `${id * 2 + 1},${(id % PEOPLE) + 1},${id},to you ${wordOf(8, id)}`,
  ]);
  writeFileSync(join(folder, 'messages.csv'), `id,from,to,body\n${messages.join('\n')}\n`);
  const log = Array.from({ length: PEOPLE * 4 }, (_, i) => {
    const { username } = valuesOf((i % PEOPLE) + 1);
    return `203.0.113.${i % 250} - ${username} [05/Jan/2026:10:00:0${i % 10} +0000] "GET /p/${i} HTTP/1.1" 200 5 "-" "agent"`;
  });
  writeFileSync(join(folder, 'access.log'), `${log.join('\n')}\n`);
  writeFileSync(join(folder, 'ids.txt'), `${erased.join('\n')}\n`);
  return folder;
}

/** Where a kill is aimed at: what a look from outside has to see first. `any` waits for a random time alone. */
const AIMS = ['any', 'copy', 'proof', 'package'] as const;

type Aim = (typeof AIMS)[number];

interface Ended {
  readonly out: string;
  readonly err: string;
  readonly killed: boolean;
}

type Kill = (child: ChildProcess) => () => void;

function runChild(folder: string, kill: Kill = () => () => {}): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? '', DSR_LEDGER: join(folder, 'dsr.db'), DSR_ACTOR: 'sweep' };
  const child = spawn(process.execPath, [CHILD, folder, PROGRAM], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.on('data', (data: Buffer) => out.push(data.toString()));
  child.stderr.on('data', (data: Buffer) => err.push(data.toString()));
  const calmDown = kill(child);
  return new Promise((resolve) =>
    child.on('close', (_code, signal) => {
      calmDown();
      resolve({ out: out.join(''), err: err.join(''), killed: signal !== null });
    }),
  );
}

/** Kills once so many people are done and the aim is seen; where it is missed, on the way to the next but one. */
function killAt(folder: string, aim: Aim, from: number): Kill {
  return (child) => {
    const isSeen = seeing(folder, aim, child);
    const patience = aim === 'any' ? Math.random() * 1200 : Math.random() ** 3 * 60;
    let timer: NodeJS.Timeout | undefined;
    const look = setInterval(() => {
      const done = linesOf(join(folder, 'done.txt')).length;
      if (timer !== undefined || done < from || (!isSeen() && done < from + 2)) return;
      timer = setTimeout(() => child.kill('SIGKILL'), patience);
    }, 1);
    return () => {
      clearInterval(look);
      clearTimeout(timer);
    };
  };
}

function seeing(folder: string, aim: Aim, { pid }: ChildProcess): () => boolean {
  switch (aim) {
    case 'any':
      return () => true;
    case 'copy':
      return () => readdirSync(folder).some((name) => /^dsr\.db\.\d+$/.test(name));
    case 'proof':
      return () => textOf(`/proc/${pid}/task/${pid}/children`) !== '';
    case 'package': {
      const count = () => packagesOf(folder).reduce((sum, path) => sum + readdirSync(path).length, 0);
      const before = count();
      return () => count() < before;
    }
  }
}

/** The packages of the next people whose turn it is. */
function packagesOf(folder: string): readonly string[] {
  const done = new Set(linesOf(join(folder, 'done.txt')));
  const next = linesOf(join(folder, 'ids.txt')).filter((id) => !done.has(id));
  return next
    .slice(0, 3)
    .map((id) => join(folder, 'packages', id))
    .filter((path) => existsSync(path));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function linesOf(path: string): readonly string[] {
  return textOf(path).split('\n').filter(Boolean);
}

/** The whole ledger decrypted, dead bytes included, and all its log lines. */
function imageOf(folder: string): string {
  const path = join(folder, 'dsr.db');
  const { db } = openCurrent({ path, keyPath: `${path}.key` });
  try {
    const blocks = db.prepare('SELECT body FROM block').pluck().all() as Buffer[];
    const lines = blocks.map((body) => zstdDecompressSync(body).toString('latin1'));
    return [db.serialize().toString('latin1'), ...lines].join('\n');
  } finally {
    db.close();
  }
}

/** The row of a person, and the messages that they wrote or got: `prepare`. */
function rowsOf(id: number): readonly string[] {
  const before = id === 1 ? PEOPLE : id - 1;
  const messages = [before * 2, before * 2 + 1, id * 2, id * 2 + 1];
  return [`users ${id}`, ...messages.map((key) => `messages ${key}`)];
}

/** All rows and log lines but those that one of the erased is a party to, or the log has theirs. */
function othersOf(folder: string, erased: readonly number[]): readonly string[] {
  const path = join(folder, 'dsr.db');
  const { db } = openCurrent({ path, keyPath: `${path}.key` });
  try {
    const theirs = new Set(erased.flatMap(rowsOf));
    const rows = db
      .prepare('SELECT s.name, r.key, r.body FROM record r JOIN source s ON s.id = r.source')
      .raw()
      .all() as [source: string, key: string, body: string][];
    const lines = (db.prepare('SELECT body FROM block').pluck().all() as Buffer[])
      .flatMap((body) => zstdDecompressSync(body).toString('latin1').split('\n'))
      .filter((line) => !erased.some((id) => line.includes(valuesOf(id).username)));
    return [
      ...rows.filter(([source, key]) => !theirs.has(`${source} ${key}`)).map(String),
      ...lines.filter(Boolean),
    ].sort();
  } finally {
    db.close();
  }
}

function telling(id: number): readonly string[] {
  const { email, username, name, city } = valuesOf(id);
  return [email, username, ...name.split(' '), city, wordOf(7, id)];
}

function hitsIn(text: string, ids: readonly number[]): readonly string[] {
  return ids.flatMap((id) => telling(id).filter((value) => text.includes(value)));
}

describe('people are erased while the program is killed again and again', () => {
  it('leaves no value of theirs, and everything of everybody else', { timeout: 1_500_000 }, async () => {
    const folder = prepare();
    const inside = { cwd: folder };
    expect((await dsr(['init', '--policy', 'dsr.yaml'], inside)).exit).toBe(0);
    const files = ['users-2026-01-01.csv', 'messages.csv', 'access.log'];
    expect((await dsr(['ingest', ...files], inside)).exit).toBe(0);
    const erased = linesOf(join(folder, 'ids.txt')).map(Number);
    for (const id of erased) {
      const asked = ['access', `user_id:${id}`, '--yes', '--method', 'account', '--out', `packages/${id}`];
      expect((await dsr(asked, inside)).exit).toBe(0);
    }
    const before = othersOf(folder, erased);
    // The control: the search finds what is there.
    expect(hitsIn(imageOf(folder), erased)).toHaveLength(erased.length * telling(1).length);

    const kills: Record<Aim, number> = { any: 0, copy: 0, proof: 0, package: 0 };
    for (let nth = 0; nth < KILLS; nth += 1) {
      const aim = AIMS[nth % AIMS.length] ?? 'any';
      const from = Math.floor((nth * erased.length) / KILLS);
      const run = await runChild(folder, killAt(folder, aim, from));
      if (run.err !== '') throw new Error(run.err);
      if (run.killed) kills[aim] += 1;
    }
    const last = await runChild(folder);
    expect(last).toMatchObject({ out: 'finished\n', err: '' });
    console.info(`erase: killed ${JSON.stringify(kills)}, ${erased.length} of ${PEOPLE} people erased`);
    // The last one may have come too late.
    expect(Object.values(kills).reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(KILLS - 1);

    expect(hitsIn(imageOf(folder), erased)).toEqual([]);
    expect(readdirSync(folder).filter((name) => /^dsr\.db.*\.\d+$/.test(name))).toEqual([]);
    expect(readdirSync(join(folder, 'packages'))).toEqual([]);
    expect(othersOf(folder, erased)).toEqual(before);
    expect((await dsr(['audit', 'verify'], inside)).exit).toBe(0);
    expect(await provenOf(folder)).toBe(erased.length);
  });
});

/** How many requests have erased somebody: each of them is proven, and found clean when looked for again. */
async function provenOf(folder: string): Promise<number> {
  const said = async (...argv: readonly string[]) =>
    JSON.parse((await dsr([...argv, '--json'], { cwd: folder })).stdout);
  const { requests } = await said('request', 'list');
  let proven = 0;
  for (const { id, type, state } of requests) {
    if (type !== 'delete' || state !== 'ordered-upstream') continue;
    expect(await said('prove', id)).toMatchObject({ clean: true, bytes: 'proven' });
    proven += 1;
  }
  return proven;
}
