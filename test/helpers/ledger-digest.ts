import { createHash, type Hash } from 'node:crypto';
import { listSuppressions } from '../../src/duties/suppression-list.ts';
import { type LedgerFiles, openLedger } from '../../src/store/open.ts';
import type { RegisterKind } from '../../src/store/registers.ts';
import type { Reader } from '../../src/store/store.ts';

const PAGE = 500;

// A record, so that the compiler misses a kind that is added later.
const KINDS: Readonly<Record<RegisterKind, true>> = {
  request: true,
  plan: true,
  hold: true,
  parent: true,
  consent: true,
  'work-order': true,
  decision: true,
  package: true,
  purge: true,
  'set-aside': true,
  proof: true,
  backup: true,
  journal: true,
  restore: true,
  checkpoint: true,
  letter: true,
  restriction: true,
  batch: true,
};

/** A digest of everything a ledger says, whatever its bytes: equal before and after a refusal. */
export async function ledgerDigest(files: LedgerFiles): Promise<string> {
  const ledger = await openLedger({
    files,
    actor: { name: 'digest', login: 'digest' },
    now: '2026-01-05T09:00:00Z',
    asOf: false,
    write: false,
  });
  try {
    const sources = Object.keys(ledger.policy.sources);
    return await ledger.store.read((tx) => digestOf(tx, sources));
  } finally {
    await ledger.store.close();
  }
}

async function digestOf(tx: Reader, sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  await addRegisters(hash, tx);
  await addImports(hash, tx);
  await addRecords(hash, tx);
  for (const source of sources) await addBlocks(hash, tx, source);
  add(hash, 'suppressions', await listSuppressions(tx));
  add(hash, 'audit', await tx.auditHead());
  return hash.digest('hex');
}

async function addRegisters(hash: Hash, tx: Reader): Promise<void> {
  add(hash, 'policies', await tx.policies());
  for (const kind of Object.keys(KINDS) as RegisterKind[]) add(hash, kind, await tx.entries(kind));
}

async function addImports(hash: Hash, tx: Reader): Promise<void> {
  const imports = await tx.imports();
  add(hash, 'imports', imports);
  for (const { id } of imports) add(hash, 'rejects', await tx.rejects(id));
  add(hash, 'counts', await tx.eventCounts());
  add(hash, 'figures', await tx.figures());
}

async function addRecords(hash: Hash, tx: Reader): Promise<void> {
  for (let after = 0; ; ) {
    const page = await tx.listRecords({}, after, PAGE);
    for (const record of page) add(hash, 'record', { ...record, fields: [...record.fields] });
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

async function addBlocks(hash: Hash, tx: Reader, source: string): Promise<void> {
  for (let after = 0; ; ) {
    const page = await tx.blocks({ source }, after, PAGE);
    for (const { body, tags, ...block } of page) {
      add(hash, 'block', block);
      hash.update(tags).update(body);
    }
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

function add(hash: Hash, what: string, value: unknown): void {
  hash.update(`${what} ${JSON.stringify(value)}\n`);
}
