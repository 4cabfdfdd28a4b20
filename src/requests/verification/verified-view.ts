import { refused, type UserError } from '../../base/errors.ts';
import { requestName } from '../../base/ids.ts';
import type { SubjectView } from '../../rights/view.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request } from '../../store/registers.ts';
import type { Reader, SubjectId } from '../../store/store.ts';
import { countLines, viewSubject } from '../subject.ts';
import { type LeftOut, scopeView } from './scope.ts';

/** What somebody of a request has, proved or not: their own view and those of other accounts that staff added. */
export async function claimedViews(
  tx: Reader,
  ledger: Ledger,
  { subject, alsoSubjects = [] }: Pick<Request, 'subject' | 'alsoSubjects'>,
): Promise<readonly SubjectView[]> {
  const views: SubjectView[] = [];
  for (const one of subject === undefined ? [] : [subject, ...alsoSubjects])
    if (!views.some(({ subjects }) => subjects.includes(one))) views.push(await viewSubject(tx, ledger, one));
  return views;
}

/**
 * What a request covers: all that is theirs, or, where single accounts and addresses were proved, what these
 * reach. What is left out is said, masked and counted; another account counts only once it was proved itself.
 */
export async function viewVerified(
  tx: Reader,
  ledger: Ledger,
  request: Request & { readonly subject: SubjectId },
): Promise<SubjectView> {
  const { proved, loweredAt } = request.verification;
  const [own, ...others] = await claimedViews(tx, ledger, request);
  if (own === undefined) throw new Error('a request about somebody has a view');
  const first = proved === undefined ? own : await scoped(tx, ledger, own, proved);
  const rest: SubjectView[] = [];
  for (const other of others) rest.push(await scoped(tx, ledger, other, proved ?? []));
  const view = joined(first, rest);
  if (request.outcome === undefined && !holdsAny(view) && holdsAny(own)) throw outdated(request);
  return loweredAt === undefined ? view : saying(view, [LOWERED]);
}

/** Nothing is answered as "nothing held" while something is. */
function outdated({ id }: Request): UserError {
  return refused(
    'proof-outdated',
    'the account or address that was proved is not theirs any more, and other data of theirs is here',
    `dsr request verify ${requestName(id)} again`,
  );
}

/** The view with more that it says of what was not verified. */
function saying(view: SubjectView, lines: readonly string[]): SubjectView {
  if (lines.length === 0) return view;
  return {
    ...view,
    notes: [...view.notes, ...lines],
    unverified: [...(view.unverified ?? []), ...lines],
  };
}

/** 11 CCR §7024(a). */
const LOWERED =
  'you asked for specific pieces; for these it could not be verified who asks, so this is answered as a request for categories';

async function scoped(
  tx: Reader,
  ledger: Ledger,
  whole: SubjectView,
  proved: readonly string[],
): Promise<SubjectView> {
  const { view, leftOut } = scopeView(whole, new Set(proved), ledger);
  if (view === whole) return whole;
  const lines = await countLines(tx, ledger, view.wanted);
  const left = total(whole) - total({ lines });
  const logs = left === 0 ? [] : [`log lines of what is not verified, which are not in this answer: ${left}`];
  return saying({ ...view, lines }, [...leftOut.map(noteOf), ...logs]);
}

function total({ lines }: Pick<SubjectView, 'lines'>): number {
  return lines.reduce((sum, { lines: count }) => sum + count, 0);
}

function noteOf({ knownBy, rows }: LeftOut): string {
  return `rows known by what is not verified (${knownBy}), which are not in this answer: ${rows}; they are included once that is verified too`;
}

/** Several views as one; a row in which two of them stand has both places. */
function joined(first: SubjectView, rest: readonly SubjectView[]): SubjectView {
  const all = [first, ...rest];
  if (rest.length === 0) return first;
  const lines = Map.groupBy(
    all.flatMap((view) => view.lines),
    ({ source }) => source,
  );
  return {
    subject: first.subject,
    // Of somebody of whom nothing was proved nothing happens, and so nothing to what is kept by their number.
    subjects: [...new Set([first, ...rest.filter(holdsAny)].flatMap(({ subjects }) => subjects))],
    rows: all
      .flatMap(({ rows }) => rows)
      .sort((a, b) => a.record.id - b.record.id || (a.role < b.role ? -1 : 1)),
    lines: [...lines].map(([source, counted]) => ({
      source,
      lines: counted.reduce((sum, { lines: count }) => sum + count, 0),
      lastAt: counted.reduce<number | undefined>((last, { lastAt }) => newer(last, lastAt), undefined),
    })),
    identifiers: all.flatMap(({ identifiers }) => identifiers),
    wanted: all.flatMap(({ wanted }) => wanted),
    notes: all.flatMap(({ notes }) => notes),
    unverified: all.flatMap(({ unverified = [] }) => unverified),
  };
}

function holdsAny({ rows, lines }: SubjectView): boolean {
  return rows.length + lines.length > 0;
}

function newer(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}
