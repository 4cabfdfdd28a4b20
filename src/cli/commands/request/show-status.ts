import { ExitCode } from '../../../base/errors.ts';
import { requestName } from '../../../base/ids.ts';
import { requireRequest } from '../../../requests/find.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { CommandContext } from '../../context.ts';
import { foreignStatus } from '../../foreign-view.ts';

/** Prints the status object of a protocol; with `--json` inside dsr's own document, with the addresses for callbacks. */
export async function showStatus(
  context: CommandContext,
  ledger: Ledger,
  id: number,
  as: { readonly protocol: 'opendsr' | 'drp'; readonly agent: string | undefined },
): Promise<ExitCode> {
  const { status, callbacks } = await ledger.store.read(async (tx) =>
    foreignStatus(tx, ledger, await requireRequest(tx, id), { ...as, isNew: false }),
  );
  const document = { request: requestName(id), status, callbacks };
  context.output.result(document, () => JSON.stringify(status, undefined, 2));
  return ExitCode.done;
}
