import { ExitCode, usage } from '../../../base/errors.ts';
import { maskValue } from '../../../base/mask.ts';
import { type CodeTarget, makeCode } from '../../../requests/verification/code.ts';
import type { CommandContext } from '../../context.ts';
import { revealReason } from '../../reason.ts';
import { requireRequestId } from '../../request-argument.ts';
import { renderHeadline, requestMembers } from '../../request-view.ts';
import { recordReveal } from '../../revealing.ts';

export interface CodeInput {
  readonly request: string;
  readonly to: string | undefined;
}

/** The code stands once, in the letter that is printed; the ledger keeps the letter without it. */
export async function run(context: CommandContext, input: CodeInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const target = await readTarget(context, input.to);
  const reason = await revealReason(context);
  const ledger = await context.openLedger('write');
  const { request, letter, text, to, expiresAt } = await makeCode(ledger, id, target);
  await recordReveal(ledger, id, reason);
  const address = reason === undefined ? maskValue(to.kind, to.value) : to.value;
  context.output.result(
    {
      request: requestMembers(request),
      letter: { id: letter.id, kind: letter.kind, text },
      to: { kind: to.kind, value: address },
      expires_at: expiresAt,
    },
    () => `${renderHeadline(request)}\n\nto ${to.kind}:${address}\n\n${text}`,
  );
  context.output.note('the code is shown this once; send the letter to that address and nowhere else');
  return ExitCode.done;
}

async function readTarget(context: CommandContext, words: string | undefined): Promise<CodeTarget> {
  const given =
    words === '-'
      ? await context.stdin.readLine('--to')
      : (words ??
        (await context.prompter.input({ message: 'To which kind of address?', missing: '--to KIND' })));
  const colon = given.indexOf(':');
  const kind = (colon < 0 ? given : given.slice(0, colon)).trim();
  const which = colon < 0 ? undefined : given.slice(colon + 1).trim();
  if (kind === '' || which === '')
    throw usage('--to is not KIND, KIND:VALUE or KIND:NUMBER', 'such as email:1');
  return { kind, which };
}
