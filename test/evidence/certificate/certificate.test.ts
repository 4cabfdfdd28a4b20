import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { canonicalJson } from '../../../src/base/json.ts';
import { vkeyOf } from '../../../src/evidence/audit/checkpoint.ts';
import { noteKey, parseVkey, renderVkey, signNote } from '../../../src/evidence/audit/note.ts';
import {
  type Certificate,
  renderCertificate,
  signedText,
} from '../../../src/evidence/certificate/certificate.ts';
import { issueCertificate } from '../../../src/evidence/certificate/issue.ts';
import { renderCertificateText } from '../../../src/evidence/certificate/text.ts';
import { verifyCertificate } from '../../../src/evidence/certificate/verify.ts';
import type { Ledger } from '../../../src/store/ledger.ts';
import type { ByteProof } from '../../../src/store/registers.ts';
import { dsr } from '../../helpers/program.ts';
import { makeService } from '../../helpers/service.ts';
import { add, anOrder, certifiedLedger, change, ERASED_AT, NOW, note } from './certified-ledger.ts';

let ledger: Ledger;

beforeEach(async () => {
  ledger = await certifiedLedger();
});

afterEach(() => ledger.store.close());

const bytesOf = (text: string) => Buffer.from(text, 'utf8');

describe('what a certificate says', () => {
  test('right after the run it says erased here and ordered upstream, and no more', async () => {
    await add(ledger, 'work-order', anOrder());
    const { certificate, text } = await issueCertificate(ledger, 1);
    const { states, bytes, upstream, applied, runs, number } = certificate.certificate;
    expect(states.map(({ is }) => is)).toEqual([
      'reached',
      'not reached',
      'reached',
      'not reached',
      'not reached',
    ]);
    expect(bytes).toEqual({ state: 'pending', proof: null });
    expect(upstream).toEqual([
      {
        source: 'users',
        ordered: 1,
        open: 1,
        confirmed_by_import: 0,
        confirmed_by_staff: 0,
        ended: 0,
        cancelled: 0,
        verdicts: [],
      },
    ]);
    expect(applied).toEqual([
      { source: 'users', category: 'account', action: 'erase', count: 1, basis: null, until: null },
      expect.objectContaining({ source: 'payments', action: 'retain', count: 2, until: '2033-12-31' }),
    ]);
    expect(runs).toEqual([
      expect.objectContaining({
        at: ERASED_AT,
        policy_version: 1,
        policy: expect.stringMatching(/^sha256:/),
      }),
    ]);
    expect(number).toBe('R-000001/1');
    expect(verifyCertificate(bytesOf(text))).toMatchObject({ ok: true, problems: [], key: 'included' });
  });

  test('what may stay has its ground and its end', async () => {
    await add(ledger, 'work-order', anOrder());
    const { certificate } = await issueCertificate(ledger, 1);
    expect(certificate.certificate.remains.map(({ what, count, until }) => [what, count, until])).toEqual([
      ['rows', 2, '2033-12-31'],
      ['request-file', 1, 'closed+P24M'],
      ['work-orders', 1, 'confirmed'],
    ]);
    await change(ledger, ({ history }) => ({
      state: 'closed',
      history: [...history, { at: NOW, actor: 'x', from: 'confirmed', to: 'closed', reason: undefined }],
    }));
    const { certificate: later } = await issueCertificate(ledger, 1);
    expect(later.certificate.remains[1]).toMatchObject({ what: 'request-file', until: '2028-03-10' });
    expect(later.certificate.number).toBe('R-000001/2');
  });

  test('as states are seen they are reached, by what and by whom', async () => {
    await seenByAll();
    const { certificate } = await issueCertificate(ledger, 1);
    const { states, upstream, bytes, evidence } = certificate.certificate;
    expect(states.every(({ is }) => is === 'reached')).toBe(true);
    expect(upstream[0]).toMatchObject({
      confirmed_by_import: 1,
      confirmed_by_staff: 1,
      verdicts: [{ verdict: 'gone', why: null, count: 1 }],
    });
    expect(bytes.proof).toMatchObject({ verdict: 'clean', hits: { residue: 0 } });
    expect(evidence.map(({ act }) => act)).toEqual([
      'request.planned',
      'request.applied',
      'bytes.proven',
      'import.published',
      'work.confirmed',
    ]);
  });

  test('an order that was cancelled is not confirmed, and a proof that is not clean proves nothing', async () => {
    await add(ledger, 'work-order', anOrder({ state: 'cancelled', endedAt: NOW }));
    await addProof(aProof({ state: 'incomplete', notSearched: [{ code: 'file-unreadable', count: 1 }] }));
    await change(ledger, ({ outcome }) => ({ outcome: { ...outcome!, bytes: 'proven' } }));
    const { certificate, text } = await issueCertificate(ledger, 1);
    expect(verifyCertificate(bytesOf(text)).problems).toEqual([]);
    const { states } = certificate.certificate;
    expect(states.map(({ state, is }) => [state, is])).toEqual([
      ['erased here', 'reached'],
      ['bytes proven', 'not reached'],
      ['ordered upstream', 'reached'],
      ['confirmed upstream', 'not reached'],
      ['closed', 'not reached'],
    ]);
  });

  test('where nothing had to be ordered, nothing upstream is said to be reached', async () => {
    const { states } = (await issueCertificate(ledger, 1)).certificate.certificate;
    expect(states.filter(({ is }) => is === 'not needed').map(({ state }) => state)).toEqual([
      'ordered upstream',
      'confirmed upstream',
    ]);
  });

  test("backups: dsr's own from before the erasure, and upstream's counted from when the row was gone there", async () => {
    const order = await add(ledger, 'work-order', anOrder());
    const backup = { state: 'kept', subject: undefined, file: 'ada.db', sha256: '', auditSize: 1 };
    await add(ledger, 'backup', { ...backup, at: '2026-02-01T00:00:00Z', expiresOn: '2026-05-02' });
    await add(ledger, 'backup', { ...backup, at: '2026-03-02T00:00:00Z', expiresOn: '2026-05-31' });
    const ledgers = {
      of: 'ledger',
      name: null,
      sources: [],
      taken_at: '2026-02-01T00:00:00Z',
      over_on: '2026-05-02',
    };
    const nightly = { of: 'upstream', name: 'nightly', sources: ['users'], taken_at: null };
    expect((await issueCertificate(ledger, 1)).certificate.certificate.backups).toEqual([
      ledgers,
      { ...nightly, over_on: null },
    ]);
    await ledger.store.act({ act: 'test.done', at: NOW, actor: ledger.actor }, (tx) =>
      tx.put('work-order', { ...order, state: 'confirmed', endedAt: NOW, confirmedBy: 'staff' }),
    );
    expect((await issueCertificate(ledger, 1)).certificate.certificate.backups).toEqual([
      ledgers,
      { ...nightly, over_on: '2026-04-14' },
    ]);
  });

  test('nothing of it is personal, and nothing that staff wrote', async () => {
    await seenByAll();
    const { certificate, text, sha256 } = await issueCertificate(ledger, 1);
    const shown = renderCertificateText(certificate.certificate, sha256);
    for (const word of ['Ada', 'Byron', '415', 'S-000001', 'ada.db']) {
      expect(text).not.toContain(word);
      expect(shown).not.toContain(word);
    }
  });

  test('the text says which file counts, and what is reached', async () => {
    const { certificate, sha256 } = await issueCertificate(ledger, 1);
    const shown = renderCertificateText(certificate.certificate, sha256);
    expect(shown).toContain(`What counts is the JSON file with this SHA-256:\n${sha256}\n`);
    expect(shown).toMatch(/^ {2}reached +erased here$/m);
    expect(shown).toMatch(/^ {2}not reached +bytes proven, closed$/m);
    expect(shown).toMatch(/^ {2}retain +payments +payments +2 +legal-obligation: tax +2033-12-31$/m);
  });

  test('the text fits a terminal of eighty columns, and says ends and grounds in words', async () => {
    await seenByAll();
    await add(ledger, 'work-order', anOrder());
    await change(ledger, () => ({ state: 'ordered-upstream' }));
    const { certificate, sha256 } = await issueCertificate(ledger, 1);
    const shown = renderCertificateText(certificate.certificate, sha256);
    expect(shown.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(shown).toMatch(/file of the request +1 {2}until 24 months after the request is closed$/m);
    expect(shown).toContain('until it is confirmed upstream');
    expect(shown).not.toMatch(/closed\+|until (?:confirmed|released)|no end/);
  });

  test('each issue is an act with the digest of its file, and notes that a checkpoint has left', async () => {
    const { sha256 } = await issueCertificate(ledger, 1);
    const { rows, checkpoints } = await ledger.store.read(async (tx) => ({
      rows: await tx.auditRows(0, 100),
      checkpoints: await tx.entries('checkpoint'),
    }));
    expect(JSON.parse(rows.at(-1)!.entry)).toMatchObject({
      act: 'certificate.issued',
      request: 1,
      facts: { sha256, states: ['erased here'] },
    });
    expect(checkpoints).toEqual([expect.objectContaining({ to: 'certificate', size: rows.length - 1 })]);
  });
});

describe('who gets none', () => {
  test.each([
    ['nothing was carried out', { outcome: undefined }],
    ['another right was exercised', { type: 'access' as const }],
  ])('%s', async (_why, given) => {
    await change(ledger, () => given);
    const before = await ledger.store.read((tx) => tx.auditHead());
    await expect(issueCertificate(ledger, 1)).rejects.toMatchObject({ code: 'nothing-erased', exit: 4 });
    expect(await ledger.store.read((tx) => tx.auditHead())).toEqual(before);
    expect(await ledger.store.read((tx) => tx.entries('checkpoint'))).toEqual([]);
  });

  test('a request that is not there', async () => {
    await expect(issueCertificate(ledger, 2)).rejects.toMatchObject({ exit: 5 });
  });
});

describe('verifying', () => {
  let text: string;
  let certificate: Certificate;

  beforeEach(async () => {
    await seenByAll();
    ({ text, certificate } = await issueCertificate(ledger, 1));
  });

  test('the signature is a plain Ed25519 one over the body', () => {
    const { publicKey } = parseVkey(certificate.key);
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const signature = Buffer.from(certificate.signature.split(' ')[2] ?? '', 'base64').subarray(4);
    const signed = `dsr certificate v1\n${canonicalJson(certificate.certificate)}\n`;
    expect(verifySignature(null, Buffer.from(signed), key, signature)).toBe(true);
  });

  // Each byte once: by a bit, by the other case of a letter or a space, or by any other byte.
  test('each byte that is changed is found, and the file is still called a certificate', () => {
    const bytes = bytesOf(text);
    const slip = fc.oneof(fc.constant(0x01), fc.constant(0x20), fc.integer({ min: 1, max: 255 }));
    const slips = fc.sample(slip, bytes.length);
    const missed = [...bytes.keys()].filter((at) => {
      const changed = Buffer.from(bytes);
      changed[at] = (bytes[at] ?? 0) ^ (slips[at] ?? 1);
      return verifyCertificate(changed).ok;
    });
    expect(missed).toEqual([]);
  });

  test('what is cut off, put in or appended is found', () => {
    const bytes = bytesOf(text);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => isRefused(bytes.subarray(0, length))),
      { numRuns: 200 },
    );
    const extra = fc.uint8Array({ minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.nat(bytes.length), extra, (at, more) =>
        isRefused(Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)])),
      ),
      { numRuns: 500 },
    );
    expect(isRefused(Buffer.concat([Buffer.from('\ufeff'), bytes]))).toBe(true);
  });

  test('no file makes it crash', () => {
    const file = fc.oneof(fc.uint8Array(), fc.json().map(bytesOf), fc.string().map(bytesOf));
    fc.assert(fc.property(file, (bytes) => isRefused(bytes)));
    for (const shape of [
      '{"certificate":{},"schema_version":1}',
      '{"certificate":"\\ud800","schema_version":1}',
    ]) {
      expect(isRefused(bytesOf(shape))).toBe(true);
    }
  });

  test('a key that was noted before the ledger was lost and restored, or after, is the same key', () => {
    const { name, publicKey } = parseVkey(vkeyOf(ledger));
    for (const nth of ['/2', '/17']) {
      const renamed = renderVkey(noteKey(`${name}${nth}`, publicKey));
      expect(verifyCertificate(bytesOf(text), renamed)).toMatchObject({ ok: true, key: 'given' });
    }
    for (const end of ['x', '/x', '/1']) {
      const foreign = renderVkey(noteKey(`${name}${end}`, publicKey));
      expect(verifyCertificate(bytesOf(text), foreign).ok).toBe(false);
    }
  });

  test("with the ledger's key it is whole, with another's it is not", async () => {
    const other = await certifiedLedger();
    expect(verifyCertificate(bytesOf(text), vkeyOf(ledger))).toMatchObject({ ok: true, key: 'given' });
    const { ok, problems } = verifyCertificate(bytesOf(text), vkeyOf(other));
    await other.store.close();
    expect(ok).toBe(false);
    expect(problems.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['key-differs', 'key-foreign', 'signature', 'checkpoint']),
    );
  });

  // Whoever holds the key could sign anything: what contradicts itself is found all the same.
  const lies: readonly (readonly [string, string, (body: Certificate) => Certificate])[] = [
    [
      'another count than its entry',
      'counts-differ',
      (whole) => ({
        ...whole,
        certificate: {
          ...whole.certificate,
          applied: whole.certificate.applied.map((group) => ({ ...group, count: group.count + 1 })),
        },
      }),
    ],
    [
      'another request than its entries',
      'request-differs',
      (whole) => ({
        ...whole,
        certificate: { ...whole.certificate, request: { ...whole.certificate.request, id: 'R-000002' } },
      }),
    ],
    [
      'another plan',
      'plan-differs',
      (whole) => ({
        ...whole,
        certificate: {
          ...whole.certificate,
          runs: whole.certificate.runs.map((run) => ({ ...run, plan: `sha256:${'00'.repeat(32)}` })),
        },
      }),
    ],
    [
      'a state that is not shown',
      'states-differ',
      (whole) => ({
        ...whole,
        certificate: { ...whole.certificate, bytes: { state: 'scrubbed', proof: null } },
      }),
    ],
    ['an entry fewer', 'evidence-missing', (whole) => ({ ...whole, evidence: whole.evidence.slice(1) })],
    [
      'an entry of another',
      'entry-differs',
      (whole) => ({ ...whole, evidence: [...whole.evidence.slice(1), ...whole.evidence.slice(0, 1)] }),
    ],
    [
      'a way into the log that is none',
      'entry-not-in-log',
      (whole) => ({ ...whole, evidence: whole.evidence.map(({ entry }) => ({ entry, proof: [] })) }),
    ],
    [
      'another size of the log',
      'log-differs',
      (whole) => ({
        ...whole,
        certificate: { ...whole.certificate, log: { ...whole.certificate.log, size: 4 } },
      }),
    ],
  ];

  test.each(lies)('%s is found though it is signed', (_lie, code, lie) => {
    const forged = lie(certificate);
    const { ok, problems } = verifyCertificate(bytesOf(renderCertificate(signedAnew(forged))));
    expect(ok).toBe(false);
    expect(problems.map((problem) => problem.code)).toContain(code);
    expect(problems.map((problem) => problem.code)).not.toContain('signature');
  });

  test('the program verifies where no ledger is', async () => {
    const cwd = join(dirname(ledger.path), 'elsewhere');
    writeFileSync(join(dirname(ledger.path), 'c.json'), text);
    writeFileSync(join(dirname(ledger.path), 'key.pub'), `${vkeyOf(ledger)}\n`);
    const verify = (...words: readonly string[]) => dsr(['certificate', 'verify', ...words], { cwd });
    const { exit, stdout } = await verify('../c.json', '--json');
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema_version: 1,
      ok: true,
      problems: [],
      key: 'included',
      request: 'R-000001',
      reached: ['erased here', 'bytes proven', 'ordered upstream', 'confirmed upstream', 'closed'],
    });
    for (const key of [vkeyOf(ledger), '../key.pub'])
      expect(JSON.parse((await verify('../c.json', '--key', key, '--json')).stdout).key).toBe('given');
    expect((await verify('../c.json', '--key', 'nothing')).exit).toBe(2);
    expect((await verify('../none.json')).exit).toBe(5);
    expect((await verify('../key.pub')).exit).toBe(65);
    writeFileSync(join(dirname(ledger.path), 'd.json'), text.replace('"count":2', '"count":3'));
    const changed = await verify('../d.json');
    expect(changed.exit).toBe(20);
    expect(changed.stdout).toContain('signature: the signature does not fit what it says');
  });
});

test('a row that an export brought back is told of after a later one has shown it gone', async () => {
  const cwd = await makeService();
  const [first = '', ada = '', ...others] = readFileSync(join(cwd, 'users.csv'), 'utf8').split(/(?<=\n)/);
  const run = async (...argv: readonly string[]) => (await dsr([...argv, '--json'], { cwd })).stdout;
  await run('delete', 'user_id:1', '--method', 'account', '--yes');
  const gate = async () =>
    JSON.parse(await run('certificate', 'issue', 'R-000001')).certificate.gate as unknown;
  expect(await gate()).toEqual({ returned: 0, doubtful: 0, waiting: 0, admitted: 0 });
  for (const [nth, rows] of [[ada, ...others], others].entries()) {
    const name = `users-${nth}.csv`;
    writeFileSync(join(cwd, name), [first, ...rows].join(''));
    const taken = new Date(Date.now() + nth * 1000 - 500).toISOString().replace(/\.\d+Z$/, 'Z');
    await run('ingest', name, '--taken-at', taken);
    expect(await gate()).toEqual({ returned: 1, doubtful: 0, waiting: 1 - nth, admitted: 0 });
  }
  rmSync(cwd, { recursive: true });
});

/** As `verify` does it: not whole, or refused with exit 65. */
function isRefused(bytes: Uint8Array): boolean {
  try {
    return !verifyCertificate(bytes).ok;
  } catch (error) {
    return error instanceof UserError && error.exit === 65;
  }
}

function signedAnew(certificate: Certificate): Certificate {
  const text = signedText(certificate.certificate);
  const note = signNote(text, { name: ledger.origin, seed: ledger.keys.signingSeed });
  return { ...certificate, signature: note.slice(text.length + 1, -1) };
}

function aProof(given: Partial<ByteProof> = {}): Omit<ByteProof, 'id'> {
  return {
    state: 'clean',
    subject: 1,
    request: 1,
    at: NOW,
    epoch: 2,
    fingerprints: 5,
    searched: { files: 2, pages: 40, rows: 100, blocks: 3, bytes: 163_840 },
    hits: { retained: 1, another: 0, residue: 0 },
    places: [],
    notSearched: [],
    ...given,
  };
}

const PROOF_ACTS: Readonly<Record<string, string>> = { clean: 'bytes.proven', incomplete: 'bytes.unproven' };

/** Keeps a proof with its entry, as the prover does. */
async function addProof(proof: Omit<ByteProof, 'id'>): Promise<void> {
  const { state, fingerprints, hits, searched, notSearched, request } = proof;
  const facts = {
    fingerprints,
    found: { ...hits },
    searched: { ...searched },
    not_searched: notSearched.map((one) => ({ ...one })),
  };
  await add(ledger, 'proof', proof, { act: PROOF_ACTS[state] ?? '', request, facts });
}

/** The bytes are proven, one order confirmed by an export, one by staff, and the request is closed. */
async function seenByAll(): Promise<void> {
  await addProof(aProof());
  const judged = { verdict: 'gone' as const, why: undefined, import: 7, at: NOW };
  const confirmed = anOrder({ state: 'confirmed', endedAt: NOW, sealed: undefined });
  await add(ledger, 'work-order', { ...confirmed, confirmedBy: 'import', judged });
  await add(ledger, 'work-order', { ...confirmed, confirmedBy: 'staff' });
  await note(ledger, { act: 'import.published', facts: { import: 7, source: 'users' } });
  await note(ledger, { act: 'import.published', facts: { import: 8, source: 'users' } });
  await note(ledger, { act: 'bytes.proven', request: 2 });
  await note(ledger, { act: 'work.confirmed', facts: { orders: [2] } });
  await note(ledger, { act: 'work.confirmed', facts: { orders: [99] } });
  await change(ledger, ({ outcome, history }) => ({
    state: 'closed',
    outcome: { ...outcome!, bytes: 'proven' },
    history: [...history, { at: NOW, actor: 'x', from: 'confirmed', to: 'closed', reason: undefined }],
  }));
}
