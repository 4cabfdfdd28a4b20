import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Identifier } from '../../src/people/identifier.ts';
import {
  countEvents,
  eraseEvents,
  eventsOf,
  expireEvents,
  type FoundEvent,
  type WantedEvents,
} from '../../src/store/events.ts';
import type { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { anAct, emptyLedger, withStore } from '../helpers/ledger-folder.ts';
import { aLine, aLog, blocksIn, ingestLog, linesIn, logSource, SCOPE } from '../ingest/log-loading.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 5) / 1000;
const SOURCE = logSource();

const ADA = { kind: 'username', value: 'ada' };
const BO = { kind: 'username', value: 'bo' };
const HOME = { kind: 'ip', value: '203.0.113.9' };

async function withLines<T>(lines: readonly string[], fn: (store: SqliteStore) => Promise<T>): Promise<T> {
  return withStore(emptyLedger(), async (store) => {
    await ingestLog(store, aLog(lines.map((line) => `${line}\n`).join('')));
    return fn(store);
  });
}

async function found(store: SqliteStore, wanted: readonly WantedEvents[]): Promise<readonly string[]> {
  const texts: string[] = [];
  await store.read(async (tx) => {
    for await (const { text } of eventsOf(tx, SCOPE, SOURCE, wanted)) texts.push(text);
  });
  return texts.sort();
}

function erase(store: SqliteStore, wanted: readonly WantedEvents[]): Promise<number> {
  return store.act(anAct(), (tx) => eraseEvents(tx, SCOPE, SOURCE, wanted));
}

describe('the lines of a person', () => {
  const lines = [
    aLine(0, 'ada', '/a'),
    aLine(1, 'Ada', '/b?sid=9'),
    aLine(2, 'bo', '/c'),
    aLine(3, '-', '/d?sid=9'),
    aLine(4, '-', '/e'),
    aLine(5, 'ada', '/f', '198.51.100.1'),
    aLine(6, 'adam', '/g'),
  ];

  it('are those whose strongest identifier is theirs', async () => {
    await withLines(lines, async (store) => {
      expect(await found(store, [ADA])).toEqual([lines[0], lines[1], lines[5]].sort());
      expect(await found(store, [{ kind: 'cookie', value: '9' }])).toEqual([lines[3]]);
      expect(await found(store, [HOME])).toEqual([lines[4]]);
      expect(await found(store, [ADA, BO, ADA])).toHaveLength(4);
      expect(await found(store, [{ kind: 'username', value: '9' }])).toEqual([]);
    });
  });

  it('of an address are theirs within a window alone', async () => {
    await withLines([aLine(0), aLine(10), aLine(20), aLine(30)], async (store) => {
      const window = { from: START + 10, to: START + 30 };
      expect(await found(store, [{ ...HOME, window }])).toEqual([aLine(10), aLine(20)]);
      expect(await erase(store, [{ ...HOME, window }])).toBe(2);
      expect(await linesIn(store)).toEqual([aLine(0), aLine(30)]);
    });
  });

  it('come with their fields, time, owner and origin', async () => {
    await withLines(lines, async (store) => {
      const all: FoundEvent[] = [];
      await store.read(async (tx) => {
        for await (const event of eventsOf(tx, SCOPE, SOURCE, [BO])) all.push(event);
      });
      expect(all).toMatchObject([
        { text: lines[2], owner: BO, at: START + 2, import: 1, line: { path: '/c', status: 200 } },
      ]);
    });
  });

  it('are counted as they are given, with the first and the last time', async () => {
    await withLines(lines, async (store) => {
      const count = (wanted: Identifier) => store.read((tx) => countEvents(tx, SCOPE, SOURCE, [wanted]));
      expect(await count(ADA)).toEqual({ lines: 3, firstAt: START, lastAt: START + 5 });
      expect(await count({ kind: 'username', value: 'nobody' })).toEqual({
        lines: 0,
        firstAt: undefined,
        lastAt: undefined,
      });
    });
  });

  it('are read as text: broken UTF-8 as Latin-1, without the line end', async () => {
    await withLines([`${aLine(0, 'ada', '/\xe9')}\r`, aLine(1, 'ada', '/\xc3\xa9')], async (store) => {
      expect(await found(store, [ADA])).toEqual([aLine(0, 'ada', '/é'), aLine(1, 'ada', '/é')]);
    });
  });

  it('that were loaded as another format are still theirs', async () => {
    const line = aLine(0, 'ada').replace(/ "-" "agent"$/, '');
    await withStore(emptyLedger(), async (store) => {
      await ingestLog(store, aLog(`${line}\n`), { source: logSource('common') });
      expect(await found(store, [ADA])).toEqual([line]);
    });
  });
});

describe('erasing lines', () => {
  it('takes exactly what access gives, and twice is once', async () => {
    const who = fc.constantFrom('ada', 'bo', 'Ada', '-', 'cy', 'd e');
    await fc.assert(
      fc.asyncProperty(fc.array(who, { minLength: 1, maxLength: 60 }), async (users) => {
        const lines = users.map((user, i) => aLine(i * 7919, user, `/${i}`));
        await withLines(lines, async (store) => {
          const theirs = await found(store, [ADA, HOME]);
          expect(await erase(store, [ADA, HOME])).toBe(theirs.length);
          expect(await found(store, [ADA, HOME])).toEqual([]);
          expect(await linesIn(store)).toEqual(lines.filter((line) => !theirs.includes(line)).sort());
          expect(await erase(store, [ADA, HOME])).toBe(0);
          for (const block of await blocksIn(store)) expect(block.lines).toBeGreaterThan(0);
        });
      }),
      { numRuns: 15 },
    );
  });

  it('leaves counts by hour, path and status in which nobody can be found', async () => {
    const paths = [
      '/lessons/start?p=1',
      '/lessons/17/start',
      '/lessons/18/start',
      '/users/grace/photo.jpg',
      '/users/Grace.html',
      '/profile/a@b',
      '/profile/%41da',
      '/profile/ada~1',
      '/files/report.final',
      '/a-word-that-is-far-too-long-for-one',
      '/jos\xc3\xa9',
      '/',
    ];
    const lines = [
      ...paths.map((path) => aLine(0, 'ada', path)),
      aLine(HOUR, 'ada', '/'),
      aLine(0, 'bo', '/'),
    ];
    await withLines(lines, async (store) => {
      const counts = {
        rule: { by: ['hour', 'path', 'status'] as const },
        isKnown: async (word: string) => word.toLowerCase() === 'grace',
      };
      await store.act(anAct(), (tx) => eraseEvents(tx, SCOPE, SOURCE, [ADA], counts));
      const left = await store.read((tx) => tx.eventCounts());
      const hour = START / HOUR;
      expect(left.filter((one) => one.hour === hour).map(({ path, count }) => [path, count])).toEqual([
        ['/', 1],
        ['/:id', 2],
        ['/files/:id', 1],
        ['/lessons/:id/start', 2],
        ['/lessons/start', 1],
        ['/profile/:id', 3],
        ['/users/:id', 1],
        ['/users/:id/photo.jpg', 1],
      ]);
      expect(left.filter((one) => one.hour === hour + 1)).toEqual([
        { source: 'access_log', hour: hour + 1, path: '/', status: 200, count: 1 },
      ]);
      expect(await linesIn(store)).toEqual([aLine(0, 'bo', '/')]);
    });
  });

  it('counts by less where the policy names less, and adds to what is counted already', async () => {
    await withLines([aLine(0, 'ada', '/x'), aLine(DAY, 'bo', '/y')], async (store) => {
      const counts = { rule: { by: ['status'] as const }, isKnown: async () => false };
      for (const one of [ADA, BO]) {
        await store.act(anAct(), (tx) => eraseEvents(tx, SCOPE, SOURCE, [one], counts));
      }
      expect(await store.read((tx) => tx.eventCounts())).toEqual([
        { source: 'access_log', hour: -1, path: '', status: 200, count: 2 },
      ]);
    });
  });
});

describe('the expiry of lines', () => {
  const lines = [aLine(0, 'ada'), aLine(1, 'bo'), aLine(DAY, 'ada'), aLine(DAY, 'bo'), aLine(2 * DAY, 'bo')];
  const third = Math.floor(START / DAY) + 2;
  const expire = (store: SqliteStore, spare: readonly Identifier[]) =>
    store.act(anAct(), (tx) => expireEvents(tx, SCOPE, SOURCE, third, spare));

  it('drops whole days', async () => {
    await withLines(lines, async (store) => {
      expect(await expire(store, [])).toEqual({ erased: 4, spared: 0 });
      expect(await linesIn(store)).toEqual([lines[4]]);
      expect(await expire(store, [])).toEqual({ erased: 0, spared: 0 });
    });
  });

  it('spares the lines of held people, one by one, also beside others of their shelf', async () => {
    const neighbours = Array.from({ length: 3000 }, (_, i) => aLine(2, `u${i}`));
    await withLines([...lines, ...neighbours], async (store) => {
      expect(await expire(store, [ADA])).toEqual({ erased: 3002, spared: 2 });
      expect(await linesIn(store)).toEqual([lines[0], lines[2], lines[4]].sort());
      expect(await found(store, [ADA])).toHaveLength(2);
    });
  });
});
