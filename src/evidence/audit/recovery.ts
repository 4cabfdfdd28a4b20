import { z } from 'zod';

/** Where a lost ledger was restored: the log goes on under a new name, and what came between is lost. */
export interface Recovery {
  /** The entry that says so. */
  readonly seq: number;
  readonly at: string;
  /** Name of the log until then. */
  readonly previousOrigin: string;
  /** How many of its entries are here. */
  readonly previousSize: number;
  /** Numbers of the entries that went with it; of the last nobody may know. */
  readonly lostFrom: number;
  readonly lostTo: number | null;
}

/** How the text of a recovery's entry begins: its first member by canonical order. */
const BEGINNING = '{"act":"ledger.recovered"';

const count = z.int().nonnegative();

const entryForm = z.object({
  seq: count,
  at: z.string(),
  facts: z.object({
    previous_origin: z.string(),
    previous_size: count,
    lost_from: count,
    lost_to: count.nullable(),
  }),
});

/** What an audit entry says of a recovery; undefined for all others, and for one that says it wrongly. */
export function parseRecovery(entry: string): Recovery | undefined {
  const parsed = entry.startsWith(BEGINNING) ? entryForm.safeParse(parseJson(entry)) : undefined;
  if (parsed?.success !== true) return undefined;
  const { seq, at, facts } = parsed.data;
  return {
    seq,
    at,
    previousOrigin: facts.previous_origin,
    previousSize: facts.previous_size,
    lostFrom: facts.lost_from,
    lostTo: facts.lost_to,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
