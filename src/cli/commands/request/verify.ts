import { ExitCode } from '../../../base/errors.ts';
import { requestName } from '../../../base/ids.ts';
import { requireRequest } from '../../../requests/find.ts';
import type { CommandContext } from '../../context.ts';
import { nextCommand } from '../../next-command.ts';
import { type ProofInput, readProof } from '../../proof-flags.ts';
import { requireRequestId } from '../../request-argument.ts';
import { requestMembers } from '../../request-view.ts';
import { notVerified, renderTried, tryVerification } from '../../verifying.ts';

export interface VerifyInput extends ProofInput {
  readonly request: string;
  readonly method: string | undefined;
  readonly level: 'categories' | undefined;
}

/** How much matched is the result, on stdout; that it is not enough is the error, on stderr. */
export async function run(context: CommandContext, input: VerifyInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const proof = await readProof(context, input);
  const ledger = await context.openLedger('write');
  const before = await ledger.store.read((tx) => requireRequest(tx, id));
  const tried = await tryVerification(context, ledger, before, { ...input, proof });
  const { request, verified, matched, needed, triesLeft, missing } = tried;
  const document = {
    request: requestMembers(request),
    verified,
    matched,
    needed,
    tries_left: triesLeft,
    ...(missing.length === 0 ? {} : { missing_steps: missing }),
  };
  const level = request.verification.loweredAt === undefined ? '' : ', as a request for categories';
  context.output.result(document, () =>
    verified
      ? `${requestName(id)} verified: ${matched} of ${needed}${level}`
      : `${requestName(id)}: ${renderTried(tried)}`,
  );
  if (!verified) throw notVerified(tried);
  context.output.note(`next: ${nextCommand(request) ?? ''}`);
  return ExitCode.done;
}
