import { notFound, refused } from '../base/errors.ts';
import type { PlainDate } from '../base/time.ts';
import { findSource } from '../policy/find.ts';
import { requireRole } from '../requests/approval/staff.ts';
import type { Ledger } from '../store/ledger.ts';
import type { LegalHold, Request } from '../store/registers.ts';
import type { SubjectId } from '../store/store.ts';

export interface Placing {
  readonly matter: string;
  readonly subject: SubjectId | undefined;
  readonly category: string | undefined;
  readonly source: string | undefined;
  readonly reason: string;
  readonly reviewOn: PlainDate | undefined;
}

const MATTER = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/;

/** Places a legal hold: from now on nothing within its scope is erased, whatever the command. */
export async function placeHold(ledger: Ledger, placing: Placing): Promise<LegalHold> {
  requireRole(ledger, 'legal');
  requirePlaceable(ledger, placing);
  const { matter, reason, subject, category, source } = placing;
  const entry = {
    act: 'hold.placed',
    at: ledger.now,
    actor: ledger.actor,
    reason,
    ...(subject === undefined ? {} : { subject }),
    facts: { matter, category, source },
  };
  return ledger.store.act(entry, async (tx) => {
    const hold = await tx.add('hold', {
      state: 'placed',
      placedAt: ledger.now,
      placedBy: ledger.actor.name,
      releasedAt: undefined,
      releasedBy: undefined,
      ...placing,
    });
    tx.facts({ hold: hold.id });
    return hold;
  });
}

function requirePlaceable(ledger: Ledger, { matter, subject, category, source }: Placing): void {
  if (!MATTER.test(matter))
    throw refused(
      'bad-matter',
      'the matter is not a code',
      'write a file number such as 2026-17; names do not belong into the audit log',
    );
  if (subject === undefined && category === undefined && source === undefined) {
    throw refused(
      'hold-without-scope',
      'the hold names nobody and nothing',
      'give a person, --category or --source',
    );
  }
  if (category !== undefined && !Object.hasOwn(ledger.policy.categories, category)) {
    throw notFound(
      'unknown-category',
      'the policy has no such category',
      `categories: ${Object.keys(ledger.policy.categories).join(', ')}`,
    );
  }
  if (source !== undefined && findSource(ledger.policy, source) === undefined) {
    throw notFound(
      'unknown-source',
      'the policy has no such source',
      `sources: ${Object.keys(ledger.policy.sources).join(', ')}`,
    );
  }
}

export interface Release {
  readonly hold: LegalHold;
  /** Deletions of which the hold kept a rest; they can be planned again. */
  readonly waiting: readonly Request[];
}

/** Releases a hold by name and with a reason, and says which deletions waited for it. */
export async function releaseHold(ledger: Ledger, id: number, reason: string): Promise<Release> {
  requireRole(ledger, 'legal');
  const entry = { act: 'hold.released', at: ledger.now, actor: ledger.actor, reason, facts: { hold: id } };
  return ledger.store.act(entry, async (tx) => {
    const hold = await tx.entry('hold', id);
    if (hold === undefined)
      throw notFound('no-such-hold', 'there is no such hold', 'dsr hold list shows them');
    if (hold.state === 'released') throw refused('already-released', 'the hold was released before');
    const released: LegalHold = {
      ...hold,
      state: 'released',
      releasedAt: ledger.now,
      releasedBy: ledger.actor.name,
    };
    await tx.put('hold', released);
    const applied = await tx.entries('request', { state: 'applied' });
    return {
      hold: released,
      waiting: applied.filter(({ subject }) => hold.subject === undefined || subject === hold.subject),
    };
  });
}
