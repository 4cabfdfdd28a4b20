import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerFiles, openLedger } from '../../../src/store/open.ts';
import type { Request } from '../../../src/store/registers.ts';
import { ledgerDigest } from '../../helpers/ledger-digest.ts';
import { dsr } from '../../helpers/program.ts';

const FILES = {
  'policy.yaml': `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id, email: { column: email, confirmed: email_ok }, phone: { column: phone, confirmed: phone_ok } }
    verify: { usable: [email, phone, born, zip] }
    category: account
    fields: [born, zip, email_ok, phone_ok]
  comments:
    files: "comments*.ndjson"
    format: ndjson
    mode: append
    key: id
    subject: { email: from }
    category: account
    fields: [text]
  texts:
    files: "texts*.ndjson"
    format: ndjson
    mode: append
    key: id
    subject: { phone: from }
    category: account
    fields: [text]
categories:
  account: { on_delete: erase }
`,
  'users.csv': `id,email,email_ok,phone,phone_ok,born,zip
1,ada@example.org,true,+441632960001,true,1990-12-10,10115
2,bea@example.org,true,,false,1985-01-02,75001
`,
  'comments.ndjson': '{"id":"c1","from":"ada@example.org","text":"written as a guest"}\n',
  'texts.ndjson': '{"id":"t1","from":"+441632960001","text":"sent by telephone"}\n',
};

let cwd: string;
const NOW = '2026-03-02T09:00:00Z';
const run = (...argv: string[]) => dsr(argv, { cwd, now: NOW });
const digest = () => ledgerDigest(ledgerFiles(join(cwd, 'dsr.db')));

async function json(...argv: string[]) {
  const { stdout, stderr, exit } = await run(...argv, '--json');
  if (exit !== 0) throw new Error(`dsr ${argv.join(' ')}: ${stderr}`);
  return JSON.parse(stdout);
}

/** The code that stands in the letter. */
async function code(request: string, to: string): Promise<string> {
  const { letter } = await json('request', 'code', request, '--to', to);
  return /^ *(\d{8})$/m.exec(letter.text)?.[1] ?? 'no code';
}

async function open(type: string, who: string): Promise<string> {
  return (await json('request', 'open', '--type', type, who)).request.id;
}

const verify = (request: string, given: string) =>
  run('request', 'verify', request, '--method', 'code', '--code', given);

async function planned(request: string): Promise<{ readonly sources: string[]; readonly text: string }> {
  const { plan } = await json('request', 'plan', request);
  const sources = plan.items.map((item: { readonly source: string }) => item.source);
  return { sources: sources.sort(), text: JSON.stringify(plan) };
}

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'dsr-verify-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(cwd, name), text);
  await json('init', '--policy', 'policy.yaml');
  await json('ingest', 'users.csv', 'comments.ndjson', 'texts.ndjson');
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('a code', () => {
  it('proves its address alone; the telephone is verified by a code of its own', async () => {
    const request = await open('access', 'user_id:1');
    const mail = await code(request, 'email');
    expect((await verify(request, ` ${mail.slice(0, 4)} ${mail.slice(4)} `)).exit).toBe(0);
    const first = await planned(request);
    expect(first.sources).toEqual(['comments', 'users']);
    expect(first.text).toContain('not verified (phone)');

    const before = await digest();
    const again = await verify(request, mail);
    expect(again).toMatchObject({ exit: 4 });
    expect(again.stderr).toContain('the code was used already');
    expect(await digest()).toBe(before);

    expect((await verify(request, await code(request, 'phone'))).exit).toBe(0);
    expect((await planned(request)).sources).toEqual(['comments', 'texts', 'users']);
  });

  it('of another request, or an earlier one, is none', async () => {
    const [one, two] = [await open('delete', 'user_id:1'), await open('delete', 'user_id:1')];
    const earlier = await code(one, 'email');
    const newest = await code(one, 'email');
    await code(two, 'email');
    const other = await verify(two, newest);
    expect(other).toMatchObject({ exit: 4 });
    expect(other.stdout).toContain('2 tries left');
    expect((await verify(one, earlier)).exit).toBe(earlier === newest ? 0 : 4);
    expect((await verify(one, newest)).exit).toBe(0);
  });

  it('is kept as a keyed digest alone, and goes with the wrong person', async () => {
    const request = await open('edit', 'user_id:1');
    const mail = await code(request, 'email');
    const id = Number(request.slice(2));
    const ledger = await openLedger({
      ...{ files: ledgerFiles(join(cwd, 'dsr.db')), now: NOW, asOf: false, write: false },
      actor: { name: 'tester', login: 'tester' },
    });
    const kept = await ledger.store.read(async (tx) => [
      await tx.entry('request', id),
      await tx.entries('letter', { request: id }),
      await tx.auditRows(0, 1000),
    ]);
    await ledger.store.close();
    expect(JSON.stringify(kept)).not.toContain(mail);
    expect((kept[0] as Request).verification.code?.digest).toMatch(/^[0-9a-f]{64}$/);

    await json('request', 'reassign', request, 'user_id:2', '--reason', 'wrong-person');
    const before = await digest();
    expect(await verify(request, mail)).toMatchObject({ exit: 4 });
    expect(await digest()).toBe(before);
  });
});

describe('a deletion', () => {
  it('by a code erases what the address reaches, and what the telephone reaches stays', async () => {
    const request = await open('delete', 'user_id:1');
    expect((await verify(request, await code(request, 'email'))).exit).toBe(0);
    const { plan } = await json('request', 'plan', request);
    const done = await run(
      'request',
      'run',
      request,
      '--yes',
      '--plan',
      plan.digest,
      '--before-access',
      '--reason',
      'said-so',
    );
    expect(done.exit).toBe(0);
    const left = await json('subject', 'find', 'phone:+441632960001');
    expect(left.subjects[0].records).toEqual({ texts: 1 });
    const gone = await run('subject', 'find', 'email:ada@example.org');
    expect(gone.stdout).not.toContain('comments');
    const { outcome } = await json('request', 'show', request);
    expect(outcome.unverified[0]).toContain('not verified (phone)');
    const part = await json('request', 'letter', request, '--kind', 'partial-answer');
    expect(part.letter.text.replace(/\s+/g, ' ')).toContain('what you were not verified for: rows known by');
    const proof = await json('prove', request);
    expect(proof.clean).toBe(true);
  });
});
