import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { aUser, type Desk, POLICY, users, usersFile, withDesk } from './table-loading.ts';

describe('a table', () => {
  it('is stored row by row, with import and line of each', async () => {
    await withDesk(async (desk) => {
      const loaded = await desk.loaded('users.csv', usersFile(aUser(1, 'Ada'), aUser(2, '"Bea, B."')));
      expect(loaded).toMatchObject({
        id: 1,
        file: 'users.csv',
        source: 'users',
        takenAt: '2026-05-01T00:00:00Z',
        alreadyLoaded: false,
        rows_read: 2,
        rows_kept: 2,
        rows_updated: 0,
        rows_vanished: 0,
        rows_rejected: 0,
        rows_suppressed: 0,
      });
      expect(await desk.record('users', '2')).toMatchObject({
        import: 1,
        line: 3,
        state: 'active',
        version: 1,
      });
      expect(await desk.fields('users', '2')).toEqual({
        id: '2',
        email: 'u2@example.org',
        email_ok: '1',
        born: '1990-05-06',
        created: '2026-01-02',
        name: 'Bea, B.',
      });
      expect((await desk.record('users', '2'))?.at).toBe(Date.UTC(2026, 0, 2) / 1000);
      expect(await desk.acts()).toEqual(['ledger.created', 'import.published']);
    });
  });

  it('that is loaded a second time changes nothing, whatever its name', async () => {
    await withDesk(async (desk) => {
      const first = await desk.loaded('users.csv', usersFile(...users(3)));
      const again = await desk.loaded('users-copy.csv', usersFile(...users(3)), { day: 2 });
      expect(again).toMatchObject({
        id: first.id,
        file: 'users-copy.csv',
        alreadyLoaded: true,
        rows_read: 0,
        rows_kept: 0,
      });
      expect(await desk.acts()).toHaveLength(2);
      const packed = await desk.loaded('users.csv.gz', gzipSync(usersFile(...users(3))), { day: 3 });
      expect(packed).toMatchObject({ id: first.id, alreadyLoaded: true });
    });
  });

  it('counts changed rows, and leaves the rest alone', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(3)));
      const second = await desk.loaded(
        'users.csv',
        usersFile(aUser(1), aUser(2, 'New Name'), aUser(3), aUser(4)),
        { day: 2 },
      );
      expect(second).toMatchObject({ rows_read: 4, rows_kept: 1, rows_updated: 1, rows_vanished: 0 });
      expect(await desk.record('users', '2')).toMatchObject({ import: 2, line: 3, version: 2 });
      expect(await desk.record('users', '1')).toMatchObject({ import: 1, line: 2, version: 1 });
      expect((await desk.fields('users', '2'))?.name).toBe('New Name');
    });
  });

  it('stores no column that is never stored, also not of rows that were set aside', async () => {
    await withDesk(async (desk) => {
      const rows = [...users(200), aUser(201, 'Zoe', 'yesterday'), 'too,few,SECRETHASH'];
      const { id } = await desk.loaded('users.csv', usersFile(...rows));
      const stored = JSON.stringify([...(await desk.records('users')).map(({ fields }) => [...fields])]);
      const aside = await desk.rejects(id);
      expect(stored).toContain('u200@example.org');
      expect(stored + JSON.stringify(aside)).not.toContain('SECRETHASH');
      expect(aside).toEqual([
        {
          line: 202,
          reason: 'bad date in column "created"',
          raw: '{"id":"201","email":"u201@example.org","email_ok":"1","born":"1990-05-06","created":"yesterday","name":"Zoe"}',
        },
        {
          line: 203,
          reason: '3 fields where the header has 8',
          raw: '[not kept: the source has columns that are never stored]',
        },
      ]);
    });
  });

  it('keeps the last four digits of card numbers in a payment source, and its keys and dates whole', async () => {
    await withDesk(async (desk) => {
      const rows =
        'id,user,paid_on,memo\n4111111111111111,4012888888881881,12/31/2025,card 4111 1111 1111 1111 ok\n';
      await desk.loaded('payments.csv', rows);
      expect(await desk.fields('payments', '4111111111111111')).toEqual({
        id: '4111111111111111',
        user: '4012888888881881',
        paid_on: '12/31/2025',
        memo: 'card **** **** **** 1111 ok',
      });
    });
  });

  it('in an append source counts an identical row once and sets a different one aside', async () => {
    await withDesk(async (desk) => {
      const rows = Array.from({ length: 200 }, (_, index) => `p${index},1,1/2/2026,a`);
      const file = `id,user,paid_on,memo\n${[...rows, 'p5,1,1/2/2026,a', 'p6,1,1/2/2026,other'].join('\n')}\n`;
      const loaded = await desk.loaded('payments.csv', file);
      expect(loaded).toMatchObject({ rows_read: 202, rows_kept: 200, rows_rejected: 1 });
      expect(await desk.rejects(loaded.id)).toEqual([
        {
          line: 203,
          reason: 'key seen before in this file',
          raw: '{"id":"p6","user":"1","paid_on":"1/2/2026","memo":"other"}',
        },
      ]);
      expect((await desk.fields('payments', 'p6'))?.memo).toBe('a');
    });
  });

  it('in an append source keeps what a later file does not mention', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('payments-1.csv', 'id,user,paid_on,memo\np1,1,1/2/2026,a\n');
      const second = await desk.loaded(
        'payments-2.csv',
        'id,user,paid_on,memo\np2,1,1/3/2026,b\np1,1,1/2/2026,changed\n',
        { day: 2 },
      );
      expect(second).toMatchObject({ rows_kept: 1, rows_updated: 1, rows_vanished: 0 });
      expect(await desk.record('payments', 'p1')).toMatchObject({ missed: 0, state: 'active' });
    });
  });

  it('that is large is read in a thread, with the same result', async () => {
    const rows = users(18_000);
    rows[77] = aUser(78, 'Zoë', 'never');
    const file = usersFile(...rows);
    const content = (desk: Desk) =>
      desk
        .records('users')
        .then((records) => records.map((record) => ({ ...record, fields: [...record.fields] })));
    expect(file.length).toBeGreaterThan(1 << 20);
    await withDesk(async (inline) => {
      await withDesk(async (threaded) => {
        const options = { progress: () => {} };
        const a = await inline.loaded('users.csv.gz', gzipSync(file), options);
        const b = await threaded.loaded('users.csv', file, options);
        expect({ ...b, file: a.file }).toEqual(a);
        expect(await content(threaded)).toEqual(await content(inline));
        expect(await threaded.rejects(1)).toEqual(await inline.rejects(1));
      });
    });
  });
});

describe('snapshots', () => {
  it('restrict a row that vanished, count it again when it stays away, and take it back', async () => {
    await withDesk(async (desk) => {
      const all = users(40);
      await desk.loaded('users.csv', usersFile(...all));
      const second = await desk.loaded('users.csv', usersFile(...all.slice(1)), { day: 2 });
      expect(second).toMatchObject({ rows_vanished: 1, rows_kept: 0, rows_updated: 0 });
      expect(await desk.record('users', '1')).toMatchObject({ state: 'restricted', missed: 1 });
      const third = await desk.loaded('users.csv', usersFile(...all.slice(1), aUser(41)), { day: 3 });
      expect(third).toMatchObject({ rows_vanished: 0, rows_kept: 1 });
      expect(await desk.record('users', '1')).toMatchObject({ state: 'restricted', missed: 2 });
      await desk.loaded('users.csv', usersFile(...all, aUser(41)), { day: 4 });
      expect(await desk.record('users', '1')).toMatchObject({ state: 'active', missed: 0 });
    });
  });

  it('that lack too many rows are refused whole, unless the limit is raised', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(40)));
      const few = usersFile(...users(30));
      expect(await desk.refused('users.csv', few, { day: 2 })).toMatchObject({
        code: 'vanished-over-limit',
        exit: 4,
        message: 'users.csv: 10 of 40 rows of users are gone, and the limit is 5%',
        hint: 'if they are gone upstream, --max-vanished 25% lets it through',
        isUnchanged: true,
      });
      expect(await desk.refused('users.csv', usersFile(), { day: 2 })).toMatchObject({
        code: 'vanished-over-limit',
        isUnchanged: true,
      });
      expect(await desk.loaded('users.csv', few, { day: 2, maxVanished: 0.25 })).toMatchObject({
        rows_vanished: 10,
      });
      // Those that are gone already are not gone a second time.
      expect(await desk.loaded('users.csv', usersFile(...users(29)), { day: 3 })).toMatchObject({
        rows_vanished: 1,
      });
    });
  });

  it('that are older than the newest one are refused; of the same time they are not', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(3)), { day: 5 });
      expect(await desk.refused('users.csv', usersFile(...users(4)), { day: 4 })).toMatchObject({
        code: 'older-export',
        exit: 4,
        message:
          'users.csv: taken at 2026-05-04T00:00:00Z, and an export of users taken at 2026-05-05T00:00:00Z is loaded already',
        isUnchanged: true,
      });
      expect(
        await desk.loaded('users.csv', usersFile(...users(4)), { day: 4, takenAt: '2026-05-05T00:00:00Z' }),
      ).toMatchObject({ rows_kept: 1 });
    });
  });

  it('keep the correction of an edit over the old value', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(3)));
      const record = await desk.record('users', '2');
      const overlay = { field: 'name', old: 'user 2', new: 'Bea', request: 7 };
      const act = { act: 'test.done', at: desk.ledger.now, actor: desk.ledger.actor };
      await desk.ledger.store.act(act, (tx) => tx.overlayRecord(record?.id ?? 0, [overlay], []));
      await desk.loaded('users.csv', usersFile(...users(4)), { day: 2 });
      expect((await desk.fields('users', '2'))?.name).toBe('Bea');
    });
  });
});

describe('forms', () => {
  const form = (format: string) =>
    POLICY.replace('    format: csv\n    mode: snapshot', `    format: ${format}\n    mode: snapshot`);
  const rows = [aUser(1, 'Zoë'), aUser(2, 'Øyvind')];
  const tables: readonly (readonly [string, string, () => string | Uint8Array])[] = [
    ['UTF-8 with a mark', 'csv', () => `\ufeff${usersFile(...rows)}`],
    [
      'UTF-16',
      '{ type: csv, encoding: utf-16 }',
      () => Buffer.from(`\ufeff${usersFile(...rows)}`, 'utf16le'),
    ],
    ['Latin-1', '{ type: csv, encoding: latin1 }', () => Buffer.from(usersFile(...rows), 'latin1')],
    ['a semicolon', '{ type: csv, delimiter: ";" }', () => usersFile(...rows).replaceAll(',', ';')],
    ['CRLF', 'csv', () => usersFile(...rows).replaceAll('\n', '\r\n')],
    ['gzip', 'csv', () => gzipSync(usersFile(...rows))],
    [
      'no header',
      '{ type: csv, columns: [id, email, email_ok, born, created, name, password_hash, cache] }',
      () => `${rows.join('\n')}\n`,
    ],
    ['JSON', 'json', () => JSON.stringify(objects(rows))],
    [
      'JSON under a path',
      '{ type: json, path: export.users }',
      () => JSON.stringify({ export: { users: objects(rows) } }),
    ],
    [
      'NDJSON',
      'ndjson',
      () =>
        objects(rows)
          .map((row) => `${JSON.stringify(row)}\n`)
          .join(''),
    ],
  ];

  it.each(tables)('%s gives the same rows', async (_, format, content) => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', content());
      expect(await desk.fields('users', '1')).toMatchObject({ name: 'Zoë', email: 'u1@example.org' });
      expect(await desk.fields('users', '2')).toMatchObject({ name: 'Øyvind', id: '2' });
    }, form(format));
  });

  function objects(lines: readonly string[]): Record<string, string>[] {
    const names = 'id,email,email_ok,born,created,name,password_hash,cache'.split(',');
    return lines.map((line) =>
      Object.fromEntries(line.split(',').map((value, index) => [names[index] ?? '', value])),
    );
  }

  it('a key of several columns is one text, from CSV and from JSON', async () => {
    const policy = POLICY.replace('    key: id\n    payment: true', '    key: [id, user]\n    payment: true');
    await withDesk(async (desk) => {
      await desk.loaded('payments.csv', 'id,user,paid_on,memo\n1,2,1/2/2026,a\n');
      expect(await desk.record('payments', '["1","2"]')).toBeDefined();
    }, policy);
    await withDesk(
      async (desk) => {
        await desk.loaded('payments.csv', '[{"id":1,"user":2,"paid_on":"1/2/2026"}]');
        expect(await desk.record('payments', '["1","2"]')).toBeDefined();
        expect(await desk.fields('payments', '["1","2"]')).toEqual({
          id: 1,
          user: 2,
          paid_on: '1/2/2026',
          memo: null,
        });
      },
      policy.replace(
        '    format: csv\n    mode: append\n    key: [id, user]',
        '    format: json\n    mode: append\n    key: [id, user]',
      ),
    );
  });
});
