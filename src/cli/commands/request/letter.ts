import { ExitCode, notFound, usage } from '../../../base/errors.ts';
import { requestName } from '../../../base/ids.ts';
import type { LetterKind } from '../../../letters/kinds.ts';
import { requireFreeFolder, writeNewFile } from '../../../reports/package-writer.ts';
import { requireRequest } from '../../../requests/find.ts';
import { lettersOf, writeLetter } from '../../../requests/letters/letters.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { Letter, Request } from '../../../store/registers.ts';
import { readLetterKind } from '../../ask-desk.ts';
import type { CommandContext } from '../../context.ts';
import { letterMembers } from '../../letter-view.ts';
import { requireRequestId } from '../../request-argument.ts';
import { requestMembers } from '../../request-view.ts';

export interface LetterInput {
  readonly request: string;
  readonly kind: LetterKind | undefined;
  readonly show: string | undefined;
  readonly out: string | undefined;
}

/** The letter is the result, on stdout; with `--out` it goes to the file alone. */
export async function run(context: CommandContext, input: LetterInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const { show } = input;
  if (input.kind !== undefined && show !== undefined)
    throw usage('--kind and --show exclude each other', '--kind drafts a letter, --show prints one again');
  const kind =
    show === undefined ? await readLetterKind(context, input.kind, '--kind KIND or --show N') : undefined;
  const out = input.out === undefined ? undefined : context.path(input.out);
  if (out !== undefined) requireFreeFolder(out);
  const note = await context.note();
  const ledger = await context.openLedger(kind === undefined ? 'read' : 'write');
  const found =
    kind === undefined
      ? await findLetter(ledger, id, requireNumber(show))
      : await drafted(ledger, id, kind, { reason: context.globals.reason, note });
  if (out !== undefined) writeNewFile(out, found.letter.text);
  print(context, found, out);
  return ExitCode.done;
}

interface Found {
  readonly request: Request;
  readonly letter: Letter;
  readonly number: number;
}

function requireNumber(words: string | undefined): number {
  if (words !== undefined && /^[1-9]\d{0,5}$/.test(words)) return Number(words);
  throw usage('--show is not a number', 'dsr request show lists the letters, from 1');
}

async function findLetter(ledger: Ledger, id: number, number: number): Promise<Found> {
  const { request, letters } = await ledger.store.read(async (tx) => ({
    request: await requireRequest(tx, id),
    letters: await lettersOf(tx, id),
  }));
  const letter = letters[number - 1];
  if (letter === undefined)
    throw notFound('no-such-letter', 'there is no such letter', 'dsr request show lists them');
  return { request, letter, number };
}

async function drafted(
  ledger: Ledger,
  id: number,
  kind: LetterKind,
  words: { readonly reason: string | undefined; readonly note: string | undefined },
): Promise<Found> {
  const { request, letter } = await writeLetter(ledger, id, kind, words);
  const letters = await ledger.store.read((tx) => lettersOf(tx, id));
  return { request, letter, number: letters.findIndex((one) => one.id === letter.id) + 1 };
}

function print(context: CommandContext, { request, letter, number }: Found, out: string | undefined): void {
  const { text } = letter;
  const artifacts = out === undefined ? [] : [{ path: out, sha256: letter.sha256 }];
  const document = {
    request: requestMembers(request),
    letter: { ...letterMembers(letter, number), ...(out === undefined ? { text } : {}) },
    artifacts,
  };
  context.output.result(document, () =>
    out === undefined ? text.trimEnd() : `letter ${number}: ${letter.kind}`,
  );
  if (out !== undefined) context.output.note(`wrote ${context.shown(out)}`);
  if (letter.sentOn === undefined)
    context.output.note(`next: dsr request sent ${requestName(request.id)} --as ${letter.kind}`);
}
