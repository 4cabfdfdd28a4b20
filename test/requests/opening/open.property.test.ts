import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { orderTypes, parseTypes } from '../../../src/requests/opening/bundle.ts';
import { type Opening, openAll } from '../../../src/requests/opening/open.ts';
import type { Ledger } from '../../../src/store/ledger.ts';
import { ledgerFiles, openLedger } from '../../../src/store/open.ts';
import { dsr } from '../../helpers/program.ts';

const POLICY = `controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users: { files: "users*.csv", format: csv, mode: snapshot, account: true, key: id, subject: { user_id: id, email: email }, category: all }
categories: { all: { on_delete: erase } }
`;

let cwd: string;
let ledger: Ledger;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'dsr-open-'));
  writeFileSync(join(cwd, 'policy.yaml'), POLICY);
  writeFileSync(join(cwd, 'users.csv'), 'id,email\n1,u1@example.org\n2,u2@example.org\n');
  await dsr(['init', '--policy', 'policy.yaml'], { cwd });
  await dsr(['ingest', 'users.csv'], { cwd });
  const actor = { name: 'tester', login: 'tester' };
  const files = ledgerFiles(join(cwd, 'dsr.db'));
  ledger = await openLedger({ files, actor, now: '2026-01-05T09:00:00Z', asOf: false, write: true });
});

afterAll(async () => {
  await ledger.store.close();
  rmSync(cwd, { recursive: true, force: true });
});

const TYPES = ['access', 'portability', 'edit', 'delete', 'opt-out', 'objection'] as const;

const openings: fc.Arbitrary<readonly Opening[]> = fc
  .array(
    fc.record({
      types: fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 3 }),
      // The first two are known.
      person: fc.integer({ min: 1, max: 4 }),
      id: fc.integer({ min: 1, max: 8 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((list) => list.map(openingOf));

let run = 0;

function openingOf({ types, person, id }: { types: Opening['types']; person: number; id: number }): Opening {
  return {
    types,
    who: [{ kind: 'email', value: `u${person}@example.org` }],
    receivedOn: undefined,
    regime: undefined,
    channel: 'web-form',
    requester: 'self',
    level: 'specific',
    parental: undefined,
    parent: undefined,
    note: undefined,
    foreign: { protocol: 'form', sender: undefined, id: `F-${id}` },
  };
}

const standing = () =>
  ledger.store.read(async (tx) => ({ requests: await tx.entries('request'), log: await tx.auditHead() }));

describe('whatever comes in', () => {
  test('twice is opened once, in the order in which it is worked on; an id stays with what it was', async () => {
    const check = fc.asyncProperty(openings, async (list) => {
      run += 1;
      const fresh = list.map((one) => ({ ...one, foreign: { ...one.foreign!, sender: `run-${run}` } }));
      const faults: UserError[] = [];
      const keep = (found: readonly { readonly error: UserError }[]) =>
        faults.push(...found.map(({ error }) => error));
      const first = await openAll(ledger, fresh, keep);
      expect(first.length + faults.length).toBe(list.length);
      for (const { code } of faults) expect(code).toBe('foreign-id-reused');
      for (const { requests } of first) {
        expect(requests.map(({ type }) => type)).toEqual(orderTypes(requests.map(({ type }) => type)));
        const bundles = new Set(requests.map(({ bundle }) => bundle));
        expect([...bundles]).toEqual([requests.length > 1 ? requests[0]?.id : undefined]);
      }
      const before = await standing();
      const again = await openAll(ledger, fresh, () => {});
      expect(again.every(({ isRepeated }) => isRepeated)).toBe(true);
      expect(again.map(({ requests }) => requests.map(({ id }) => id))).toEqual(
        first.map(({ requests }) => requests.map(({ id }) => id)),
      );
      expect(await standing()).toEqual(before);
    });
    await fc.assert(check, { numRuns: 15 });
  });

  // The day on which the last hour of 9999 in UTC falls east of it.
  test.each(['2026-01-06', '9999-12-31', '+010000-01-01'])(
    'received on %s is refused',
    async (receivedOn) => {
      const before = await standing();
      const opening = { ...openingOf({ types: ['access'], person: 1, id: 1 }), receivedOn };
      await expect(openAll(ledger, [opening])).rejects.toMatchObject({ code: 'received-in-future' });
      expect(await standing()).toEqual(before);
    },
  );

  test.each([
    ['delete,access', ['access', 'delete']],
    ['edit, opt-out ,access', ['opt-out', 'access', 'edit']],
    ['access,access', ['access']],
  ])('--type %s is worked on in order', (words, types) => {
    expect(parseTypes(words, '--type')).toEqual(types);
  });

  test.each(['access,', 'erase', '', 'unclear,access', 'parental-review,delete'])(
    '--type %s is refused',
    (words) => {
      expect(() => parseTypes(words, '--type')).toThrow(UserError);
    },
  );
});
