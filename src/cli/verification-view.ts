import type { Request } from '../store/registers.ts';

/** How whoever asks was verified: codes and counts, never what was compared. */
export function verificationMembers({ verification }: Request): Record<string, unknown> {
  const { method, matched, needed, tries, degree, declared, reauthenticated, code } = verification;
  return {
    method: method ?? null,
    matched,
    needed,
    tries,
    degree: degree ?? null,
    declared: declared ?? false,
    reauthenticated: reauthenticated ?? false,
    code:
      code === undefined
        ? null
        : {
            kind: code.kind,
            sent: code.sentAt.length,
            expires_at: code.expiresAt,
            used: code.digest === undefined,
          },
  };
}

/** The proofs that were seen, and that nothing was kept of. */
export function documentMembers({ documents = [], subject }: Request): readonly Record<string, unknown>[] {
  return documents.map(({ kind, seenOn, at, actor, subject: whose }) => ({
    document: kind,
    seen_on: seenOn ?? null,
    noted_at: at,
    actor,
    // Seen for the person whom the request is about now.
    counts: whose === subject,
  }));
}
