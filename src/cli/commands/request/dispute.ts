import { ExitCode, usage } from '../../../base/errors.ts';
import { parseOptionalDate } from '../../../base/time.ts';
import { disputeFields, endDispute } from '../../../requests/care/contested.ts';
import { parsePlace } from '../../../rights/edit.ts';
import type { Request } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';
import { requireReason } from '../../reason.ts';
import { requireRequestId } from '../../request-argument.ts';
import { renderHeadline, requestMembers } from '../../request-view.ts';

export interface DisputeInput {
  readonly request: string;
  readonly field: readonly string[];
  readonly end: boolean;
  readonly toldOn: string | undefined;
}

export async function run(context: CommandContext, input: DisputeInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const { end } = input;
  if (!end && input.field.length === 0)
    throw usage('--field is missing', 'name what is contested: users.email');
  if (!end && input.toldOn !== undefined) throw usage('--told-on belongs to --end');
  const places = input.field.map((place) => parsePlace(place, undefined, '--field'));
  const toldOn = parseOptionalDate(input.toldOn, '--told-on');
  const reason = await requireReason(context);
  const words = { reason, note: await context.note() };
  const ledger = await context.openLedger('write');
  const request = end
    ? await endDispute(ledger, id, { places, toldOn }, words)
    : await disputeFields(ledger, id, places, words);
  context.output.result({ request: requestMembers(request) }, () =>
    [renderHeadline(request), ...contestedWords(request)].join('\n'),
  );
  return ExitCode.done;
}

function contestedWords({ disputes = [] }: Request): readonly string[] {
  const open = disputes.filter(({ endedAt }) => endedAt === undefined);
  if (open.length === 0) return ['nothing is contested any more; the rows are in use again'];
  const fields = open.flatMap(({ source, fields: names }) => names.map((name) => `${source}.${name}`));
  return [`contested, and its rows only stored: ${fields.join(', ')}`];
}
