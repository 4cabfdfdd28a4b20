import { refused } from '../../base/errors.ts';
import { addPeriod } from '../../base/periods.ts';
import { dateIn } from '../../base/time.ts';
import { agesOf } from '../../people/age.ts';
import { requireLinked } from '../../people/parents.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { ConsentStep, Request } from '../../store/registers.ts';
import type { Reader, SubjectId } from '../../store/store.ts';
import { viewSubject } from '../subject.ts';

/** How many steps of consent a parent has given, of all that the policy demands, within its time (16 CFR 312.5). */
export async function compareParent(
  tx: Reader,
  ledger: Ledger,
  request: Request,
): Promise<{ readonly matched: number; readonly needed: number }> {
  const { coppa } = ledger.policy;
  if (coppa === undefined)
    throw refused(
      'no-parental-rule',
      'the policy has no rule for parental consent',
      'children: { coppa: … } of the policy names the steps by which a parent is verified',
    );
  const child = request.subject;
  const parent = request.parental?.parent;
  if (child === undefined || parent === undefined) return { matched: 0, needed: coppa.allOf.length };
  await requireLinked(tx, child, parent);
  await requireChild(tx, ledger, child, coppa.under);
  const missing = await missingSteps(tx, ledger, request);
  return { matched: coppa.allOf.length - missing.length, needed: coppa.allOf.length };
}

/** A parent speaks for a child; where no row tells an age, the parent's word for it stands. */
async function requireChild(tx: Reader, ledger: Ledger, child: SubjectId, under: number): Promise<void> {
  const { rows } = await viewSubject(tx, ledger, child);
  const ages = agesOf(rows, ledger.policy, dateIn(ledger.now, ledger.policy.controller.zone));
  if (ages.length === 0 || ages.some((age) => age < under)) return;
  throw refused(
    'not-a-child',
    `by their own rows this person is not under ${under}`,
    'who is of age asks for themselves',
  );
}

/** The steps of consent that the parent of a request has not given, or not in time, as the policy names them. */
export async function missingSteps(
  tx: Pick<Reader, 'entries'>,
  ledger: Ledger,
  request: Request,
): Promise<readonly string[]> {
  const { coppa } = ledger.policy;
  const child = request.subject;
  const parent = request.parental?.parent;
  if (coppa === undefined || child === undefined || parent === undefined) return coppa?.allOf ?? [];
  const given = await tx.entries('consent', { state: 'given', subject: child });
  const own = given.filter((step) => step.parent === parent);
  return coppa.allOf.filter((step) => !isTimely(step, own, coppa.within, ledger));
}

/** Whether the newest of a step is no older than the policy's time before the newest of all. */
function isTimely(step: string, given: readonly ConsentStep[], within: string, ledger: Ledger): boolean {
  const { zone } = ledger.policy.controller;
  const days = (wanted: string | undefined) =>
    given
      .filter((consent) => wanted === undefined || consent.step === wanted)
      .map((consent) => dateIn(consent.at, zone))
      .sort();
  const newest = days(step).at(-1);
  const last = days(undefined).at(-1);
  return newest !== undefined && last !== undefined && addPeriod(newest, within) >= last;
}
