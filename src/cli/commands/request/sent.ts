import { ExitCode, usage } from '../../../base/errors.ts';
import { parseOptionalDate } from '../../../base/time.ts';
import type { LetterKind } from '../../../letters/kinds.ts';
import type { Identifier } from '../../../people/identifier.ts';
import { parseIdentifier } from '../../../people/identifier-text.ts';
import type { Policy } from '../../../policy/types.ts';
import { lettersOf, sendLetter } from '../../../requests/letters/letters.ts';
import { CHANNEL } from '../../../requests/opening/opening.ts';
import { readChannel, readLetterKind } from '../../ask-desk.ts';
import type { CommandContext } from '../../context.ts';
import { letterMembers } from '../../letter-view.ts';
import { requireRequestId } from '../../request-argument.ts';
import { renderHeadline, requestMembers } from '../../request-view.ts';

export interface SentInput {
  readonly request: string;
  readonly as: LetterKind | undefined;
  readonly channel: string | undefined;
  readonly to: string | undefined;
  readonly on: string | undefined;
}

export async function run(context: CommandContext, input: SentInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const kind = await readLetterKind(context, input.as, '--as KIND');
  const channel = await readChannel(context, input.channel, 'How did it go?');
  if (!CHANNEL.test(channel)) throw usage('--channel is not a code', 'a word such as email, account, letter');
  const on = parseOptionalDate(input.on, '--on');
  const words = input.to === '-' ? await context.stdin.readLine('--to') : input.to;
  const note = await context.note();
  const ledger = await context.openLedger('write');
  const to = words === undefined ? undefined : addressOf(words, ledger.policy);
  const sending = { kind, on, channel, to, reason: context.globals.reason, note };
  const { request, letter } = await sendLetter(ledger, id, sending);
  const letters = await ledger.store.read((tx) => lettersOf(tx, id));
  const number = letters.findIndex((one) => one.id === letter.id) + 1;
  context.output.result(
    { request: requestMembers(request), letter: letterMembers(letter, number) },
    () => `${renderHeadline(request)}\nletter ${number}, ${kind}: sent on ${letter.sentOn ?? ''}`,
  );
  return ExitCode.done;
}

function addressOf(words: string, policy: Policy): Identifier {
  const who = parseIdentifier(words, policy);
  if ('kind' in who) return who;
  throw usage('--to is not an address', 'kind:value, such as email:…; or - to read it');
}
