import { usage } from '../../base/errors.ts';
import { requestName } from '../../base/ids.ts';
import type { Json } from '../../base/json.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request, Statement } from '../../store/registers.ts';
import type { Reader, SubjectId } from '../../store/store.ts';
import { moveRequest } from '../moves.ts';

/** How many words a statement of a Californian may have where they are to be given to others (11 CCR §7023(f)). */
export const STATEMENT_WORDS = 250;

/**
 * Attaches the person's own words to what they contest (GDPR Art. 16, 11 CCR §7023(f), APP 13.4): they stand in
 * the request file, and go out with every later copy of the data.
 */
export async function addStatement(
  ledger: Ledger,
  id: number,
  text: string,
  reason: string | undefined,
): Promise<Request> {
  if (text.trim() === '')
    throw usage('the statement is empty', 'dsr request statement R-… --note - reads it');
  const facts = { words: countWords(text) };
  const statement = { at: ledger.now, actor: ledger.actor.name, text };
  return moveRequest(ledger, id, { move: 'state', reason, facts }, (request) => ({
    ...request,
    statements: [...(request.statements ?? []), statement],
  }));
}

/** How many words a text has. */
export function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

/** A person's words, with the request that they belong to and the fields that it contests. */
export interface GivenStatement extends Omit<Statement, 'actor'> {
  readonly request: number;
  readonly about: readonly string[];
}

/** All statements of a person, oldest first. */
export async function statementsOf(
  tx: Reader,
  subjects: readonly SubjectId[],
): Promise<readonly GivenStatement[]> {
  const found = new Map<number, Request>();
  for (const subject of subjects)
    for (const request of await tx.entries('request', { subject })) found.set(request.id, request);
  return [...found.values()]
    .flatMap(({ id, statements = [], disputes = [] }) =>
      statements.map(({ at, text }) => ({ request: id, at, text, about: disputes.flatMap(placesOf) })),
    )
    .toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
}

function placesOf({ source, fields }: NonNullable<Request['disputes']>[number]): readonly string[] {
  return fields.map((field) => `${source}.${field}`);
}

/** A statement as the person's copy of their data has it. */
export function statementMembers({ request, at, text, about }: GivenStatement): Record<string, Json> {
  return { request: requestName(request), at, about: [...about], text };
}
