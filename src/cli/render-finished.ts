import { requestName } from '../base/ids.ts';
import { erasureOf } from '../evidence/certificate/body.ts';
import { isPackaged } from '../letters/answer-forms.ts';
import { stays } from '../letters/answer-values.ts';
import { searchedMembers } from '../requests/searched.ts';
import { SUPPRESSION_BASIS } from '../retention/suppression-end.ts';
import type { SearchedSource } from '../store/registers.ts';
import type { Finished } from './carry-out.ts';
import type { CommandContext } from './context.ts';
import { bytesWords, delayWords, endMembers, renderEnd } from './erasure-end.ts';
import type { LocalTime } from './local-time.ts';
import { nextCommand } from './next-command.ts';
import { type PlanManner, planMembers, renderRemains } from './render-plan.ts';
import { appliedMembers, remainMembers, renderHeadline, requestMembers } from './request-view.ts';

const ERASING = ['erase', 'anonymise', 'retain'];

/** The document of a request that was carried out. */
export function finishedMembers(finished: Finished, manner: PlanManner): Record<string, unknown> {
  const { request, plan, applied, nothingHeld, searched, checkpoint } = finished;
  const { outcome } = request;
  return {
    request: requestMembers(request, manner.reveal),
    answer: answersOf(finished),
    plan: planMembers(plan, manner),
    applied: applied.map(appliedMembers),
    artifacts: (outcome?.artifacts ?? []).map(({ path, sha256 }) => ({ path, sha256 })),
    permitted_remains: plan.permittedRemains.map(remainMembers),
    also_remains: alsoRemains(finished),
    orders: plan.orders.length,
    bytes: outcome?.bytes ?? 'not-needed',
    ...(finished.end === undefined ? {} : endMembers(finished.end)),
    nothing_held: nothingHeld,
    searched: searched.map(searchedMembers),
    checkpoint,
  };
}

/** What is true now, each in a sentence: "erased" is never said without where. */
function answersOf({ request, plan, applied, nothingHeld, end }: Finished): readonly string[] {
  if (nothingHeld) return ['nothing held'];
  if (isPackaged(request)) return ['given'];
  const done = request.type === 'edit' ? 'changed here' : isStop(request) ? 'stopped here' : 'erased here';
  const isErased = applied.some(({ action, count }) => count > 0 && ERASING.includes(action));
  if (done === 'erased here' && !isErased) return ['nothing erased here: what is held stays'];
  const upstream =
    plan.orders.length > 0 ? `${done}, ordered upstream` : `${done}, nothing to order upstream`;
  const bytes =
    end?.delay === undefined ? bytesWords(request.outcome?.bytes ?? 'not-needed') : delayWords(end.delay);
  return bytes === undefined ? [upstream] : [upstream, bytes];
}

function isStop({ parental }: Finished['request']): boolean {
  return parental?.action === 'stop';
}

interface AlsoRemain {
  readonly what: string;
  readonly count: number;
  readonly basis: string;
  readonly until: string | null;
}

/** What dsr itself keeps of a deletion or a stop, and why. */
function alsoRemains({ request, openOrders, digests }: Finished): readonly AlsoRemain[] {
  if (request.type === 'edit' || isPackaged(request)) return [];
  const remains = [
    { what: 'request-file', count: 1, basis: 'record of the request', until: null },
    {
      what: 'work-orders',
      count: openOrders,
      basis: 'to be carried out upstream',
      until: 'confirmed',
    },
    {
      what: 'suppression-digests',
      count: digests.length,
      basis: SUPPRESSION_BASIS[isStop(request) ? 'parental-stop' : 'erased'],
      // Until the last of them ends; a stop has no end.
      until:
        digests
          .map(({ until }) => until ?? '')
          .toSorted()
          .at(-1) || null,
    },
  ];
  return remains.filter(({ count }) => count > 0);
}

/** A request that was carried out, for a terminal. */
export function renderFinished(context: CommandContext, finished: Finished): string {
  const { request, plan, nothingHeld, searched, checkpoint } = finished;
  const parts = [
    [renderHeadline(request)],
    nothingHeld ? renderNothing(context.output.clock, searched) : answersOf(finished),
    renderApplied(context, finished),
    renderPackage(context, finished),
    renderRest(context, finished),
    renderRemains(plan.permittedRemains),
    alsoRemains(finished).map(renderAlso),
    plan.notes.map((note) => `note: ${note}`),
    [`plan ${plan.digest}`, `checkpoint ${checkpoint.size} ${checkpoint.root}`],
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

/** What "nothing held" rests on: which sources were searched, and how fresh each is. */
export function renderNothing(clock: LocalTime, searched: readonly SearchedSource[]): readonly string[] {
  const sources = searched.map(({ source, takenAt, days }) =>
    takenAt === undefined
      ? `  ${source}: never loaded`
      : `  ${source}: export of ${clock.words(takenAt)}, ${days ?? 0} days old`,
  );
  return ['nothing held', 'searched:', ...sources];
}

function renderApplied({ output }: CommandContext, { applied }: Finished): readonly string[] {
  if (applied.length === 0) return [];
  const alike = Map.groupBy(applied, ({ action, source, until }) => JSON.stringify([action, source, until]));
  const rows = [...alike.values()].flatMap((groups) => {
    const count = groups.reduce((sum, group) => sum + group.count, 0);
    return groups.slice(0, 1).map(({ action, source, until }) => [action, source, count, until ?? '']);
  });
  return [output.table(['action', 'source', 'count', 'until'], rows)];
}

function renderAlso({ what, count, basis, until }: AlsoRemain): string {
  return `also stays: ${what} (${count}), ${basis}${until === null ? '' : `, until ${until}`}`;
}

/** What followed the erasure, but for what the answer says already. */
function renderRest(context: CommandContext, { request, end }: Finished): readonly string[] {
  if (end === undefined) return [];
  const proofs = end.proofs.filter((proof) => proof.request !== request.id || proof.state !== 'clean');
  return renderEnd(context, { ...end, delay: undefined, proofs });
}

function renderPackage(context: CommandContext, { request }: Finished): readonly string[] {
  const artifacts = request.outcome?.artifacts ?? [];
  if (artifacts.length === 0) return [];
  return ['package:', ...artifacts.map(({ path, sha256 }) => `  ${sha256}  ${context.shown(path)}`)];
}

/** Says on stderr how a request goes on. */
export function noteNext(context: CommandContext, request: Finished['request']): void {
  const next = nextCommand(request);
  if (next !== undefined) context.output.note(`next: ${next}`);
  const name = requestName(request.id);
  const kind = stays(request) ? 'partial-answer' : 'answer';
  if (request.outcome !== undefined)
    context.output.note(`to tell them: dsr request letter ${name} --kind ${kind}`);
  if (erasureOf(request) !== undefined)
    context.output.note(`to certify it: dsr certificate issue ${name} --out ${name}.json`);
}
