// Times dsr against the sqlite3 shell (and DuckDB, where it is installed) on generated exports, and one
// person's requests in a small ledger against a large one. `npm run bench -- --scale 0.1` does a tenth of it,
// `-- --only desk` one part.

import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { probeName, writeLog, writeUsers } from './generate.js';
import { isThere, median, run } from './measure.js';

const DSR = fileURLToPath(new URL('../../bin/dsr.js', import.meta.url));
const INSIDE = fileURLToPath(new URL('inside.js', import.meta.url));
const { values: flags } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '2' },
    only: { type: 'string' },
  },
});
const SCALE = Number(flags.scale);
const ROUNDS = Number(flags.rounds);
const ONLY = flags.only;
const LOG_LINES = 2_000_000 * SCALE;
const USER_ROWS = 1_000_000 * SCALE;
const PEOPLE = 200_000 * SCALE;
const PROBES = 7;
const LINES_OF_PROBE = 40;
const SUPPRESSED = 10_000;
const AUDIT_ENTRIES = 100_000;
const REQUESTS = 100_000;
const DESK_ROUNDS = 11;

const POLICY = `
controller: { name: Bench, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
limits: { scrub_at_once_below: 1KB }
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: [id]
    subject: { user_id: id, email: email, username: username }
    category: account
    fields: [first_name, last_name, dob, country, city, language, created_at, last_login, newsletter]
  access_log:
    files: "access*.log"
    format: combined
    subject: { username: user }
    weak: { ip: host }
    category: server_log
categories:
  account: { on_delete: erase }
  server_log: { on_delete: { count_by: [hour, path, status] } }
`;

const IMPORT_LOG = `
CREATE TABLE log(host TEXT, ident TEXT, user TEXT, time TEXT, zone TEXT, request TEXT, status INTEGER, bytes INTEGER, referrer TEXT, agent TEXT);
.mode csv
.separator " "
.import access.log log
CREATE INDEX log_user ON log(user);
CREATE INDEX log_host ON log(host);
CREATE INDEX log_time ON log(time);
`;

const IMPORT_USERS = `
.mode csv
.import users.csv users
CREATE INDEX users_id ON users(id);
CREATE INDEX users_email ON users(email);
CREATE INDEX users_username ON users(username);
`;

const DUCKDB_LOG = `
CREATE TABLE log AS SELECT * FROM read_csv('access.log', delim = ' ', quote = '"', header = false,
  names = ['host', 'ident', 'user', 'time', 'zone', 'request', 'status', 'bytes', 'referrer', 'agent']);
CREATE INDEX log_user ON log(user); CREATE INDEX log_host ON log(host); CREATE INDEX log_time ON log(time);
`;

const DUCKDB_USERS = `
CREATE TABLE users AS SELECT * FROM read_csv('users.csv');
CREATE INDEX users_id ON users(id); CREATE INDEX users_email ON users(email);
CREATE INDEX users_username ON users(username);
`;

function say(text) {
  process.stdout.write(`${text}\n`);
}

function number(value) {
  return Math.round(value).toLocaleString('en');
}

/** Calls dsr in a folder with a ledger. */
function dsr(folder, ...args) {
  return run([process.execPath, DSR, ...args], { cwd: folder });
}

/** Runs a deed of inside.js on a ledger. */
function inside(deed, ledger, ...more) {
  return run([process.execPath, INSIDE, deed, ledger, ...more.map(String)]);
}

async function freshLedger(folder) {
  for (const name of ['dsr.db', 'dsr.db.key', 'dsr.db.secrets', 'dsr.db-wal', 'dsr.db-shm', 'dsr.db.load'])
    rmSync(join(folder, name), { force: true });
  writeFileSync(join(folder, 'dsr.yaml'), POLICY);
  await dsr(folder, 'init', '--policy', 'dsr.yaml');
}

async function ingest(folder, file, rows) {
  await freshLedger(folder);
  return loaded(folder, file, rows);
}

async function loaded(folder, file, rows) {
  const result = await dsr(folder, 'ingest', file, '--json');
  const [loaded] = JSON.parse(result.stdout).imports;
  if (loaded.rows_kept !== rows) throw new Error(`dsr kept ${loaded.rows_kept} of ${rows} rows`);
  return result;
}

async function otherImport(program, folder, script) {
  rmSync(join(folder, 'other.db'), { force: true });
  return run([program, 'other.db'], { cwd: folder, input: script });
}

/** The fastest of several runs, those of the programs in turn. */
async function compare(contestants) {
  const best = new Map();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, start] of contestants) {
      const result = await start();
      const before = best.get(name);
      if (before === undefined || result.seconds < before.seconds) best.set(name, result);
    }
  }
  return best;
}

function contestantsOf(folder, file, rows, scripts) {
  const others = Object.entries(scripts).filter(([program]) => isThere(program));
  for (const program of Object.keys(scripts))
    if (!others.some(([name]) => name === program)) say(`  ${program}: not on this machine, skipped`);
  return [
    ['dsr', () => ingest(folder, file, rows)],
    ...others.map(([program, script]) => [program, () => otherImport(program, folder, script)]),
  ];
}

async function race({ title, folder, file, rows, scripts, target }) {
  say(`\n${title} (${number(statSync(join(folder, file)).size / 1e6)} MB)`);
  const results = await compare(contestantsOf(folder, file, rows, scripts));
  const ours = results.get('dsr');
  for (const [name, { seconds, megabytes }] of results) {
    const rate = `${number(rows / seconds)} rows/s`;
    say(
      `  ${name.padEnd(8)} ${seconds.toFixed(2).padStart(7)} s  ${rate.padStart(18)}  peak ${number(megabytes)} MB`,
    );
  }
  const theirs = results.get('sqlite3');
  if (theirs !== undefined)
    verdict(
      'speed of dsr against sqlite3',
      theirs.seconds / ours.seconds,
      target,
      (ratio) => ratio >= target,
    );
  if (results.has('duckdb'))
    say(`  speed of dsr against DuckDB: ${(results.get('duckdb').seconds / ours.seconds).toFixed(2)}`);
  verdict('peak memory of dsr in MB', ours.megabytes, 500, (megabytes) => megabytes < 500);
}

function verdict(what, value, target, isMet) {
  say(`  ${what}: ${value.toFixed(2)} (target ${target}): ${isMet(value) ? 'met' : 'MISSED'}`);
}

/** A ledger in which the probes have the same number of lines, whatever else it holds. */
async function probeLedger(root, lines) {
  const folder = join(root, `ledger-${lines}`);
  mkdirSync(folder);
  const log = { lines, users: PEOPLE, probes: PROBES, linesOfProbe: LINES_OF_PROBE };
  writeLog(join(folder, 'access.log'), log);
  writeUsers(join(folder, 'users.csv'), PROBES, (i) => probeName(i - 1));
  await freshLedger(folder);
  await dsr(folder, 'ingest', 'access.log', 'users.csv', '--json');
  rmSync(join(folder, 'access.log'));
  return folder;
}

const METHOD = ['--method', 'account', '--yes', '--json'];

/** Seconds of one person's request beyond those that starting the program takes; the median over the probes. */
async function requestSeconds(folder, command) {
  const seconds = [];
  for (let probe = 0; probe < PROBES; probe += 1) {
    const start = await dsr(folder, 'help', 'exit-codes');
    const out = command === 'access' ? ['--out', join(folder, `answer-${probe}`)] : [];
    const result = await dsr(folder, command, `username:${probeName(probe)}`, ...METHOD, ...out);
    seconds.push(result.seconds - start.seconds);
  }
  return median(seconds);
}

async function racePersons(root) {
  const [few, many] = [LOG_LINES / 10, LOG_LINES];
  say(
    `\nRequests of one person with ${LINES_OF_PROBE} log lines and one row, start of the program taken off, no scrub`,
  );
  const small = await probeLedger(root, few);
  const large = await probeLedger(root, many);
  for (const command of ['access', 'delete']) {
    const inSmall = await requestSeconds(small, command);
    const inLarge = await requestSeconds(large, command);
    const milliseconds = (seconds) => `${number(seconds * 1000)} ms`;
    say(
      `  ${command}: ${milliseconds(inSmall)} among ${number(few)} events, ${milliseconds(inLarge)} among ${number(many)}`,
    );
    verdict(`${command}, large against small`, inLarge / inSmall, 2, (ratio) => ratio <= 2);
  }
  await raceScrub(large);
}

/** What an erasure costs beyond the act itself: the scrub, against a bare VACUUM of the same data unencrypted. */
async function raceScrub(folder) {
  const ledger = join(folder, 'dsr.db');
  say(`\nThe scrub of ${number(statSync(ledger).size / 1e6)} MB`);
  const scrub = JSON.parse((await inside('scrub', ledger)).stdout);
  say(`  dsr      ${(scrub.milliseconds / 1000).toFixed(2).padStart(7)} s, under a new key`);
  if (!isThere('sqlite3')) return say('  sqlite3: not on this machine, skipped');
  await inside('plain', ledger);
  const vacuum = await run(['sqlite3', `${ledger}.plain`, 'VACUUM'], { cwd: folder });
  rmSync(`${ledger}.plain`);
  say(`  sqlite3  ${vacuum.seconds.toFixed(2).padStart(7)} s, VACUUM without encryption`);
  const ratio = scrub.milliseconds / 1000 / vacuum.seconds;
  verdict('scrub against VACUUM', ratio, 1, (value) => value <= 1);
}

/** What suppressions of other people cost an import. */
async function raceGate(root) {
  const folder = join(root, 'gate');
  mkdirSync(folder);
  writeUsers(join(folder, 'users.csv'), USER_ROWS / 5);
  writeLog(join(folder, 'access.log'), { lines: LOG_LINES / 2, users: PEOPLE });
  say(`\nThe gate, ${number(SUPPRESSED)} people suppressed of whom no file has a row`);
  for (const [file, rows] of [
    ['users.csv', USER_ROWS / 5],
    ['access.log', LOG_LINES / 2],
  ]) {
    const load =
      (...before) =>
      async () => {
        await freshLedger(folder);
        for (const deed of before) await inside(deed, join(folder, 'dsr.db'), SUPPRESSED);
        return loaded(folder, file, rows);
      };
    const results = await compare([
      ['open', load()],
      ['guarded', load('suppress')],
    ]);
    const ratio = results.get('guarded').seconds / results.get('open').seconds;
    verdict(`${file} with the gate against without`, ratio, 1.1, (value) => value < 1.1);
  }
  rmSync(folder, { recursive: true });
}

/** What is due among many requests, against the help of the program. */
async function raceDesk(root) {
  const folder = join(root, 'desk');
  mkdirSync(folder);
  await freshLedger(folder);
  await inside('requests', join(folder, 'dsr.db'), REQUESTS);
  say(`\nThe desk with ${number(REQUESTS)} requests, against dsr --help, medians of ${DESK_ROUNDS} runs`);
  const calls = { '--help': ['--help'], dsr: [], 'request list': ['request', 'list'] };
  const seconds = Object.fromEntries(Object.keys(calls).map((name) => [name, []]));
  for (let round = 0; round < DESK_ROUNDS; round += 1)
    for (const [name, words] of Object.entries(calls))
      seconds[name].push((await dsr(folder, ...words)).seconds);
  const help = median(seconds['--help']);
  for (const name of ['dsr', 'request list'])
    verdict(`${name} against --help`, median(seconds[name]) / help, 3, (ratio) => ratio < 3);
  rmSync(folder, { recursive: true });
}

/** The recomputing of a long audit log. */
async function raceAudit(root) {
  const folder = join(root, 'audit');
  mkdirSync(folder);
  await freshLedger(folder);
  const start = await dsr(folder, 'audit', 'verify');
  await inside('entries', join(folder, 'dsr.db'), AUDIT_ENTRIES);
  const { seconds } = await dsr(folder, 'audit', 'verify');
  say(`\nThe audit log, ${number(AUDIT_ENTRIES)} entries, what one of a single entry takes taken off`);
  verdict('seconds to verify it', seconds - start.seconds, 1, (value) => value < 1);
  rmSync(folder, { recursive: true });
}

function describeMachine() {
  const sqlite = new Database(':memory:').prepare('SELECT sqlite_version()').pluck().get();
  const memory = `${number(totalmem() / 2 ** 30)} GB`;
  say(`${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${memory}`);
  say(`Node ${process.versions.node}, dsr with SQLite ${sqlite}, each figure the best of ${ROUNDS} runs`);
}

/** What loading costs, against other programs. */
async function raceImports(root) {
  const folder = join(root, 'race');
  mkdirSync(folder);
  writeLog(join(folder, 'access.log'), { lines: LOG_LINES, users: PEOPLE });
  await race({
    title: `${number(LOG_LINES)} lines of a combined log`,
    folder,
    file: 'access.log',
    rows: LOG_LINES,
    scripts: { sqlite3: IMPORT_LOG, duckdb: DUCKDB_LOG },
    target: 2,
  });
  rmSync(join(folder, 'access.log'));
  writeUsers(join(folder, 'users.csv'), USER_ROWS);
  await race({
    title: `${number(USER_ROWS)} rows of a user table`,
    folder,
    file: 'users.csv',
    rows: USER_ROWS,
    scripts: { sqlite3: IMPORT_USERS, duckdb: DUCKDB_USERS },
    target: 0.5,
  });
  rmSync(folder, { recursive: true });
}

const ENTRIES = {
  imports: raceImports,
  persons: racePersons,
  gate: raceGate,
  audit: raceAudit,
  desk: raceDesk,
};

async function main(root) {
  describeMachine();
  if (isThere('sqlite3')) say(`sqlite3 shell ${(await run(['sqlite3', '--version'])).stdout.split(' ')[0]}`);
  const chosen = Object.entries(ENTRIES).filter(([name]) => ONLY === undefined || name === ONLY);
  if (chosen.length === 0) throw new Error(`--only is one of: ${Object.keys(ENTRIES).join(', ')}`);
  for (const [, race] of chosen) await race(root);
}

const root = mkdtempSync(join(resolve(tmpdir()), 'dsr-bench-'));
try {
  await main(root);
} finally {
  rmSync(root, { recursive: true, force: true });
}
