import { hash } from 'node:crypto';
import { ExitCode } from '../../../base/errors.ts';
import { renderVkey } from '../../../evidence/audit/note.ts';
import { reachedStates } from '../../../evidence/certificate/body.ts';
import { type CertificateVerdict, verifyCertificate } from '../../../evidence/certificate/verify.ts';
import type { CommandContext } from '../../context.ts';
import { readPublicKey } from '../../public-key.ts';
import { readFileBytes } from '../../text-files.ts';

export interface VerifyInput {
  readonly file: string;
  readonly key: string | undefined;
}

export async function run(context: CommandContext, input: VerifyInput): Promise<ExitCode> {
  const key = input.key === undefined ? undefined : renderVkey(await readPublicKey(context, input.key));
  const bytes = await readFileBytes(context.path(input.file), input.file);
  const verdict = verifyCertificate(bytes, key);
  context.output.result(verdictMembers(verdict, bytes), () => renderVerdict(verdict));
  return verdict.ok ? ExitCode.done : ExitCode.damaged;
}

function verdictMembers(verdict: CertificateVerdict, bytes: Uint8Array): Record<string, unknown> {
  const { ok, problems, key, certificate } = verdict;
  const body = certificate?.certificate;
  return {
    ok,
    problems,
    key,
    vkey: certificate?.key ?? null,
    number: body?.number ?? null,
    request: body?.request.id ?? null,
    origin: body?.ledger.origin ?? null,
    reached: body === undefined ? [] : reachedStates(body),
    log: body?.log ?? null,
    sha256: hash('sha256', bytes),
  };
}

function renderVerdict({ ok, problems, key, certificate }: CertificateVerdict): string {
  const body = certificate?.certificate;
  if (!ok || body === undefined)
    return [
      'THE CERTIFICATE IS NOT AS IT WAS ISSUED',
      ...problems.map(({ code, message }) => `${code}: ${message}`),
    ].join('\n');
  return [
    'the certificate is as it was issued',
    `number   ${body.number}, issued ${body.issued_at} by ${body.controller}`,
    `reached  ${reachedStates(body).join(', ')}`,
    `log      ${body.log.size} ${body.log.root}`,
    `key      ${certificate?.key ?? ''}`,
    ...(body.ledger.rehearsal ? ['it is of a rehearsal ledger: nothing of it has happened'] : []),
    ...(key === 'included'
      ? ['the key is the one in the file: --key compares it with one that you trust']
      : []),
  ].join('\n');
}
