import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { journalKey } from '../../../src/evidence/backup/journal.ts';
import { openRaw } from '../../../src/store/sqlite/connection.ts';
import { BackedUp, ERASED_VALUES, plainBytes } from './backed-up-ledger.ts';

async function keyOf(ledger: BackedUp): Promise<string> {
  return ledger.within(async (open) => journalKey(open));
}

/** Number of rows of each table that has some. */
function tablesOf(path: string, key: string): Readonly<Record<string, number>> {
  const db = openRaw(path, key);
  const names = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  const counts = names.map((name) => [
    name,
    Number(db.prepare(`SELECT count(*) FROM "${name}"`).pluck().get()),
  ]);
  db.close();
  return Object.fromEntries(counts.filter(([, count]) => count !== 0));
}

describe('a journal', () => {
  it('holds the books, and of the rows those that no export gives again', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.lived();
    await ledger.done('journal', 'dsr.journal');
    const path = ledger.path('dsr.journal');
    const tables = tablesOf(path, await keyOf(ledger));
    expect(Object.keys(tables)).toEqual(
      expect.arrayContaining([
        'meta',
        'policy',
        'register',
        'audit',
        'audit_nonce',
        'subject',
        'suppression',
      ]),
    );
    for (const table of ['import', 'reject', 'change', 'reach', 'block', 'event_count'])
      expect(Object.keys(tables)).not.toContain(table);
    // p1 and p9 are retained, m1 is anonymised, two people are corrected.
    expect(tables.record).toBe(5);
    const bytes = plainBytes(path, await keyOf(ledger));
    expect([...ERASED_VALUES, 'marlowton', 'hello all'].filter((value) => bytes.includes(value))).toEqual([]);
    expect(bytes).toContain('bea.moved@example.org');
    expect(readFileSync(path).toString('latin1')).not.toContain('bea.moved@example.org');
  });

  it('takes the place of nothing but a journal of the same ledger', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.make();
    const other = await BackedUp.make();
    await other.done('journal', 'dsr.journal');
    copyFileSync(other.path('dsr.journal'), ledger.path('foreign'));
    writeFileSync(ledger.path('text'), 'x');
    mkdirSync(ledger.path('folder'));
    symlinkSync('nowhere', ledger.path('link'));
    const names = ['dsr.db', 'dsr.db.key', 'dsr.db.secrets', 'foreign', 'text'];
    const before = names.map((name) => readFileSync(ledger.path(name)));
    for (const name of [...names, 'folder', 'link']) {
      const { exit, stderr } = await ledger.run('journal', name);
      expect([name, exit, stderr]).toEqual([name, 4, expect.stringContaining('no journal of this ledger')]);
    }
    expect(names.map((name) => readFileSync(ledger.path(name)))).toEqual(before);
    writeFileSync(ledger.path('empty'), '');
    await ledger.done('journal', 'empty');
    await ledger.done('journal', 'empty');
  });

  it('takes not the place of one that knows more than a ledger that was put back', {
    timeout: 240_000,
  }, async () => {
    const ledger = await BackedUp.make();
    for (const name of ['dsr.db', 'dsr.db.key']) copyFileSync(ledger.path(name), ledger.path(`${name}.old`));
    await ledger.done('journal', 'dsr.journal');
    await ledger.done('journal', 'dsr.journal');
    const journal = readFileSync(ledger.path('dsr.journal'));
    for (const name of ['dsr.db', 'dsr.db.key']) copyFileSync(ledger.path(`${name}.old`), ledger.path(name));
    for (const _ of ['shorter', 'forked']) {
      const { exit, stderr } = await ledger.run('journal', 'dsr.journal');
      expect([exit, stderr]).toEqual([20, expect.stringContaining('an older copy of it was put back')]);
      expect(readFileSync(ledger.path('dsr.journal'))).toEqual(journal);
      await ledger.done('audit', 'checkpoint');
      await ledger.done('audit', 'checkpoint');
    }
  });

  it('takes the place of the one before, as a whole', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.make();
    const path = ledger.path('dsr.journal');
    await ledger.done('journal', 'dsr.journal');
    const first = statSync(path);
    expect(first.mode & 0o777).toBe(0o600);
    ledger.now = '2026-01-06T09:00:00Z';
    const second = await ledger.json('journal', 'dsr.journal');
    expect(statSync(path).ino).not.toBe(first.ino);
    const entries = await ledger.within(({ store }) => store.read((tx) => tx.entries('journal')));
    expect(entries).toMatchObject([{ at: ledger.now, file: 'dsr.journal', auditSize: second.audit_size }]);
    expect(readdirSync(ledger.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('removes what a run that died has left beside it, and nothing else', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.make();
    const dead = '.dsr.journal.4194999-0a1b2c3d.part';
    const alive = `.dsr.journal.${process.ppid}-0a1b2c3d.part`;
    for (const name of [dead, `${dead}-journal`, alive, '.other.journal.4194999-0a1b2c3d.part'])
      writeFileSync(ledger.path(name), 'x');
    await ledger.done('journal', 'dsr.journal');
    expect(
      readdirSync(ledger.folder)
        .filter((name) => name.includes('.part'))
        .toSorted(),
    ).toEqual([alive, '.other.journal.4194999-0a1b2c3d.part'].toSorted());
  });

  it('stays as it was where the new one cannot be written', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.make();
    await ledger.done('journal', 'dsr.journal');
    const before = readFileSync(ledger.path('dsr.journal'));
    expect((await ledger.run('journal', 'no/dsr.journal')).exit).toBe(5);
    expect((await ledger.run('journal', 'users-2026-01-05.csv/dsr.journal')).exit).not.toBe(0);
    expect(readFileSync(ledger.path('dsr.journal'))).toEqual(before);
  });
});
