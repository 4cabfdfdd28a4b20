import { rowIdentifier, suppressionDigest } from '../../src/people/digests.ts';
import type { Identifier } from '../../src/people/identifier.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import type { SetAsideRow } from '../../src/store/registers.ts';
import type { Suppression } from '../../src/store/store.ts';

/** An instant before every export that a desk writes. */
export const BEFORE = '2026-04-01T00:00:00Z';

type How = Partial<Pick<Suppression, 'reason' | 'since' | 'subject'>>;

/** Suppresses identifiers of one person as an erasure does. */
export async function suppress(
  ledger: Ledger,
  identifiers: readonly Identifier[],
  how: How = {},
): Promise<void> {
  const { hasher, suppression } = ledger.keys;
  const act = { act: 'test.done', at: ledger.now, actor: ledger.actor };
  await ledger.store.act(act, (tx) =>
    tx.addSuppressions(
      identifiers.map((identifier) => ({
        kind: identifier.kind,
        subject: 1,
        reason: 'erased' as const,
        request: 3,
        since: ledger.now,
        until: undefined,
        tag: hasher.tag(identifier),
        digest: suppressionDigest(suppression, identifier),
        ...how,
      })),
    ),
  );
}

/** As `suppress`, of a row that had no order: it had vanished upstream before. */
export function eraseRow(ledger: Ledger, source: string, key: string, how: How = {}): Promise<void> {
  return suppress(ledger, [rowIdentifier(source, key)], how);
}

export const account = (value: string): Identifier => ({ kind: 'user_id', value });
export const email = (value: string): Identifier => ({ kind: 'email', value });

export function setAside(ledger: Ledger): Promise<readonly SetAsideRow[]> {
  return ledger.store.read((tx) => tx.entries('set-aside'));
}
