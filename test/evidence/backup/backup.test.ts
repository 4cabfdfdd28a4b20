import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { needsPassphrase } from '../../../src/evidence/backup/age.ts';
import { expireBackups, writeBackup } from '../../../src/evidence/backup/backup.ts';
import { readSecrets } from '../../../src/store/key-files.ts';
import { openRaw } from '../../../src/store/sqlite/connection.ts';
import type { Store } from '../../../src/store/store.ts';
import { BackedUp, ERASED_VALUES, plainBytes, YES } from './backed-up-ledger.ts';

const hasAge = spawnSync('age', ['--version']).status === 0;

async function actsOf(ledger: BackedUp): Promise<readonly string[]> {
  return ledger.within(({ store }) =>
    store.read(async (tx) =>
      (await tx.auditRows(0, 1000)).map(({ entry }) => (JSON.parse(entry) as { act: string }).act),
    ),
  );
}

const drafts = (ledger: BackedUp) => readdirSync(ledger.folder).filter((name) => name.endsWith('.part'));

describe('a backup', () => {
  it('is the owner’s alone, under a key that is in no key file', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.make();
    const { key, secrets, audit, takenAt, origin } = await ledger.keys();
    for (const name of ['one.db', 'one.db.keys'])
      expect(statSync(ledger.path(name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(ledger.path('dsr.db.key'), 'latin1')).not.toContain(key);
    expect(secrets).toEqual(readSecrets(ledger.path('dsr.db.secrets')));
    expect(takenAt).toBe('2026-01-05T09:00:00Z');
    expect(origin).toBe(`dsr.ledger/${secrets.ledger}`);
    const raw = readFileSync(ledger.path('one.db')).toString('latin1');
    expect([...ERASED_VALUES, 'SQLite format'].filter((value) => raw.includes(value))).toEqual([]);
    expect(plainBytes(ledger.path('one.db'), key)).toContain('Adaline Quillfeather');
    expect(audit.size).toBe((await actsOf(ledger)).indexOf('backup.begun') + 1);
  });

  it('stays readable when the ledger is scrubbed', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.make();
    const before = readFileSync(ledger.path('dsr.db.key'));
    await ledger.run('delete', 'user_id:uadaq7001', ...YES);
    expect(readFileSync(ledger.path('dsr.db.key'))).not.toEqual(before);
    const db = openRaw(ledger.path('one.db'), (await ledger.keys()).key);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  });

  it.skipIf(!hasAge)('has keys that age itself opens (needs age)', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.make();
    const opened = spawnSync('age', ['-d', '-i', ledger.path('identity.txt'), ledger.path('one.db.keys')], {
      encoding: 'utf8',
    });
    expect(opened.stderr).toBe('');
    expect(JSON.parse(opened.stdout)).toMatchObject({ dsr_backup: 1, key: (await ledger.keys()).key });
  });

  it('opens for each of several recipients', { timeout: 240_000 }, async () => {
    const [ledger, other] = [await BackedUp.make(), await BackedUp.make()];
    await ledger.done('backup', 'two.db', '--recipient', other.recipient, '--recipient', ledger.recipient);
    const mine = await ledger.keys('two.db.keys');
    writeFileSync(other.path('two.db.keys'), readFileSync(ledger.path('two.db.keys')));
    expect(await other.keys('two.db.keys')).toEqual(mine);
  });

  it('opens with a passphrase', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.make();
    writeFileSync(ledger.path('short.txt'), 'too short\n');
    expect((await ledger.run('backup', 'two.db', '--passphrase-file', 'short.txt')).exit).toBe(2);
    expect(existsSync(ledger.path('two.db'))).toBe(false);
    writeFileSync(ledger.path('pass.txt'), 'correct horse battery staple\n');
    await ledger.done('backup', 'two.db', '--passphrase-file', 'pass.txt');
    expect(needsPassphrase(readFileSync(ledger.path('two.db.keys')), 'two.db.keys')).toBe(true);
    const flags = ['--passphrase-file', 'pass.txt', '--yes'];
    expect((await ledger.run('restore', 'two.db', ...flags)).exit).toBe(0);
    writeFileSync(ledger.path('pass.txt'), 'correct horse battery stable\n');
    expect((await ledger.run('restore', 'two.db', ...flags)).exit).toBe(65);
  });

  it('is known before its first byte, and its end is in the log', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.make();
    expect((await actsOf(ledger)).slice(-2)).toEqual(['backup.begun', 'backup.written']);
    expect(await ledger.json('backup', 'list')).toMatchObject({
      backups: [
        { file: 'one.db', state: 'kept', expires_on: '2026-02-09', sha256: (await ledger.keys()).sha256 },
      ],
    });
    await ledger.done('backup', 'two.db', '--recipient', ledger.recipient, '--keep', 'P3M');
    expect(await ledger.json('backup', 'list')).toMatchObject({
      backups: [{}, { expires_on: '2026-04-05' }],
    });
  });

  it('that cannot be written leaves neither a file nor an entry', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.make();
    await ledger.within(async (open) => {
      const failing = { ...open, store: withFullDisk(open.store) };
      const options = {
        path: ledger.path('two.db'),
        lock: { recipients: [ledger.recipient] },
        keep: undefined,
        secrets: readSecrets(ledger.path('dsr.db.secrets')),
      };
      await expect(writeBackup(failing, options)).rejects.toThrow('no space left');
    });
    expect(existsSync(ledger.path('two.db'))).toBe(false);
    expect(existsSync(ledger.path('two.db.keys'))).toBe(false);
    expect(drafts(ledger)).toEqual([]);
    expect((await ledger.json('backup', 'list')).backups).toHaveLength(1);
    expect((await actsOf(ledger)).slice(-2)).toEqual(['backup.begun', 'backup.failed']);
  });

  it('whose day is over is said to be, by the list and by a purge', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.make();
    ledger.now = '2026-02-09T12:00:00Z';
    expect((await ledger.run('backup', 'list')).stdout).toContain('kept');
    ledger.now = '2026-02-10T12:00:00Z';
    expect((await ledger.run('backup', 'list')).stdout).toContain('delete the file and its keys');
    await ledger.done('purge', '--yes');
    const [backup] = await ledger.within(({ store }) => store.read((tx) => tx.entries('backup')));
    expect(backup?.state).toBe('expired');
    // The file is the operator's.
    expect(existsSync(ledger.path('one.db'))).toBe(true);
    await ledger.within(async (open) => {
      const act = { act: 'test.done', at: open.now, actor: open.actor };
      expect(await open.store.act(act, (tx) => expireBackups(tx, open))).toBe(0);
    });
  });

  it.each([
    ['a name that is taken', ['one.db'], 4, 'already there'],
    ['a folder that is not there', ['no/two.db'], 5, 'no folder'],
    ['a period that is none', ['two.db', '--keep', 'P0D'], 2, '--keep'],
    ['a period of hours', ['two.db', '--keep', 'PT5H'], 2, '--keep'],
    ['a period that nobody sees the end of', ['two.db', '--keep', 'P100000Y'], 2, '--keep'],
  ] as const)(
    'is refused for %s, and nothing changes',
    { timeout: 240_000 },
    async (_name, words, exit, message) => {
      const ledger = await BackedUp.make();
      const acts = await actsOf(ledger);
      const outcome = await ledger.run('backup', ...words, '--recipient', ledger.recipient);
      expect(outcome.stderr).toContain(message);
      expect(outcome.exit).toBe(exit);
      expect(await actsOf(ledger)).toEqual(acts);
      expect(existsSync(ledger.path('two.db'))).toBe(false);
      expect(drafts(ledger)).toEqual([]);
    },
  );
});

/** The same store on a disk that takes no copy. */
function withFullDisk(store: Store): Store {
  const copyTo = () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  return {
    read: (fn) => store.read(fn),
    act: (entry, fn) => store.act(entry, fn),
    load: (start) => store.load(start),
    copyTo,
    replaceBy: (from, head, check) => store.replaceBy(from, head, check),
    scrub: () => store.scrub(),
    checkpoint: () => store.checkpoint(),
    close: () => store.close(),
  };
}
