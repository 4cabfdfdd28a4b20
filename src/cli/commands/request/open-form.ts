import { badInput, ExitCode, type Problem } from '../../../base/errors.ts';
import { requestName } from '../../../base/ids.ts';
import { parseOptionalDate } from '../../../base/time.ts';
import { type FormFile, readForm } from '../../../intake/form-file.ts';
import { type Opened, type OpeningFault, openAll } from '../../../requests/opening/open.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { CommandContext } from '../../context.ts';
import { readTypes } from '../../opening.ts';
import { renderProblems } from '../../report-error.ts';
import { requestMembers } from '../../request-view.ts';
import type { OpenInput } from './open.ts';

/** Opens every row of a form's file, or none where one cannot be opened; `--skip-bad` opens the others. */
export async function openForm(context: CommandContext, input: OpenInput, file: string): Promise<ExitCode> {
  const { type, received, regime, channel, requester, level, skipBad } = input;
  const defaults = {
    types: type === undefined ? undefined : readTypes(type),
    receivedOn: parseOptionalDate(received, '--received'),
    regime,
    channel,
    requester: requester ?? 'self',
    level: level ?? 'specific',
  };
  const ledger = await context.openLedger('write');
  const form = await readForm(context.path(file), ledger.policy, defaults);
  const { opened, problems } = await openRows(ledger, form, skipBad);
  showForm(context, opened, problems);
  return problems.length > 0 ? ExitCode.partly : ExitCode.done;
}

interface OpenedForm {
  readonly opened: readonly Opened[];
  readonly problems: readonly Problem[];
}

async function openRows(ledger: Ledger, form: FormFile, skipBad: boolean): Promise<OpenedForm> {
  let problems: readonly Problem[] = form.problems;
  const onFaults = (faults: readonly OpeningFault[], count: number) => {
    problems = inOrder([...form.problems, ...faults.map((fault) => problemOf(form, fault))]);
    if (problems.length > 0 && (!skipBad || count === 0)) throw badRows(problems);
  };
  const opened = await openAll(
    ledger,
    form.rows.map(({ opening }) => opening),
    onFaults,
  );
  return { opened, problems };
}

function problemOf({ name, rows }: FormFile, { index, error }: OpeningFault): Problem {
  return { file: name, line: rows[index]?.line ?? 1, message: error.message };
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

function badRows(problems: readonly Problem[]) {
  const rows = new Set(problems.map(({ line }) => line)).size;
  return badInput('form-rows', `${rows} ${rows === 1 ? 'row' : 'rows'} cannot be opened, so none was`, {
    problems,
    hint: 'correct them, or open the others with --skip-bad',
  });
}

function showForm(context: CommandContext, opened: readonly Opened[], problems: readonly Problem[]): void {
  const fresh = opened.filter(({ isRepeated }) => !isRepeated);
  const doubtful = fresh.flatMap(({ possibleDuplicates }) => possibleDuplicates);
  const document = {
    opened: countRequests(fresh),
    already_open: countRequests(opened) - countRequests(fresh),
    skipped: problems.length,
    requests: fresh.flatMap(({ requests }) => requests.map((request) => requestMembers(request))),
    possible_duplicates: doubtful.map(({ request, of }) => ({
      request: requestName(request),
      of: requestName(of),
    })),
    problems,
  };
  context.output.result(document, () => renderForm(fresh, document));
  if (doubtful.length > 0)
    context.output.note(
      `${doubtful.length} ask what an open request asks: dsr request duplicate R-ID --of R-ID ends them`,
    );
  context.output.note('next: dsr request list');
}

interface FormFigures {
  readonly opened: number;
  readonly already_open: number;
  readonly skipped: number;
  readonly problems: readonly Problem[];
}

function renderForm(
  fresh: readonly Opened[],
  { opened, already_open, skipped, problems }: FormFigures,
): string {
  const ids = fresh.flatMap(({ requests }) => requests.map(({ id }) => id));
  const [first = 0, last = first] = [ids[0], ids.at(-1)];
  const which = ids.length === 0 ? '' : `: ${requestName(first)} to ${requestName(last)}`;
  const figures = [
    `${opened} opened${which}`,
    `${already_open} were here already`,
    `${skipped} rows skipped`,
  ];
  return [...figures, ...renderProblems(problems)].join('\n');
}

function countRequests(opened: readonly Opened[]): number {
  return opened.reduce((sum, { requests }) => sum + requests.length, 0);
}
