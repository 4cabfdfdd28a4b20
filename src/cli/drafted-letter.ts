import { requestName } from '../base/ids.ts';
import { lettersOf } from '../requests/letters/letters.ts';
import type { RequestMove } from '../requests/transitions.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import type { CommandContext } from './context.ts';
import { nextCommand } from './next-command.ts';

/** Moves that draft the letter by which whoever asked is told of them. */
const DRAFTING: ReadonlySet<RequestMove | undefined> = new Set([
  'acknowledge',
  'ask',
  'inquire',
  'extend',
  'deny',
  'expire',
  'uphold',
]);

/** Says on stderr how a request goes on after a move: the letter that the move drafted first, then the next command. */
export async function noteAfterMove(
  { output }: CommandContext,
  ledger: Ledger,
  request: Request,
): Promise<void> {
  const name = requestName(request.id);
  const letters = await ledger.store.read((tx) => lettersOf(tx, request.id));
  const newest = letters.at(-1);
  const isTold = DRAFTING.has(request.history.at(-1)?.move) && newest?.at === ledger.now;
  if (isTold && newest.sentOn === undefined) {
    output.note(`next: dsr request letter ${name} --show ${letters.length}`);
    output.note(`next: dsr request sent ${name} --as ${newest.kind}`);
  }
  const next = nextCommand(request, ledger.policy);
  if (next !== undefined) output.note(`next: ${next}`);
}
