import { refused } from '../../base/errors.ts';
import type { PlainDate } from '../../base/time.ts';
import { type PackageRemoval, removePackages } from '../../evidence/erasure/packages.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Letter, Request } from '../../store/registers.ts';
import type { SubjectId, Writer } from '../../store/store.ts';
import { moveRequest, type Saying } from '../moves.ts';
import { askedMark } from '../opening/foreign.ts';
import { replacePlans } from '../plan.ts';
import { requireSubject, type Who } from '../subject.ts';
import { verificationAtOpening } from '../verification/need.ts';
import { triesMoved } from '../verification/tries.ts';
import { liftRestriction, restrictionsOf } from './restrictions.ts';

/** A request that is about somebody else now, and what had been made for the wrong person. */
export interface Reassigned {
  readonly request: Request;
  /** Packages that went from the disk. */
  readonly removed: readonly PackageRemoval[];
  /** Days on which letters went out before: what they gave, they gave to the wrong person. */
  readonly sentOn: readonly PlainDate[];
}

/**
 * Moves a request that was opened on the wrong person to the right one. Who asks is verified anew, plans and
 * approval are void, restrictions are lifted, packages and letters that were not sent are removed.
 */
export async function reassignRequest(
  ledger: Ledger,
  id: number,
  who: Who,
  words: Saying,
): Promise<Reassigned> {
  let sentOn: readonly PlainDate[] = [];
  const request = await moveRequest(ledger, id, { move: 'reassign', ...words }, async (before, tx) => {
    requireUndone(before);
    const subject = await requireSubject(tx, ledger, who);
    if (isSame(before, subject, who))
      throw refused('same-person', 'the request is about this person already', 'name the right one');
    const letters = await tx.entries('letter', { request: id });
    sentOn = letters.flatMap(({ sentOn: day }) => day ?? []);
    await clearWrong(tx, ledger, id, letters);
    if (subject !== undefined) tx.about(subject);
    return aboutSubject(before, subject, who, ledger);
  });
  const had = await ledger.store.read((tx) => tx.entries('package', { request: id, state: 'removing' }));
  const removed = had.length === 0 ? [] : await removePackages(ledger);
  return {
    request,
    removed: removed.filter(({ folder }) => had.some((one) => one.folder === folder)),
    sentOn,
  };
}

/** What was done to the wrong person's data cannot be moved; a copy that was given can be taken back here. */
function requireUndone({ outcome }: Request): void {
  if (outcome === undefined || outcome.applied.every(({ action }) => action === 'give')) return;
  throw refused(
    'already-carried-out',
    'what was asked is carried out, at least in part, on the person that it names now',
    'open another request for the right one',
  );
}

function isSame({ subject: before, asked }: Request, subject: SubjectId | undefined, who: Who): boolean {
  if (before !== undefined || subject !== undefined) return before === subject;
  return 'kind' in who && asked?.kind === who.kind && asked.value === who.value;
}

/** Takes away what was made for the wrong person. */
async function clearWrong(tx: Writer, ledger: Ledger, id: number, letters: readonly Letter[]): Promise<void> {
  await replacePlans(tx, id);
  const restrictions = await restrictionsOf(tx, id);
  for (const restriction of restrictions) await liftRestriction(tx, restriction, ledger.now);
  const packages = await tx.entries('package', { request: id, state: 'written' });
  for (const entry of packages) await tx.put('package', { ...entry, state: 'removing' });
  const drafts = letters.filter(({ state }) => state === 'drafted').map((letter) => letter.id);
  await tx.remove('letter', drafts);
  tx.facts({ restrictions: restrictions.length, packages: packages.length, letters: drafts.length });
}

function aboutSubject(
  before: Request,
  subject: SubjectId | undefined,
  who: Who,
  { keys, now }: Ledger,
): Request {
  const asked = subject === undefined && 'kind' in who ? who : undefined;
  const ended = before.disputes?.map((one) => ({ ...one, endedAt: one.endedAt ?? now }));
  return {
    ...before,
    waiting: undefined,
    alsoSubjects: undefined,
    answered: undefined,
    subject,
    asked,
    mark: before.foreign === undefined ? asked && askedMark(keys, asked) : before.mark,
    verification: {
      ...verificationAtOpening(before.type, before.level, before.regime).verification,
      ...triesMoved(before, subject),
    },
    plan: undefined,
    approval: undefined,
    outcome: undefined,
    ...(ended && { disputes: ended }),
  };
}

/**
 * Adds another account of the same person to a request. It counts only once it was proved itself
 * (`viewVerified`); the plan is made again.
 */
export async function addSubject(ledger: Ledger, id: number, who: Who, words: Saying): Promise<Request> {
  return moveRequest(ledger, id, { move: 'add-subject', ...words }, async (request, tx) => {
    const { subject, alsoSubjects = [] } = request;
    if (subject === undefined)
      throw refused(
        'nobody-known',
        'the request is about nobody yet',
        'dsr request reassign gives it a person',
      );
    const other = await requireSubject(tx, ledger, who);
    if (other === undefined) throw refused('nobody-known', 'nobody is known by this identifier');
    if (other === subject || alsoSubjects.includes(other))
      throw refused('same-person', 'the request covers this person already', 'dsr request show tells whom');
    tx.about(other);
    return { ...request, alsoSubjects: [...alsoSubjects, other] };
  });
}
