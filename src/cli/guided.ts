import { type ExitCode, refused, UserError, usage } from '../base/errors.ts';
import { requestName } from '../base/ids.ts';
import { parseIdentifier } from '../people/identifier-text.ts';
import { requireFreeFolder } from '../reports/package-writer.ts';
import { requireAccessFirst } from '../requests/care/own-access.ts';
import { requireOver } from '../requests/care/waiting.ts';
import { requireRequest } from '../requests/find.ts';
import { openRequest } from '../requests/opening/open.ts';
import { makePlan, viewOf } from '../requests/plan.ts';
import { requireAcceptedPlan } from '../requests/plan-again.ts';
import { findPerson } from '../requests/subject.ts';
import { isEnded } from '../requests/transitions.ts';
import { isVerifiedFor } from '../requests/verification/need.ts';
import type { Ledger } from '../store/ledger.ts';
import type { AccessLevel, FieldEdit, Request } from '../store/registers.ts';
import { packageFolder } from './carry-out.ts';
import type { CommandContext } from './context.ts';
import { classifyError, isInterruption } from './failure.ts';
import { readIdentifier } from './identifier-argument.ts';
import { type OpeningFlags, readOpening } from './opening.ts';
import { askEdit, checkEdits, checkGrounds, type EditFlags, type Kind, readEdits } from './plan-wishes.ts';
import { mayAsk, needsAnswer } from './prompter.ts';
import { type GivenProof, type ProofInput, readProof } from './proof-flags.ts';
import { revealReason } from './reason.ts';
import { requireRequestId } from './request-argument.ts';
import { recordReveal } from './revealing.ts';
import { confirmPerson, type Intent } from './right-person.ts';
import { readBeforeAccess, runIntent } from './running.ts';
import { notVerified, tryVerification } from './verifying.ts';

/** The flags that every guided command has. */
export interface GuidedInput extends OpeningFlags, ProofInput {
  readonly request: string | undefined;
  readonly method: string | undefined;
  readonly plan: string | undefined;
  readonly out: string | undefined;
  /** Of a deletion: the person's own open access need not come first. */
  readonly beforeAccess?: boolean;
}

/** What a guided command is to do, and to whom. */
export interface GuidedWish extends Kind {
  readonly who: string | undefined;
  readonly level: AccessLevel | undefined;
  /** Undefined where the command has no parent; then none is asked for. */
  readonly parent: { readonly words: string | undefined } | undefined;
  readonly edits: EditFlags;
  readonly grounds: readonly string[];
}

/** All words that were given, those of prompts and of standard input included. */
interface Given {
  readonly who: string | undefined;
  readonly parent: string | undefined;
  readonly proof: GivenProof;
  readonly edits: readonly FieldEdit[];
  readonly note: string | undefined;
}

/** Opens, verifies, plans and runs a request in one go; what stops it leaves the request open, and says so. */
export async function runGuided(
  context: CommandContext,
  input: GuidedInput,
  wish: GuidedWish,
): Promise<ExitCode> {
  requireAnswers(context, input, wish);
  const reason = await revealReason(context);
  const beforeAccess = await readBeforeAccess(context, input.beforeAccess ?? false);
  const given = await readGiven(context, input, wish);
  const ledger = await context.openLedger('write');
  if (input.plan === undefined) checkEdits(given.edits, wish, ledger.policy);
  checkGrounds(wish.grounds, wish, ledger.policy);
  if (input.out !== undefined) requireFreeFolder(context.path(input.out));
  const request = await openOrFind(ledger, input, wish, given);
  context.output.note(`request ${requestName(request.id)}`);
  const intent = await staysOpen(request, () =>
    prepare(context, ledger, request, { input, wish, given, beforeAccess }),
  );
  const folder = packageFolder(context, request, input.out);
  await recordReveal(ledger, request.id, reason);
  const running = { folder, reveal: reason !== undefined, beforeAccess };
  return runIntent(context, ledger, intent, running);
}

/** Where nobody can be asked every answer has to be there before anything is written. */
function requireAnswers({ io, globals }: CommandContext, input: GuidedInput, wish: GuidedWish): void {
  if (input.plan !== undefined && input.request === undefined)
    throw usage('--plan needs --request', 'a plan is of a request that is there already');
  if (input.plan !== undefined && (hasEdits(wish.edits) || wish.grounds.length > 0))
    throw usage(
      '--plan and a new wish exclude each other',
      'without --plan a new plan is made of what is wished',
    );
  if (mayAsk(io, globals.yes)) return;
  const asks = { '--yes': !globals.yes, ID: wish.who === undefined && input.request === undefined };
  const method = input.method === undefined && wish.parent === undefined && input.request === undefined;
  const parent = wish.parent !== undefined && wish.parent.words === undefined && input.request === undefined;
  const missing = Object.entries({ ...asks, '--method': method, '--parent ID': parent }).find(
    ([, is]) => is,
  )?.[0];
  if (missing !== undefined) throw needsAnswer(missing, globals.yes);
}

function hasEdits({ set, setFile, unset }: EditFlags): boolean {
  return set.length + unset.length > 0 || setFile !== undefined;
}

async function readGiven(context: CommandContext, input: GuidedInput, wish: GuidedWish): Promise<Given> {
  const opens = input.request === undefined;
  const asksParent = wish.parent !== undefined && opens;
  return {
    who: opens || wish.who === '-' ? await readIdentifier(context, wish.who) : wish.who,
    parent: asksParent ? await readIdentifier(context, wish.parent?.words, '--parent ID') : undefined,
    proof: await readProof(context, input),
    edits: await editsOf(context, input, wish),
    note: await context.note(),
  };
}

async function editsOf(
  context: CommandContext,
  input: GuidedInput,
  wish: GuidedWish,
): Promise<readonly FieldEdit[]> {
  const asks = wish.type === 'edit' && input.plan === undefined && !hasEdits(wish.edits);
  if (asks && mayAsk(context.io, context.globals.yes)) return [await askEdit(context)];
  return readEdits(context, wish.edits);
}

async function openOrFind(
  ledger: Ledger,
  input: GuidedInput,
  wish: GuidedWish,
  given: Given,
): Promise<Request> {
  const { who = '', parent, note } = given;
  if (input.request === undefined) {
    const { type, action, level } = wish;
    return openRequest(
      ledger,
      readOpening(ledger, input, { types: [type], action, level, who, parent, note }),
    );
  }
  const id = requireRequestId(input.request);
  const request = await ledger.store.read((tx) => requireRequest(tx, id));
  if (request.type !== wish.type || request.parental?.action !== wish.action)
    throw refused(
      'other-request',
      `${requestName(id)} asks for something else`,
      `dsr request show ${requestName(id)}`,
    );
  requireOver(ledger, request);
  if (given.who !== undefined) await requireSamePerson(ledger, request, given.who);
  return request;
}

async function requireSamePerson(ledger: Ledger, { id, subject }: Request, words: string): Promise<void> {
  const who = parseIdentifier(words, ledger.policy);
  const person = await ledger.store.read((tx) => findPerson(tx, ledger, who));
  if (subject !== undefined && person?.subjects.includes(subject) === true) return;
  throw refused('wrong-person', `${requestName(id)} is about somebody else`);
}

interface Call {
  readonly input: GuidedInput;
  readonly wish: GuidedWish;
  readonly given: Given;
  readonly beforeAccess: string | undefined;
}

/** Verifies and plans, as far as that is not done, and has the operator confirm it. */
async function prepare(
  context: CommandContext,
  ledger: Ledger,
  opened: Request,
  { input, wish, given, beforeAccess }: Call,
): Promise<Intent> {
  if (!isVerifiedFor(opened)) {
    const method = wish.parent === undefined ? input.method : 'parent';
    const flags = { method, proof: given.proof, about: given.who };
    const tried = await tryVerification(context, ledger, opened, flags);
    if (!tried.verified) throw notVerified(tried);
  }
  const intent = await planned(ledger, opened, { input, wish, given });
  await ledger.store.read((tx) => requireAccessFirst(tx, intent, beforeAccess));
  if (!context.globals.yes) await confirmPerson(context, ledger, intent);
  return intent;
}

async function planned(
  ledger: Ledger,
  { id, state }: Request,
  { input, wish, given }: Omit<Call, 'beforeAccess'>,
): Promise<Intent> {
  const { plan: digest } = input;
  // What has waited is carried out as it was planned.
  const isNew = digest === undefined && (state !== 'waiting' || given.edits.length + wish.grounds.length > 0);
  if (isNew) await makePlan(ledger, id, { edits: given.edits, grounds: wish.grounds });
  return ledger.store.read(async (tx) => {
    const request = await requireRequest(tx, id);
    const { plan } = await requireAcceptedPlan(tx, ledger, request, digest ?? request.plan ?? '');
    return { request, plan, view: await viewOf(tx, ledger, request) };
  });
}

async function staysOpen<T>(request: Request, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof UserError || isInterruption(error)) || isEnded(request.state)) throw error;
    const { code, message, hint, exit, problems, details } = classifyError(error);
    const name = requestName(request.id);
    throw new UserError(code, `${message}; ${name} stays open`, {
      exit,
      problems,
      details: { ...details, request: name },
      hint: hint ?? `--request ${name} goes on with it`,
      cause: error,
    });
  }
}
