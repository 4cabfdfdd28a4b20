import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countEvents } from '../../src/store/events.ts';
import { emptyLedger, withStore } from '../helpers/ledger-folder.ts';
import { ingestLog, linesIn, logSource, SCOPE } from './log-loading.ts';

const DATA = '../shared/data';

const FILES: readonly (readonly [
  file: string,
  type: 'common' | 'combined',
  rows: number,
  rejects: readonly number[],
])[] = [
  ['logs-elastic/apache_logs/apache_logs', 'combined', 10_000, [8899]],
  ['logs-nasa/clf-4000/access.log', 'common', 4000, []],
  ['logs-lnav/logfile_shop_access_log.0', 'combined', 1000, []],
  ['logs-lnav/logfile_access_log.0', 'combined', 3, []],
  ['logs-lnav/logfile_access_log.1', 'combined', 1, []],
  ['logs-lnav/logfile_bad_access_log.0', 'combined', 3, [2]],
  ['logs-matomo/common.log', 'common', 1, []],
  ['logs-matomo/common.log.gz', 'common', 1, []],
  ['logs-matomo/ncsa_extended.log', 'combined', 1, []],
  ['logs-matomo/common_vhost.log', 'common', 1, [1]],
  ['logs-matomo/common_complete.log', 'combined', 1, [1]],
];

describe.skipIf(!existsSync(DATA))('logs of real servers (skipped without ../shared/data)', () => {
  for (const [file, type, rows, rejects] of FILES) {
    it(`${file}: ${rows} lines, set aside ${rejects.length === 0 ? 'none' : rejects.join(', ')}`, async () => {
      await withStore(emptyLedger(), async (store) => {
        await ingestLog(store, `${DATA}/${file}`, { source: logSource(type), rejectLimit: { share: 1 } });
        const [row] = await store.read((tx) => tx.imports());
        expect(row?.counts.rows_read).toBe(rows);
        const set = await store.read((tx) => tx.rejects(row!.id));
        expect(set.map(({ line }) => line)).toEqual(rejects);
        if (file.endsWith('.gz')) return;
        const written = readFileSync(`${DATA}/${file}`, 'latin1')
          .split('\n')
          .filter((line) => line !== '');
        const kept = written.filter((_, i) => !rejects.includes(i + 1));
        expect(await linesIn(store)).toEqual(kept.sort());
      });
    });
  }

  it('the lines of an address are found, and twice is once', async () => {
    await withStore(emptyLedger(), async (store) => {
      const file = `${DATA}/logs-elastic/apache_logs/apache_logs`;
      await ingestLog(store, file);
      expect(await ingestLog(store, file)).toMatchObject({ kind: 'same' });
      const figures = await store.read((tx) =>
        countEvents(tx, SCOPE, logSource(), [{ kind: 'ip', value: '46.105.14.53' }]),
      );
      const expected = readFileSync(file, 'latin1')
        .split('\n')
        .filter((line) => line.startsWith('46.105.14.53 '));
      expect(figures.lines).toBe(expected.length);
    });
  });
});
