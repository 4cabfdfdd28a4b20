import { ExitCode } from '../../../base/errors.ts';
import { requestName } from '../../../base/ids.ts';
import { type Proved, proveRequest } from '../../../evidence/erasure/proof.ts';
import type { FoundPlace, NotSearched, RequestReport } from '../../../evidence/prove/job.ts';
import { requireRequest } from '../../../requests/find.ts';
import type { ByteProof, Request } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';
import { bytesWords, proofMembers } from '../../erasure-end.ts';
import { requireRequestId } from '../../request-argument.ts';
import { renderHeadline } from '../../request-view.ts';

export interface ProveInput {
  readonly request: string;
  readonly path: readonly string[];
}

export async function run(context: CommandContext, input: ProveInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const ledger = await context.openLedger('write');
  const proved = await proveRequest(
    ledger,
    id,
    input.path.map((path) => context.path(path)),
  );
  const request = await ledger.store.read((tx) => requireRequest(tx, id));
  const look = lookOf(request, proved);
  context.output.result(lookMembers(look), () => renderLook(context, look));
  return look.clean ? ExitCode.done : ExitCode.attention;
}

/** One search for one request, with the places for whoever asked. */
interface Look {
  readonly request: Request;
  readonly proof: ByteProof;
  readonly report: RequestReport;
  readonly notSearched: readonly NotSearched[];
  /** Nothing was found that may not be there, and all was searched, in what was named too. */
  readonly clean: boolean;
}

function lookOf(request: Request, { proofs, report: { requests, notSearched } }: Proved): Look {
  const [proof] = proofs;
  const [report] = requests;
  if (proof === undefined || report === undefined) throw new Error('a search without a report');
  const clean = report.found.residue + report.named === 0 && notSearched.length === 0;
  return { request, proof, report, notSearched, clean };
}

function lookMembers({ request, proof, report, notSearched, clean }: Look): Record<string, unknown> {
  return {
    request: requestName(request.id),
    clean,
    bytes: request.outcome?.bytes ?? 'not-needed',
    proof: proofMembers(proof),
    looked_for: {
      values: report.coverage.searched,
      short_identifiers: report.coverage.fieldsOnly,
      left_out: report.coverage.leftOut,
    },
    found_in_named: report.named,
    hits: report.hits.map(({ file, offset, kind, class: of }) => ({
      file,
      offset: offset ?? null,
      kind,
      class: of,
    })),
    not_searched: notSearched.map(({ code, count, file }) => ({ code, count, file })),
  };
}

function renderLook(context: CommandContext, look: Look): string {
  const { request, proof, report, notSearched } = look;
  const { searched, hits } = proof;
  const state = bytesWords(request.outcome?.bytes ?? 'not-needed');
  return [
    renderHeadline(request),
    '',
    `looked for ${coverageWords(report)}`,
    `in the ledger (epoch ${proof.epoch}): ${searched.pages} pages, ${searched.rows} rows, ${searched.blocks} blocks of log lines`,
    `in all: ${searched.files} files, ${searched.bytes} bytes`,
    '',
    verdictWords(look),
    `found where it may be: ${hits.retained} times in what is retained or held, ${hits.another} times in what is another's`,
    ...renderHits(context, report.hits),
    ...notSearched.map(
      ({ code, count, file }) => `NOT SEARCHED: ${code}, ${count} times, first in ${context.shown(file)}`,
    ),
    ...(state === undefined ? [] : ['', state]),
  ].join('\n');
}

function coverageWords({ coverage: { searched, fieldsOnly, leftOut } }: RequestReport): string {
  return [
    `${searched} erased values, each in every way it may be written`,
    ...(fieldsOnly > 0 ? [`${fieldsOnly} short identifiers, as whole fields of the ledger's rows`] : []),
    ...(leftOut > 0
      ? [`not for ${leftOut} that are short numbers, plain lines, or past the longest that are kept`]
      : []),
  ].join('; ');
}

function verdictWords({ report: { found, named }, clean }: Look): string {
  if (clean) return 'nothing is left where it may not be';
  const parts = [
    ...(found.residue > 0 ? [`RESIDUE FOUND: ${found.residue} times`] : []),
    ...(named > 0 ? [`FOUND IN WHAT YOU NAMED: ${named} times`] : []),
  ];
  return parts.length > 0 ? parts.join('\n') : 'nothing was found, but not all could be searched';
}

function renderHits(context: CommandContext, hits: readonly FoundPlace[]): readonly string[] {
  const residue = hits.filter(({ class: of }) => of === 'residue');
  if (residue.length === 0) return [];
  const rows = residue.map(({ kind, file, offset }) => [kind, context.shown(file), offset ?? '']);
  return ['', context.output.table(['what', 'file', 'offset'], rows)];
}
