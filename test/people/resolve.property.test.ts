import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outcome, Resolution } from '../../src/people/resolution.ts';
import { type FixtureRow, id, MemoryPeople, reachingOf, rowsOf } from './helpers/memory-people.ts';

const few = <T>(...values: T[]) => fc.constantFrom(...values, undefined);
const place = {
  email: few('a@example.org', 'b@example.org', 'c@example.org'),
  phone: few('+14155550100', '+14155550101'),
  sid: few('c1', 'c2', 'c3'),
  address: few('192.0.2.1', '192.0.2.2'),
  ok: fc.constantFrom('1', '0'),
};
const userId = few('1', '2', '3', '4');

const account = fc.record(place);
const otherRow = fc.record({
  ...place,
  source: fc.constantFrom('newsletter', 'orders', 'sessions', 'messages'),
  user: userId,
  to: userId,
});

/** Three accounts at most, each with its own id and name, and rows that share everything else at random. */
const site = fc.record({
  accounts: fc.array(account, { maxLength: 3 }),
  rows: fc.array(otherRow, { maxLength: 9 }),
});
type Site = typeof site extends fc.Arbitrary<infer T> ? T : never;

function fixtureRows({ accounts, rows }: Site): FixtureRow[] {
  return [
    ...accounts.map(({ email, phone, address, ok }, i) => ({
      source: 'users',
      key: String(i + 1),
      fields: defined({ id: String(i + 1), name: `u${i + 1}`, email, email_ok: ok, phone, address }),
    })),
    ...rows.map(({ source, user, to, email, phone, sid, address, ok }, i) => ({
      source,
      key: `r${i}`,
      fields: defined({ n: `r${i}`, user, from: user, to, email, email_ok: ok, phone, sid, address }),
    })),
  ];
}

function defined(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Every identifier that may stand in a row of `site`. */
const STARTS = [
  ...['1', '2', '3', '4'].map((value) => `user_id:${value}`),
  ...['u1', 'u2', 'u3'].map((value) => `username:${value}`),
  ...['a', 'b', 'c'].map((value) => `email:${value}@example.org`),
  ...['0', '1'].map((value) => `phone:+1415555010${value}`),
  ...['c1', 'c2', 'c3'].map((value) => `cookie:${value}`),
];

const decisions = fc.array(
  fc.record({
    kind: fc.constantFrom('link', 'unlink', 'merge'),
    subject: fc.nat(),
    other: fc.nat(),
    start: fc.constantFrom(...STARTS),
  }),
  { maxLength: 4 },
);

const isAccount = (row: string) => row.startsWith('users/') && row.endsWith(' subject');

describe('whatever rows share', () => {
  test('no person has two accounts', async () => {
    await fc.assert(
      fc.asyncProperty(site, async (rows) => {
        const people = new MemoryPeople(fixtureRows(rows));
        for (const start of STARTS) {
          for (const person of foundBy(await people.find(start)))
            expect(rowsOf(person).filter(isAccount).length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the order of rows does not matter', async () => {
    await fc.assert(
      fc.asyncProperty(site, fc.infiniteStream(fc.nat()), async (rows, stream) => {
        const inOrder = fixtureRows(rows);
        const mixed = inOrder.map((row) => ({ row, place: stream.next().value as number }));
        mixed.sort((a, b) => a.place - b.place);
        const [one, two] = [new MemoryPeople(inOrder), new MemoryPeople(mixed.map(({ row }) => row))];
        for (const start of STARTS) expect(await shown(two, start)).toEqual(await shown(one, start));
      }),
      { numRuns: 60 },
    );
  });

  test('every identifier that reaches, and the number, lead to the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(site, async (rows) => {
        const people = new MemoryPeople(fixtureRows(rows));
        for (const start of STARTS) {
          const outcome = await people.find(start);
          if (outcome.kind !== 'person') continue;
          const { person } = outcome;
          const number = people.addSubject(person.anchor);
          expect(rowsOf(await people.person(number))).toEqual(rowsOf(person));
          for (const other of reachingOf(person)) {
            const again = await people.find(other);
            // An account that has not proved it is a candidate beside the person whose it is.
            expect(foundBy(again).map(rowsOf)).toContainEqual(rowsOf(person));
            if (other.startsWith('user')) expect(again.kind).toBe('person');
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('no role in a row belongs to two persons, whatever staff decided', async () => {
    await fc.assert(
      fc.asyncProperty(site, decisions, async (rows, decided) => {
        const people = new MemoryPeople(fixtureRows(rows));
        const numbers: number[] = [];
        for (const start of STARTS) {
          const outcome = await people.find(start);
          if (outcome.kind === 'person')
            numbers.push(outcome.person.subject ?? people.addSubject(outcome.person.anchor));
        }
        for (const { kind, subject, other, start } of decided) {
          if (numbers.length === 0) continue;
          const [first, second] = [numbers[subject % numbers.length], numbers[other % numbers.length]];
          if (kind === 'merge') people.decide({ kind, subject: first, other: second });
          else people.decide({ kind, subject: first, identifier: id(start) });
        }
        const owners = new Map<string, string>();
        for (const start of [...STARTS, ...numbers]) {
          for (const person of foundBy(await people.find(start))) {
            const whole = rowsOf(person).join();
            for (const row of rowsOf(person)) {
              expect(owners.get(row) ?? whole).toBe(whole);
              owners.set(row, whole);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

function foundBy(outcome: Outcome): readonly Resolution[] {
  if (outcome.kind === 'nobody') return [];
  return outcome.kind === 'person' ? [outcome.person] : outcome.candidates;
}

async function shown(people: MemoryPeople, start: string) {
  const outcome = await people.find(start);
  if (outcome.kind === 'nobody') return outcome;
  return foundBy(outcome).map((person) => ({ ...person, records: rowsOf(person) }));
}
