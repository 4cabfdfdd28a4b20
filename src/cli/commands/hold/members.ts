import { holdName, subjectName } from '../../../base/ids.ts';
import type { LegalHold } from '../../../store/registers.ts';
import type { Output } from '../../output.ts';

/** A hold as every command's JSON shows it. */
export function holdMembers(hold: LegalHold): Record<string, unknown> {
  return {
    id: holdName(hold.id),
    state: hold.state,
    matter: hold.matter,
    subject: hold.subject === undefined ? null : subjectName(hold.subject),
    category: hold.category ?? null,
    source: hold.source ?? null,
    reason: hold.reason,
    review_on: hold.reviewOn ?? null,
    placed_at: hold.placedAt,
    placed_by: hold.placedBy,
    released_at: hold.releasedAt ?? null,
    released_by: hold.releasedBy ?? null,
  };
}

export function holdTable(output: Output, holds: readonly LegalHold[]): string {
  const rows = holds.map((hold) => [
    holdName(hold.id),
    hold.state,
    hold.matter,
    hold.subject === undefined ? 'everybody' : subjectName(hold.subject),
    hold.category ?? 'all',
    hold.source ?? 'all',
    hold.reviewOn ?? 'none',
  ]);
  return output.table(['hold', 'state', 'matter', 'subject', 'category', 'source', 'review on'], rows);
}
