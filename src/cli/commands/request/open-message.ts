import { ExitCode } from '../../../base/errors.ts';
import { openingOfMessage } from '../../../intake/message.ts';
import { type Opened, openOne } from '../../../requests/opening/open.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { CommandContext } from '../../context.ts';
import { foreignStatus } from '../../foreign-view.ts';
import { showOpened } from '../../opened-view.ts';
import { readTextFile } from '../../text-files.ts';

/** Opens what a message of another system asks for; its sender's answer is part of the result. */
export async function openMessage(
  context: CommandContext,
  { agent, regime }: { readonly agent: string | undefined; readonly regime: string | undefined },
  file: string,
): Promise<ExitCode> {
  const text =
    file === '-' ? await context.stdin.read('--file') : await readTextFile(context.path(file), file);
  const note = await context.note();
  const ledger = await context.openLedger('write');
  const { policy, now } = ledger;
  const opened = await openOne(ledger, openingOfMessage(text, { policy, now, bearer: agent, regime, note }));
  showOpened(context, opened, await responseTo(ledger, opened));
  return ExitCode.done;
}

/** What the sender is answered: the status object of an agent's request, the receipt of a controller's. */
async function responseTo(
  ledger: Ledger,
  { requests, isRepeated }: Opened,
): Promise<Record<string, unknown>> {
  const [request] = requests;
  const protocol = request?.foreign?.protocol;
  if (request === undefined || protocol === undefined || protocol === 'form') return {};
  const as = { protocol, agent: undefined, isNew: !isRepeated } as const;
  const { status, callbacks } = await ledger.store.read((tx) => foreignStatus(tx, ledger, request, as));
  return { response: status, callbacks };
}
