import { ExitCode, usage } from '../../../base/errors.ts';
import { parseName } from '../../../base/ids.ts';
import { dateIn } from '../../../base/time.ts';
import { type Release, releaseSuppressions } from '../../../ingest/aside-acts.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { CommandContext } from '../../context.ts';
import { requireReason } from '../../reason.ts';
import { openLedgerAs } from '../../staff-ledger.ts';
import { suppressionMembers, suppressionTable } from './members.ts';

export async function run(context: CommandContext, input: { readonly what: string }): Promise<ExitCode> {
  const what = parseWhat(input.what);
  const reason = await requireReason(context);
  const ledger = await openLedgerAs(context, 'desk');
  const release = await releaseSuppressions(ledger, what, reason);
  const { released, entered } = release;
  warnOfCopies(context, ledger, release);
  const document = { released: released.map(suppressionMembers), entered };
  context.output.result(document, () => {
    const waited = entered > 0 ? [`rows that waited and came in: ${entered}`] : [];
    return ['released:', suppressionTable(context.output, released), ...waited].join('\n');
  });
  return ExitCode.done;
}

function parseWhat(words: string): Parameters<typeof releaseSuppressions>[1] {
  const subject = parseName('S', words);
  if (subject !== undefined) return { subject };
  if (/^\d{1,12}$/.test(words)) return { id: Number(words) };
  throw usage(
    'WHAT is neither a subject id nor the number of a suppression',
    'dsr suppression list shows both',
  );
}

/** Nothing keeps the person out of old files any more: staff should know how long there are some. */
function warnOfCopies(context: CommandContext, { now, policy }: Ledger, { copiesUntil }: Release): void {
  const today = dateIn(now, policy.controller.zone);
  if (copiesUntil === undefined)
    context.output.warn('the policy names no backups: an older export or backup may bring the person back');
  else if (copiesUntil >= today)
    context.output.warn(
      `backups from before are kept until ${copiesUntil}: one of them may bring the person back`,
    );
}
