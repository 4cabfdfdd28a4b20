import { ExitCode } from '../../../base/errors.ts';
import { requestName } from '../../../base/ids.ts';
import { requireRequest } from '../../../requests/open.ts';
import type { CommandContext } from '../../context.ts';
import { readMatches } from '../../data-points.ts';
import { requireRequestId } from '../../request-argument.ts';
import { nextCommand, requestMembers } from '../../request-view.ts';
import { notVerified, renderTried, tryVerification } from '../../verifying.ts';

export interface VerifyInput {
  readonly request: string;
  readonly method: string | undefined;
  readonly match: readonly string[];
}

/** How much matched is the result, on stdout; that it is not enough is the error, on stderr. */
export async function run(context: CommandContext, input: VerifyInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const matches = await readMatches(context, input.match);
  const ledger = await context.openLedger('write');
  const before = await ledger.store.read((tx) => requireRequest(tx, id));
  const tried = await tryVerification(context, ledger, before, { method: input.method, matches });
  const { request, triesLeft, missing } = tried;
  const { verified, matched, needed } = request.verification;
  const document = {
    request: requestMembers(request),
    verified,
    matched,
    needed,
    tries_left: triesLeft,
    ...(missing.length === 0 ? {} : { missing_steps: missing }),
  };
  context.output.result(document, () =>
    verified
      ? `${requestName(id)} verified: ${matched} of ${needed}`
      : `${requestName(id)}: ${renderTried(tried)}`,
  );
  if (!verified) throw notVerified(tried);
  context.output.note(`next: ${nextCommand(request) ?? ''}`);
  return ExitCode.done;
}
