import { hash } from 'node:crypto';
import { dateIn } from '../../base/time.ts';
import { backupsWith, ownRemains } from '../../evidence/certificate/body.ts';
import { deletionFacts } from '../../evidence/certificate/facts.ts';
import type { LetterFacts, LetterWish } from '../../letters/facts.ts';
import type { LetterKind } from '../../letters/kinds.ts';
import { renderLetter, saidByLedger } from '../../letters/letter.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Letter, Request } from '../../store/registers.ts';
import type { Reader, Writer } from '../../store/store.ts';
import { needOf } from '../verification/need.ts';
import { proofsFor } from '../verification/proofs-asked.ts';

/** A letter that was drafted, and its text as it goes out: what the ledger keeps lacks a code. */
export interface Drafted {
  readonly letter: Letter;
  readonly text: string;
}

/** What stands for a code in the letter that the ledger keeps. */
const NO_CODE = '(not kept)';

/**
 * Drafts a letter of a request as it stands, inside the act that it belongs to. It is part of the request file
 * and is forgotten with it; the audit log has its digest alone.
 */
export async function draftLetter(
  tx: Writer,
  ledger: Ledger,
  request: Request,
  kind: LetterKind,
  wish: LetterWish = {},
): Promise<Drafted> {
  const facts = await letterFacts(tx, ledger, request, wish);
  const out = renderLetter(kind, facts, ledger.policyFiles);
  const text =
    wish.code === undefined ? out : renderLetter(kind, { ...facts, code: NO_CODE }, ledger.policyFiles);
  const sha256 = hash('sha256', text);
  const letter = await tx.add('letter', {
    state: 'drafted',
    subject: request.subject,
    request: request.id,
    kind,
    at: ledger.now,
    actor: ledger.actor.name,
    text,
    sha256,
    facts: hash('sha256', saidByLedger(kind, facts)),
  });
  tx.facts({ letter: letter.id, letter_kind: kind, letter_sha256: sha256 });
  return { letter, text: out };
}

/** Whether the ledger would still say what a letter says. */
export async function isBorneOut(
  tx: Reader,
  ledger: Ledger,
  request: Request,
  letter: Pick<Letter, 'facts'> & { readonly kind: LetterKind },
): Promise<boolean> {
  const facts = await letterFacts(tx, ledger, request, {});
  return hash('sha256', saidByLedger(letter.kind, facts)) === letter.facts;
}

async function letterFacts(
  tx: Reader,
  ledger: Ledger,
  request: Request,
  wish: LetterWish,
): Promise<LetterFacts> {
  const { policy, now } = ledger;
  const { outcome } = request;
  const orders = await tx.entries('work-order', { request: request.id });
  const left =
    outcome === undefined
      ? undefined
      : { policy, request, outcome, orders, ...(await deletionFacts(tx, request)) };
  return {
    note: refusalNote(request),
    proofs: proofsFor(request, policy),
    ...wish,
    policy,
    request,
    today: dateIn(now, policy.controller.zone),
    needsProof: needOf(request, policy).degree !== 'none',
    orders,
    kept: left === undefined ? [] : ownRemains(left),
    backups: left === undefined ? [] : backupsWith(left),
  };
}

/** What staff wrote when they refused, for a refusal that is written again. */
function refusalNote({ state, history, notes }: Request): string | undefined {
  const denial = state === 'denied' ? history.findLast(({ move }) => move === 'deny') : undefined;
  return notes.find(({ at }) => at === denial?.at)?.text;
}
