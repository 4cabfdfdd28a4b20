import { ExitCode } from '../../../base/errors.ts';
import { requestName } from '../../../base/ids.ts';
import { parseIdentifier } from '../../../people/identifier-text.ts';
import { type Reassigned, reassignRequest } from '../../../requests/care/reassign.ts';
import type { CommandContext } from '../../context.ts';
import { readIdentifier } from '../../identifier-argument.ts';
import { requireReason } from '../../reason.ts';
import { noteNext } from '../../render-finished.ts';
import { requireRequestId } from '../../request-argument.ts';
import { renderHeadline, requestMembers } from '../../request-view.ts';

export interface ReassignInput {
  readonly request: string;
  readonly id: string | undefined;
}

export async function run(context: CommandContext, input: ReassignInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const words = await readIdentifier(context, input.id);
  const reason = await requireReason(context);
  const note = await context.note();
  const ledger = await context.openLedger('write');
  const who = parseIdentifier(words, ledger.policy);
  const reassigned = await reassignRequest(ledger, id, who, { reason, note });
  show(context, reassigned);
  noteNext(context, reassigned.request);
  return reassigned.removed.some(({ removed }) => !removed) ? ExitCode.partly : ExitCode.done;
}

function show(context: CommandContext, { request, removed, sentOn }: Reassigned): void {
  const document = {
    request: requestMembers(request),
    packages_removed: removed.map((one) => ({
      folder: one.folder,
      removed: one.removed,
      foreign: one.foreign,
    })),
    letters_sent_before: sentOn,
  };
  context.output.result(document, () =>
    [
      renderHeadline(request),
      'who asks is to be verified anew; plans and approval of before are void',
      ...removed.map(({ folder, removed: isGone }) => {
        const words = isGone ? 'package removed' : 'package NOT removed, the next dsr purge tries again';
        return `${words}: ${context.shown(folder)}`;
      }),
      ...sentOn.map(
        (day) => `a letter went out on ${day}, about the person that ${requestName(request.id)} named then`,
      ),
    ].join('\n'),
  );
}
