import { notFound, usage } from '../base/errors.ts';
import { parseName } from '../base/ids.ts';
import { parseIdentifier } from '../people/identifier-text.ts';
import { requireSubject } from '../requests/subject.ts';
import type { Ledger } from '../store/ledger.ts';
import type { SubjectId } from '../store/store.ts';

/** The number of a subject id such as `S-000042`. */
export function requireSubjectId(words: string): SubjectId {
  const id = parseName('S', words);
  if (id === undefined)
    throw usage('this needs a subject id such as S-000042', 'dsr subject find looks one up by an identifier');
  return id;
}

/** The number of a person who has to be known; looking them up is an act, and gives the number on first use. */
export async function numberSubject(ledger: Ledger, words: string): Promise<SubjectId> {
  const who = parseIdentifier(words, ledger.policy);
  const entry = { act: 'subject.looked-up', at: ledger.now, actor: ledger.actor };
  const subject = await ledger.store.act(entry, async (tx) => {
    const found = await requireSubject(tx, ledger, who);
    if (found !== undefined) tx.about(found);
    tx.facts({ found: found === undefined ? 0 : 1 });
    return found;
  });
  if (subject === undefined)
    throw notFound('nobody-known', 'nobody is known by this identifier', 'dsr imports shows what was loaded');
  return subject;
}
