import { ExitCode, usage } from '../../../base/errors.ts';
import { openOne } from '../../../requests/opening/open.ts';
import type { Ledger } from '../../../store/ledger.ts';
import { askOpening, isLeftOut } from '../../ask-opening.ts';
import type { CommandContext } from '../../context.ts';
import { readIdentifier } from '../../identifier-argument.ts';
import { showOpened } from '../../opened-view.ts';
import {
  checkOpeningFlags,
  type OpeningWords,
  readOpening,
  readTypes,
  requireBelonging,
} from '../../opening.ts';
import { mayAsk } from '../../prompter.ts';

export interface OpenInput extends OpeningWords {
  readonly csv: string | undefined;
  readonly skipBad: boolean;
  readonly file: string | undefined;
  readonly agent: string | undefined;
}

export async function run(context: CommandContext, input: OpenInput): Promise<ExitCode> {
  checkOpeningFlags(input);
  checkWay(input);
  if (input.csv !== undefined) return (await import('./open-form.ts')).openForm(context, input, input.csv);
  if (input.file !== undefined)
    return (await import('./open-message.ts')).openMessage(context, input, input.file);
  const isAsked = isLeftOut(input) && mayAsk(context.io, context.globals.yes);
  if (!isAsked) {
    requireComplete(input);
    return openByHand(context, input);
  }
  const ledger = await context.openLedger('write');
  return openByHand(context, await askOpening(context, ledger, input), ledger);
}

/** One by hand, many of a form, and a message of a protocol each have flags of their own. */
function checkWay({
  id,
  csv,
  skipBad,
  file,
  agent,
  type,
  received,
  channel,
  requester,
  level,
  action,
  parent,
}: OpenInput): void {
  if (csv !== undefined && file !== undefined) throw usage('--csv and --file exclude each other');
  if (csv !== undefined && id !== undefined) throw usage('--csv says itself whose data it is');
  if (csv === undefined && skipBad) throw usage('--skip-bad belongs to --csv');
  if (file === undefined && agent !== undefined) throw usage('--agent belongs to --file');
  const own = {
    ID: id,
    '--type': type,
    '--received': received,
    '--channel': channel,
    '--requester': requester,
    '--level': level,
  };
  const [said] = Object.entries(own).find(([, value]) => value !== undefined) ?? [];
  if (file !== undefined && said !== undefined) throw usage(`a message says itself what ${said} would`);
  if ((csv ?? file) !== undefined && (action ?? parent) !== undefined)
    throw usage('a parental review is opened by itself');
}

/** What has no default, where nobody is asked for it. */
function requireComplete(input: OpenInput): void {
  const { type, action } = input;
  if (type === undefined)
    throw usage(
      '--type is missing',
      'such as access, edit, delete, parental-review, opt-out; unclear where nobody knows yet',
    );
  requireBelonging(type, input);
  if (readTypes(type).includes('parental-review') && action === undefined)
    throw usage(
      '--action is missing',
      'actions: describe, review, delete, stop; each is asked for by itself',
    );
}

async function openByHand(context: CommandContext, input: OpenInput, opened?: Ledger): Promise<ExitCode> {
  const types = readTypes(input.type ?? '');
  const mayNameNobody = types.includes('unclear') && input.id === undefined;
  const who = mayNameNobody ? undefined : await readIdentifier(context, input.id);
  const isParental = types.includes('parental-review');
  const parent = isParental ? await readIdentifier(context, input.parent, '--parent ID') : undefined;
  const note = await context.note();
  const ledger = opened ?? (await context.openLedger('write'));
  const { action, level } = input;
  showOpened(
    context,
    await openOne(ledger, readOpening(ledger, input, { types, action, level, who, parent, note })),
  );
  return ExitCode.done;
}
