import { join } from 'node:path';
import { ExitCode, refused, usage } from '../../../base/errors.ts';
import { requestName } from '../../../base/ids.ts';
import { type SignedCheckpoint, signedCheckpoint } from '../../../evidence/audit/checkpoint.ts';
import { type BatchRun, type BatchStep, runBatch } from '../../../requests/batch/batch-run.ts';
import { type Radius, radiusOf } from '../../../requests/batch/blast-radius.ts';
import type { CommandContext } from '../../context.ts';
import { delayWords, endMembers, exitOfEnd } from '../../erasure-end.ts';
import { weightiestExit } from '../../exit-codes.ts';
import { readCount } from '../../whole-number.ts';
import {
  batchMembers,
  faultMembers,
  renderBatch,
  renderFaults,
  requireBatchId,
  requireDigest,
} from './members.ts';

export interface RunInput {
  readonly batch: string;
  readonly plan: string | undefined;
  readonly out: string | undefined;
  readonly max: string | undefined;
  readonly maxShare: string | undefined;
}

export async function run(context: CommandContext, input: RunInput): Promise<ExitCode> {
  const id = requireBatchId(input.batch);
  const digest = requireDigest(input.plan);
  const given = readRadius(input);
  if (!(await context.prompter.confirm('Carry out all requests of this batch?')))
    throw refused('not-confirmed', 'nothing was carried out');
  const ledger = await context.openLedger('write');
  const folder = context.path(input.out ?? 'packages');
  const progress = context.output.progress();
  const run = await runBatch(ledger, id, digest, {
    radius: { ...radiusOf(ledger.policy), ...given },
    folderOf: (request) => join(folder, requestName(request)),
    onProgress: (done, of) => progress.update(`carried out ${done} of ${of}`),
  });
  const checkpoint = await ledger.store.read((tx) => signedCheckpoint(tx, ledger));
  context.output.result(members(run, checkpoint), () => render(context, run));
  return exitOf(run);
}

function readRadius({ max, maxShare }: RunInput): Partial<Radius> {
  const requests = readCount(max, '--max');
  const share = maxShare === undefined ? undefined : Number(/^(\d{1,3}(?:\.\d+)?)%?$/.exec(maxShare)?.[1]);
  if (share !== undefined && !(share <= 100))
    throw usage('--max-share is not a share of a hundred', 'write --max-share 15%');
  return { ...(requests !== undefined && { requests }), ...(share !== undefined && { share }) };
}

type Failed = Extract<BatchStep, { readonly result: 'failed' }>;

function failedOf({ steps }: BatchRun): readonly Failed[] {
  return steps.filter((step) => step.result === 'failed');
}

function exitOf(run: BatchRun): ExitCode {
  const ended = run.end === undefined ? ExitCode.done : exitOfEnd(run.end);
  if (failedOf(run).length > 0) return weightiestExit([ExitCode.partly, ended]);
  return ended;
}

function members(run: BatchRun, checkpoint: SignedCheckpoint): Record<string, unknown> {
  return {
    batch: batchMembers(run.batch),
    requests: run.steps.map(stepMembers),
    failed: failedOf(run).map(faultMembers),
    ...(run.end === undefined ? {} : endMembers(run.end)),
    checkpoint,
  };
}

function stepMembers(step: BatchStep): Record<string, unknown> {
  return {
    id: requestName(step.request),
    plan: step.plan,
    result: step.result,
    ...(step.result === 'waiting' ? { until: step.until } : {}),
    ...(step.result === 'failed' ? { code: step.code } : {}),
  };
}

function render(context: CommandContext, run: BatchRun): string {
  const failures = failedOf(run);
  return [
    renderBatch(run.batch),
    '',
    context.output.table(['result', 'requests'], countsOf(run)),
    ...(failures.length === 0 ? [] : ['', 'not carried out:', ...renderFaults(failures)]),
    ...renderBytes(run),
  ].join('\n');
}

function countsOf({ steps }: BatchRun): readonly (readonly [string, number])[] {
  const words = (step: BatchStep) =>
    step.result === 'waiting' ? `waiting until ${step.until}` : step.result;
  return [...Map.groupBy(steps, words)].map(([result, some]) => [result, some.length]);
}

/** One line on what all erasures came to; each request says its own. */
function renderBytes({ end }: BatchRun): readonly string[] {
  if (end === undefined) return [];
  if (end.delay !== undefined) return ['', delayWords(end.delay)];
  const open = end.proofs.filter(({ state }) => state !== 'clean');
  const proven = `bytes proven of ${end.proofs.length - open.length} of ${end.proofs.length} erasures`;
  return [
    '',
    proven,
    ...open.map(({ request }) => `  NOT PROVEN: dsr prove ${requestName(request)} shows why`),
  ];
}
