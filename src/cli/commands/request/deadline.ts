import { ExitCode } from '../../../base/errors.ts';
import type { Step } from '../../../law/steps.ts';
import type { Explained } from '../../../requests/clock/clock.ts';
import { deadlinesOf } from '../../../requests/clock/clock.ts';
import { requireRequest } from '../../../requests/find.ts';
import type { Request } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';
import { requireRequestId } from '../../request-argument.ts';
import { renderHeadline, requestMembers } from '../../request-view.ts';

export async function run(context: CommandContext, input: { readonly request: string }): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const ledger = await context.openLedger('read');
  const deadlines = await deadlinesOf(ledger);
  const request = await ledger.store.read((tx) => requireRequest(tx, id));
  const deadline = deadlines.explain(request);
  const document = { request: requestMembers(request), ...deadlineMembers(request, deadline) };
  context.output.result(document, () => renderDeadline(request, deadline));
  return ExitCode.done;
}

function deadlineMembers(request: Request, deadline: Explained): Record<string, unknown> {
  const { extensionNoticeBy, appeal } = deadline;
  return {
    due_on: deadline.dueOn ?? null,
    unsuspended_due_on: deadline.unsuspendedDueOn ?? null,
    due_on_if_resumed_today: deadline.dueIfResumedToday ?? null,
    acknowledge_by: deadline.acknowledgeBy ?? null,
    extension_notice_by: extensionNoticeBy ?? null,
    extendable_to: deadline.extendableTo ?? null,
    extended: request.clock?.extension !== undefined,
    appeal_due_on: appeal?.dueOn ?? null,
    appeal_extension_notice_by: appeal?.extensionNoticeBy ?? null,
    re_ask_from: deadline.reaskFrom ?? null,
    steps: deadline.steps.map(stepMembers),
  };
}

function stepMembers({ what, on, rule, source, verified, appliesFrom }: Step): Record<string, unknown> {
  return { what, on: on ?? null, rule, source, verified, applies_from: appliesFrom ?? null };
}

const NO_DAY = 'no day';
const INDENT = ' '.repeat(12);

function renderDeadline(request: Request, deadline: Explained): string {
  const { steps } = deadline;
  const isAllVerified = steps.every(({ verified }) => verified);
  return [
    renderHeadline(request),
    ...steps.flatMap(renderStep),
    ...pauseWords(deadline),
    ...(isAllVerified ? [] : ['* not verified: read the source before you rely on it']),
  ].join('\n');
}

function renderStep({ what, on, rule, source, verified, appliesFrom }: Step): readonly string[] {
  const since = appliesFrom === undefined ? '' : `, since ${appliesFrom}`;
  return [
    `${(on ?? '').padEnd(INDENT.length)}${what}${verified ? '' : ' *'}`,
    `${INDENT}${rule}`,
    `${INDENT}${source}${since}`,
  ];
}

function pauseWords({ pausedSince, dueIfResumedToday, unsuspendedDueOn }: Explained): readonly string[] {
  if (pausedSince === undefined) return [];
  return [
    `the clock stands still since ${pausedSince}: if what is awaited came today, the answer would be due on ${dueIfResumedToday ?? NO_DAY};`,
    `without any pause it is due on ${unsuspendedDueOn ?? NO_DAY}`,
  ];
}
