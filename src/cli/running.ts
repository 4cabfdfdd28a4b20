import { ExitCode } from '../base/errors.ts';
import { requestName } from '../base/ids.ts';
import { maskValue } from '../base/mask.ts';
import { type SignedCheckpoint, signedCheckpoint } from '../evidence/audit/checkpoint.ts';
import type { Identifier } from '../people/identifier.ts';
import { knownAddresses, type RunOptions, startWaiting, waitingStand } from '../requests/care/waiting.ts';
import { lettersOf } from '../requests/letters/letters.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import type { Reader } from '../store/store.ts';
import { carryOut } from './carry-out.ts';
import type { CommandContext } from './context.ts';
import { exitOfEnd } from './erasure-end.ts';
import { requireReason } from './reason.ts';
import { finishedMembers, noteNext, renderFinished } from './render-finished.ts';
import { planMembers } from './render-plan.ts';
import { renderHeadline, requestMembers } from './request-view.ts';
import type { Intent } from './right-person.ts';

/** How a plan is run: where its package goes, what was said to it. */
export interface Running extends RunOptions {
  readonly folder: string | undefined;
  readonly reveal: boolean;
}

/** The reason code with which an erasure goes before the person's own open access. */
export async function readBeforeAccess(
  context: CommandContext,
  isGiven: boolean,
): Promise<string | undefined> {
  return isGiven ? requireReason(context) : undefined;
}

/** Carries out what was confirmed, or starts the waiting time that the policy has for it, and says which. */
export async function runIntent(
  context: CommandContext,
  ledger: Ledger,
  intent: Intent,
  { folder, reveal, beforeAccess }: Running,
): Promise<ExitCode> {
  const options = { beforeAccess };
  if (waitingStand(ledger, intent.request, intent.plan) === 'to-start') {
    const request = await startWaiting(ledger, intent.request.id, intent.plan.digest, options);
    const begun = await ledger.store.read((tx) => begunOf(tx, ledger, { ...intent, request }));
    showWaiting(context, ledger, begun, reveal);
    return ExitCode.done;
  }
  const finished = await carryOut(ledger, intent, folder, options);
  const manner = { policy: ledger.policy, reveal };
  context.output.result(finishedMembers(finished, manner), () => renderFinished(context, finished));
  noteNext(context, finished.request);
  return finished.end === undefined ? ExitCode.done : exitOfEnd(finished.end);
}

/** A waiting time that began, with its notice and where that goes. */
interface Begun extends Intent {
  readonly notice: number | undefined;
  readonly addresses: readonly Identifier[];
  readonly checkpoint: SignedCheckpoint;
}

async function begunOf(tx: Reader, ledger: Ledger, intent: Intent): Promise<Begun> {
  const { request } = intent;
  const letters = await lettersOf(tx, request.id);
  const notice = letters.findLastIndex(({ kind }) => kind === 'waiting');
  return {
    ...intent,
    notice: notice < 0 ? undefined : notice + 1,
    addresses: await knownAddresses(tx, ledger, request),
    checkpoint: await signedCheckpoint(tx, ledger),
  };
}

function showWaiting(context: CommandContext, ledger: Ledger, begun: Begun, reveal: boolean): void {
  const { request, plan, notice, checkpoint } = begun;
  const addresses = begun.addresses.map(
    ({ kind, value }) => `${kind}:${reveal ? value : maskValue(kind, value)}`,
  );
  const document = {
    request: requestMembers(request, reveal),
    plan: planMembers(plan, { policy: ledger.policy, reveal }),
    applied: [],
    artifacts: [],
    notice: { letter: notice ?? null, known_addresses: addresses },
    checkpoint,
  };
  context.output.result(document, () =>
    [renderHeadline(request), '', ...waitingWords(request, notice, addresses)].join('\n'),
  );
}

/** What a waiting time means, and how it ends. */
function waitingWords(
  { id, waiting, dueOn }: Request,
  notice: number | undefined,
  addresses: readonly string[],
): readonly string[] {
  const name = requestName(id);
  const until = waiting?.until ?? '';
  const isLate = dueOn !== undefined && dueOn <= until;
  return [
    `waits until ${until}: nothing is erased or changed yet, the rows are only stored`,
    addresses.length === 0
      ? 'no address is known to which the notice could go: find another way to tell the person'
      : `send the notice to what was known before, ${addresses.join(' ')}: dsr request letter ${name} --show ${notice ?? ''}`,
    `after that day: dsr request run ${name}`,
    `dsr request stop ${name} --reason CODE ends it, and nothing has happened`,
    ...(isLate ? [`the answer is due on ${dueOn}, before it ends`] : []),
  ];
}
