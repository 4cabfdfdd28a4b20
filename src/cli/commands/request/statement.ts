import { ExitCode, usage } from '../../../base/errors.ts';
import { addStatement, countWords, STATEMENT_WORDS } from '../../../requests/care/statement.ts';
import type { CommandContext } from '../../context.ts';
import { requireRequestId } from '../../request-argument.ts';
import { renderHeadline, requestMembers } from '../../request-view.ts';

export async function run(context: CommandContext, input: { readonly request: string }): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const text = await context.note();
  if (text === undefined) throw usage('--note is missing', 'the words of the person: --note - reads them');
  const ledger = await context.openLedger('write');
  const request = await addStatement(ledger, id, text, context.globals.reason);
  context.output.result({ request: requestMembers(request) }, () => renderHeadline(request));
  const words = countWords(text);
  if (words > STATEMENT_WORDS)
    context.output.note(
      `${words} words: of a statement under 11 CCR §7023(f) only ${STATEMENT_WORDS} have to be passed on`,
    );
  return ExitCode.done;
}
