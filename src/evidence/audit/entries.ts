import type { AuditRow, Reader } from '../../store/store.ts';

const PAGE = 1000;

/** The entries of the audit log one after the other; no more than a page of them in memory. */
export async function* auditEntries(
  tx: Pick<Reader, 'auditRows'>,
): AsyncGenerator<AuditRow, void, undefined> {
  for (let page = await tx.auditRows(0, PAGE); page.length > 0; ) {
    yield* page;
    page = await tx.auditRows(page.at(-1)?.seq ?? 0, PAGE);
  }
}
