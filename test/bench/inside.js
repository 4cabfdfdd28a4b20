// What the bench does inside a ledger, each in a process of its own: node test/bench/inside.js DEED LEDGER [N]

import { writeFileSync } from 'node:fs';
import { suppressionDigest } from '../../dist/people/digests.js';
import { ledgerFiles, openLedger } from '../../dist/store/open.js';
import { appendAudit } from '../../dist/store/sqlite/audit.js';
import { inTransaction } from '../../dist/store/sqlite/connection.js';
import { Prepared } from '../../dist/store/sqlite/prepared.js';
import { openCurrent } from '../../dist/store/sqlite/swap.js';

const [deed, path, number = '0'] = process.argv.slice(2);
const N = Number(number);
const actor = { name: 'bench', login: 'bench' };
const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');

async function withLedger(fn) {
  const ledger = await openLedger({ files: ledgerFiles(path), actor, now, asOf: false, write: true });
  try {
    await fn(ledger);
  } finally {
    await ledger.store.close();
  }
}

function withFile(fn) {
  const { db } = openCurrent({ path, keyPath: `${path}.key` });
  try {
    fn(db);
  } finally {
    db.close();
  }
}

/** N digests of people whom no file of the bench has. */
async function suppress({ store, keys }) {
  const entries = Array.from({ length: N }, (_, i) => {
    const identifier = { kind: 'username', value: `gone${i}` };
    const digest = suppressionDigest(keys.suppression, identifier);
    const about = {
      kind: 'username',
      subject: 1,
      reason: 'erased',
      request: 1,
      since: now,
      until: undefined,
    };
    return { ...about, digest, tag: keys.hasher.tag(identifier) };
  });
  await store.act({ act: 'bench.suppressed', at: now, actor }, (tx) => tx.addSuppressions(entries));
}

/** N entries of the audit log, in one transaction. */
function logEntries(db) {
  const sql = new Prepared(db);
  inTransaction(db, 'IMMEDIATE', () => {
    for (let i = 0; i < N; i += 1) {
      const entry = { act: 'request.opened', at: now, actor, request: i + 1, subject: (i % 500) + 1 };
      appendAudit(sql, entry, { type: 'delete', regime: 'gdpr', channel: 'mail' });
    }
  });
}

/** N requests as the desk has them after some busy years: half of them answered. */
async function openRequests({ store, policyVersion }) {
  const { moved } = await import('../../dist/requests/moves.js');
  const day = (i) => new Date(Date.parse(now) + i * 86_400_000).toISOString().slice(0, 10);
  await store.act({ act: 'bench.opened', at: now, actor }, async (tx) => {
    for (let i = 0; i < N; i += 1) {
      const opened = {
        state: 'received',
        type: i % 3 === 0 ? 'delete' : 'access',
        regime: 'gdpr',
        channel: 'mail',
        requester: 'self',
        receivedOn: day((i % 60) - 40),
        dueOn: day((i % 60) - 10),
        openedAt: now,
        subject: (i % 50_000) + 1,
        verification: { verified: false, method: undefined, matched: 0, needed: 2, tries: 0 },
        level: 'specific',
        history: [{ at: now, actor: actor.name, from: undefined, to: 'received' }],
        notes: [],
        policyVersion,
      };
      const move = i % 2 === 0 ? 'acknowledge' : 'withdraw';
      await tx.add('request', moved(opened, move, { now, actor }));
    }
  });
}

async function timeScrub({ store }) {
  const start = performance.now();
  const result = await store.scrub();
  process.stdout.write(JSON.stringify({ result, milliseconds: performance.now() - start }));
}

/** The same data in a file that nobody encrypts, for a bare VACUUM. */
function writePlain(db) {
  const plain = `${path}.plain`;
  // The connection creates no file.
  writeFileSync(plain, '');
  db.prepare('ATTACH ? AS plain KEY ?').run(plain, Buffer.alloc(0));
  db.pragma(`plain.page_size=${db.pragma('page_size', { simple: true })}`);
  const schema = db.prepare('SELECT type, name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL').all();
  const rows = schema.filter(({ name }) => !name.startsWith('sqlite_'));
  db.exec('BEGIN');
  for (const { type, sql } of rows)
    if (type !== 'trigger')
      db.exec(sql.replace(/^CREATE (UNIQUE )?(TABLE|INDEX) /, (head) => `${head}plain.`));
  for (const { type, name } of rows)
    if (type === 'table') db.exec(`INSERT INTO plain."${name}" SELECT * FROM main."${name}"`);
  db.exec('COMMIT');
}

const DEEDS = {
  suppress: () => withLedger(suppress),
  requests: () => withLedger(openRequests),
  entries: () => withFile(logEntries),
  scrub: () => withLedger(timeScrub),
  plain: () => withFile(writePlain),
};

await DEEDS[deed]();
