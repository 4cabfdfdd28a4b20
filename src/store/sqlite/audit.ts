import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Canonical } from '../../base/json.ts';
import { canonicalJson } from '../../base/json.ts';
import type { ActEntry, AuditPage, AuditRow } from '../store.ts';
import type { Prepared } from './prepared.ts';

type Facts = { readonly [key: string]: Canonical | undefined };

/**
 * Appends one entry and moves the tree's head on, inside the caller's transaction. A person is
 * named as HMAC-SHA256(nonce, `subject:<id>`); the nonce lies in a table of its own and can be erased.
 */
export function appendAudit(sql: Prepared, act: ActEntry, facts: Facts): void {
  const frontier = readFrontier(sql);
  const seq = frontier.size + 1;
  const text = canonicalJson({
    v: 1,
    seq,
    at: act.at,
    act: act.act,
    actor: act.actor.name,
    login: act.actor.login,
    sudo: act.actor.sudo,
    reason: act.reason,
    request: act.request,
    subject: act.subject === undefined ? undefined : nameSubject(sql, seq, act.subject),
    facts: { ...act.facts, ...facts },
  });
  const leaf = leafHash(text);
  sql.run('INSERT INTO audit(seq, entry, leaf) VALUES(?, ?, ?)', seq, text, leaf);
  writeFrontier(sql, pushLeaf(frontier, leaf));
}

function nameSubject(sql: Prepared, seq: number, subject: number): string {
  const nonce = randomBytes(32);
  sql.run('INSERT INTO audit_nonce(seq, nonce, subject) VALUES(?, ?, ?)', seq, nonce, subject);
  return createHmac('sha256', nonce).update(`subject:${subject}`).digest('hex');
}

export function auditRows(sql: Prepared, after: number, limit: number): AuditRow[] {
  return sql.all<AuditRow>('SELECT seq, entry FROM audit WHERE seq > ? ORDER BY seq LIMIT ?', after, limit);
}

const LEAVES = `CAST(coalesce(group_concat(CASE octet_length(leaf) WHEN 32 THEN leaf ELSE x'${'00'.repeat(32)}' END, ''), '') AS BLOB) AS leaves`;

// One row for all: the driver's cost per value would be most of the time that verifying takes.
const PAGE = `
SELECT coalesce(group_concat(seq), '') AS seqs, coalesce(group_concat(octet_length(entry)), '') AS lengths,
  CAST(coalesce(group_concat(entry, x'00'), '') AS BLOB) AS entries,
  ${LEAVES}
FROM (SELECT seq, entry, leaf FROM audit WHERE seq > ? ORDER BY seq LIMIT ?)`;

export function auditPage(sql: Prepared, after: number, limit: number): AuditPage {
  const row = sql.one<Record<'seqs' | 'lengths', string> & Pick<AuditPage, 'entries' | 'leaves'>>(
    PAGE,
    after,
    limit,
  );
  if (row === undefined) throw new Error('an aggregate has one row');
  return { ...row, seqs: numbersOf(row.seqs), lengths: numbersOf(row.lengths) };
}

/** The leaves of entries `after + 1` to `to` in one piece; one that has not 32 bytes reads as zeros. */
export function auditLeaves(sql: Prepared, after: number, to: number): Uint8Array {
  const range = 'SELECT leaf FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq';
  return sql.value<Uint8Array>(`SELECT ${LEAVES} FROM (${range})`, after, to) ?? new Uint8Array();
}

function numbersOf(list: string): readonly number[] {
  return list === '' ? [] : list.split(',').map(Number);
}

/** Size and RFC 6962 root (hex) of the log as the writer last left it. */
export function auditHead(sql: Prepared): { readonly size: number; readonly root: string } {
  const frontier = readFrontier(sql);
  return { size: frontier.size, root: rootOf(frontier).toString('hex') };
}

/** Roots of the perfect subtrees of the log, largest first, as the bits of `size` say. */
interface Frontier {
  readonly size: number;
  readonly roots: readonly Buffer[];
}

function readFrontier(sql: Prepared): Frontier {
  const text = sql.value<string>("SELECT value FROM meta WHERE name = 'audit_frontier'");
  const { size, roots } = JSON.parse(text ?? '{"size":0,"roots":[]}') as { size: number; roots: string[] };
  return { size, roots: roots.map((root) => Buffer.from(root, 'hex')) };
}

function writeFrontier(sql: Prepared, frontier: Frontier): void {
  const text = JSON.stringify({
    size: frontier.size,
    roots: frontier.roots.map((root) => root.toString('hex')),
  });
  sql.run("INSERT OR REPLACE INTO meta(name, value) VALUES('audit_frontier', ?)", text);
}

function pushLeaf(frontier: Frontier, leaf: Buffer): Frontier {
  const roots = [...frontier.roots];
  let root = leaf;
  for (let size = frontier.size; size % 2 === 1; size = (size - 1) / 2)
    root = nodeHash(roots.pop() ?? root, root);
  return { size: frontier.size + 1, roots: [...roots, root] };
}

function rootOf(frontier: Frontier): Buffer {
  return frontier.roots.reduceRight(
    (right, left) => nodeHash(left, right),
    frontier.roots.length === 0 ? sha256() : Buffer.alloc(0),
  );
}

function leafHash(entry: string): Buffer {
  return sha256(Buffer.of(0), Buffer.from(entry, 'utf8'));
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return right.length === 0 ? left : sha256(Buffer.of(1), left, right);
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
