import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/ledger-folder.ts';
import { dsr } from '../helpers/program.ts';

const LOG = fileURLToPath(new URL('../../../shared/data/logs-elastic/apache_logs', import.meta.url));
const POLICY = fileURLToPath(new URL('./apache-logs.yaml', import.meta.url));

describe.skipIf(!existsSync(LOG))('apache_logs of logs-elastic (needs ../shared/data)', () => {
  it('is read whole, line 8899 set aside, the rest found by IP; twice is once', {
    timeout: 60_000,
  }, async () => {
    const cwd = temporaryFolder();
    const run = async (...argv: string[]) => {
      const { exit, stdout, stderr } = await dsr([...argv, '--json'], { cwd, now: '2026-01-05T09:00:00Z' });
      expect(exit, stderr).toBe(0);
      return JSON.parse(stdout) as unknown;
    };
    await run('init', '--policy', POLICY);
    expect(await run('ingest', LOG)).toMatchObject({
      imports: [{ rows_read: 10_000, rows_kept: 9_999, rows_rejected: 1, already_loaded: false }],
    });
    expect(await run('imports', 'rejects', '1')).toMatchObject({ rejects: [{ line: 8899 }] });
    expect(await run('subject', 'find', 'ip:83.149.9.216')).toMatchObject({
      subjects: [{ subject: null, events: { access_log: 23 } }],
    });
    expect(await run('ingest', LOG)).toMatchObject({ imports: [{ already_loaded: true }] });
    expect(await run('subject', 'find', 'ip:83.149.9.216')).toMatchObject({
      subjects: [{ events: { access_log: 23 } }],
    });
    expect(join(cwd, 'dsr.db')).toSatisfy(existsSync);
  });
});
