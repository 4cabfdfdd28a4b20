import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Resolution } from '../../../src/people/resolution.ts';
import { accountDigest, identifierDigest, type Prover } from '../../../src/requests/verification/proof.ts';
import { scopeView } from '../../../src/requests/verification/scope.ts';
import type { SubjectView } from '../../../src/rights/view.ts';
import { type FixtureRow, id, KEYS, MemoryPeople, SITE } from '../../people/helpers/memory-people.ts';

const PROVER: Prover = { policy: SITE, keys: { suppression: KEYS.suppression } };

const few = <T>(...values: T[]) => fc.constantFrom(...values, undefined);
const contact = {
  email: few('a@example.org', 'b@example.org', 'c@example.org'),
  phone: few('+14155550100', '+14155550101'),
  email_ok: fc.constantFrom('1', '0'),
};
const account = fc.record(contact);
const other = fc.record({
  ...contact,
  source: fc.constantFrom('newsletter', 'orders', 'sessions', 'messages'),
  user: few('1', '2', '3'),
  to: few('1', '2', '3'),
  sid: few('c1', 'c2'),
});
const START = ['user_id:1', 'user_id:2', 'user_id:3', 'email:a@example.org', 'email:b@example.org'];
const GIVEN = ['email:c@example.org', 'phone:+14155550100', 'phone:+14155550101', 'cookie:c1', ...START];
const world = fc.record({
  accounts: fc.array(account, { minLength: 1, maxLength: 3 }),
  rows: fc.array(other, { maxLength: 7 }),
  merges: fc.oneof(
    fc.constant(START.slice(0, 3)),
    fc.uniqueArray(fc.constantFrom(...START), { maxLength: 3 }),
  ),
  links: fc.array(fc.tuple(fc.constantFrom(...START), fc.constantFrom(...GIVEN)), { maxLength: 2 }),
  proved: fc.uniqueArray(fc.constantFrom('1', '2', '3', ...GIVEN.slice(0, 3), ...START.slice(3)), {
    minLength: 1,
    maxLength: 3,
  }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

interface Held {
  readonly name: string;
  readonly isConfirmed: boolean;
}

/** What a row holds of somebody in a role, strongest first: written down by hand from the policy of the site. */
function heldIn({ source, fields }: FixtureRow, role: string): readonly Held[] {
  const sure = (kind: string, column: string, isConfirmed = true): readonly Held[] =>
    fields[column] === undefined ? [] : [{ name: `${kind}:${fields[column]}`, isConfirmed }];
  const email = sure('email', 'email', fields.email_ok === '1');
  const phone = sure('phone', 'phone');
  switch (source) {
    case 'users':
      return [...sure('user_id', 'id'), ...sure('username', 'name'), ...email, ...phone];
    case 'newsletter':
      return [...sure('email', 'email'), ...phone, ...sure('cookie', 'sid')];
    case 'orders':
      return [...sure('user_id', 'user'), ...email, ...phone];
    case 'sessions':
      return [...sure('user_id', 'user'), ...sure('cookie', 'sid')];
    default:
      return sure('user_id', role === 'author' ? 'from' : 'to');
  }
}

const isContact = (name: string) => /^(email|phone):/.test(name);

/** The rows of a person that what was proved may open, by the words of the contract and nothing else. */
function openedBy(
  proved: readonly string[],
  person: Resolution,
  rows: readonly FixtureRow[],
): readonly string[] {
  const places = person.records.map(({ record, role }) => {
    const row = rows[record.id - 1];
    if (row === undefined) throw new Error('a row of nobody');
    return { is: `${record.id} ${role}`, row, held: heldIn(row, role), isAccount: row.source === 'users' };
  });
  const accounts = places.filter(({ isAccount }) => isAccount);
  const own = new Set(
    person.identifiers.flatMap(({ identifier: { kind, value }, reaches }) =>
      reaches ? [`${kind}:${value}`] : [],
    ),
  );
  const isProved = (name: string) => proved.includes(name) && own.has(name);
  const isWhole = (place: (typeof places)[number]) => proved.includes(place.row.key);
  if (accounts.length > 0 && accounts.every(isWhole)) return places.map(({ is }) => is).sort();
  const on = (name: string) =>
    accounts.filter(({ held }) => held.some((one) => one.isConfirmed && one.name === name));

  const opened = new Map<string, 'whole' | 'address'>();
  const known = new Map<string, 'whole' | 'address'>();
  for (const name of proved) if (isProved(name)) known.set(name, 'address');
  for (const one of accounts) {
    const isByAddress = one.held.some(
      ({ name, isConfirmed }) => isConfirmed && isProved(name) && on(name).length === 1,
    );
    if (isWhole(one)) opened.set(one.is, 'whole');
    else if (isByAddress) opened.set(one.is, 'address');
  }
  for (let round = 0; round < 50; round += 1) {
    for (const place of places) {
      const owner = place.held[0]?.name ?? '';
      const from = place.isAccount ? opened.get(place.is) : known.get(owner);
      if (from === undefined) continue;
      opened.set(place.is, from);
      for (const { name, isConfirmed } of place.held) {
        const isElsewhere = on(name).length > 0 && !on(name).some(({ is }) => opened.has(is));
        const isBarred = isContact(name) && from === 'address' && !isProved(name);
        if (!isConfirmed || isElsewhere || isBarred || !own.has(name)) continue;
        if (known.get(name) !== 'whole') known.set(name, from);
      }
    }
  }
  return [...opened.keys()].sort();
}

function fixtureRows({ accounts, rows }: World): readonly FixtureRow[] {
  const all: FixtureRow[] = [
    ...accounts.map((fields, i) => ({
      ...{ source: 'users', key: String(i + 1) },
      fields: { ...fields, id: String(i + 1), name: `u${i + 1}` },
    })),
    ...rows.map(({ source, user, ...fields }, i) => ({
      ...{ source, key: `r${i}` },
      fields: { ...fields, n: `r${i}`, user, from: user },
    })),
  ].map(({ fields, ...row }) => ({
    ...row,
    fields: Object.fromEntries(Object.entries(fields).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]]))),
  }));
  return all;
}

async function peopleOf(given: World, rows: readonly FixtureRow[]): Promise<readonly Resolution[]> {
  const people = new MemoryPeople(rows);
  const numbers = new Map<string, number>();
  for (const start of START) {
    const outcome = await people.find(start);
    if (outcome.kind === 'person')
      numbers.set(start, outcome.person.subject ?? people.addSubject(outcome.person.anchor));
  }
  const [first, ...others] = given.merges.flatMap((start) => numbers.get(start) ?? []);
  for (const [start, identifier] of given.links) {
    const subject = numbers.get(start);
    if (subject !== undefined) people.decide({ kind: 'link', subject, identifier: id(identifier) });
  }
  for (const subject of others)
    if (subject !== first && first !== undefined)
      people.decide({ kind: 'merge', subject: first, other: subject });
  const found: Resolution[] = [];
  for (const number of new Set(numbers.values())) {
    const outcome = await people.find(number);
    if (outcome.kind === 'person') found.push(outcome.person);
  }
  return found;
}

function viewOf({ records, identifiers, subjects }: Resolution): SubjectView {
  return {
    ...{ subject: subjects[0], subjects, rows: records, lines: [], wanted: [], notes: [] },
    identifiers: identifiers
      .filter(({ strength, reaches, window }) => strength !== 'network' && reaches && window === undefined)
      .map(({ identifier }) => identifier),
  };
}

it('what was proved opens what the contract says and nothing of a second account, in any small world', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (given) => {
      const rows = fixtureRows(given);
      const digests = given.proved.map((name) =>
        name.includes(':')
          ? identifierDigest(PROVER, id(name))
          : accountDigest(PROVER, { source: 'users', key: name }),
      );
      for (const person of await peopleOf(given, rows)) {
        const { view } = scopeView(viewOf(person), new Set(digests), PROVER);
        const got = view.rows.map(({ record, role }) => `${record.id} ${role}`).sort();
        expect(got).toEqual(openedBy(given.proved, person, rows));
      }
    }),
    { numRuns: 80 },
  );
});
