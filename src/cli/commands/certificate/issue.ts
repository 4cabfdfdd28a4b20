import { ExitCode } from '../../../base/errors.ts';
import { reachedStates } from '../../../evidence/certificate/body.ts';
import { type IssuedCertificate, issueCertificate } from '../../../evidence/certificate/issue.ts';
import { renderCertificateText } from '../../../evidence/certificate/text.ts';
import { requireFreeFolder, writeNewFile } from '../../../reports/package-writer.ts';
import type { CommandContext } from '../../context.ts';
import { requireRequestId } from '../../request-argument.ts';

export interface IssueInput {
  readonly request: string;
  readonly out: string | undefined;
  readonly format: 'json' | 'text' | undefined;
}

export async function run(context: CommandContext, input: IssueInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const out = input.out === undefined ? undefined : context.path(input.out);
  if (out !== undefined) requireFreeFolder(out);
  const ledger = await context.openLedger('write');
  const issued = await issueCertificate(ledger, id);
  if (out !== undefined) writeNewFile(out, issued.text);
  print(context, issued, out, input.format ?? (context.globals.json ? 'json' : 'text'));
  return ExitCode.done;
}

function print(
  context: CommandContext,
  issued: IssuedCertificate,
  out: string | undefined,
  format: 'json' | 'text',
): void {
  const { certificate, text, sha256 } = issued;
  const body = certificate.certificate;
  if (out === undefined && format === 'json') {
    context.output.exact(text);
    return;
  }
  const artifacts = out === undefined ? [] : [{ path: out, sha256 }];
  const { request, number, states } = body;
  const members = { request: request.id, number, states, reached: reachedStates(body), sha256, artifacts };
  context.output.result(members, () => (format === 'json' ? text : renderCertificateText(body, sha256)));
  context.output.note(
    out === undefined
      ? 'the JSON file is the one that counts: --out FILE keeps it'
      : `wrote ${context.shown(out)}`,
  );
}
