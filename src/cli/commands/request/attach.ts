import { ExitCode, usage } from '../../../base/errors.ts';
import { parseOptionalDate } from '../../../base/time.ts';
import { parseIdentifier } from '../../../people/identifier-text.ts';
import { attachDocument } from '../../../requests/verification/documents.ts';
import type { CommandContext } from '../../context.ts';
import { requireRequestId } from '../../request-argument.ts';
import { renderHeadline, requestMembers } from '../../request-view.ts';

export interface AttachInput {
  readonly request: string;
  readonly document: string | undefined;
  readonly seenOn: string | undefined;
  readonly of: string | undefined;
}

export async function run(context: CommandContext, input: AttachInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const { document } = input;
  if (document === undefined)
    throw usage('--document is missing', 'name what was looked at: signed-permission, written-order, …');
  const seenOn = parseOptionalDate(input.seenOn, '--seen-on');
  const of = input.of === '-' ? await context.stdin.readLine('--of') : input.of;
  const note = await context.note();
  const ledger = await context.openLedger('write');
  const whose = of === undefined ? undefined : parseIdentifier(of, ledger.policy);
  const words = { reason: context.globals.reason, note };
  const request = await attachDocument(ledger, id, { document, seenOn, whose }, words);
  context.output.result(
    { request: requestMembers(request) },
    () => `${renderHeadline(request)}\n${document} noted as seen; nothing of it is kept`,
  );
  return ExitCode.done;
}
