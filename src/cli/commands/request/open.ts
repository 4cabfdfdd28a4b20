import { ExitCode, usage } from '../../../base/errors.ts';
import { openRequest } from '../../../requests/open.ts';
import type { AccessLevel, ParentalAction, Request, RequestType } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';
import { readIdentifier } from '../../identifier-argument.ts';
import { type OpeningFlags, readOpening } from '../../opening.ts';
import { nextCommand, renderHeadline, requestMembers } from '../../request-view.ts';

export interface OpenInput extends OpeningFlags {
  readonly id: string | undefined;
  readonly type: RequestType | undefined;
  readonly level: AccessLevel | undefined;
  readonly action: ParentalAction | undefined;
  readonly parent: string | undefined;
}

export async function run(context: CommandContext, input: OpenInput): Promise<ExitCode> {
  const { type, level, action } = input;
  if (type === undefined) throw usage('--type is missing', 'types: access, edit, delete, parental-review');
  requireFitting(type, input);
  const who = await readIdentifier(context, input.id);
  const isParental = type === 'parental-review';
  const parent = isParental ? await readIdentifier(context, input.parent, '--parent ID') : undefined;
  const note = await context.note();
  const ledger = await context.openLedger('write');
  const request = await openRequest(
    ledger,
    readOpening(ledger, input, { type, action, level, who, parent, note }),
  );
  showOpened(context, request);
  return ExitCode.done;
}

function requireFitting(type: RequestType, { level, action, parent }: OpenInput): void {
  if (level !== undefined && type !== 'access') throw usage('--level belongs to an access');
  const isParental = type === 'parental-review';
  if (!isParental && action !== undefined) throw usage('--action belongs to a parental review');
  if (!isParental && parent !== undefined) throw usage('--parent belongs to a parental review');
  if (isParental && action === undefined)
    throw usage(
      '--action is missing',
      'actions: describe, review, delete, stop; each is asked for by itself',
    );
}

function showOpened(context: CommandContext, request: Request): void {
  context.output.result({ request: requestMembers(request) }, () => renderHeadline(request));
  if (request.subject === undefined) context.output.note('nobody is known by this identifier');
  context.output.note(`next: ${nextCommand(request) ?? ''}`);
}
