import type { Plan } from '../plan/plan.ts';
import { findSource } from '../policy/find.ts';
import type { LogSource } from '../policy/types.ts';
import { findHold } from '../retention/holds.ts';
import { type Held, heldRows, planAt } from '../retention/purge.ts';
import { countEvents } from '../store/events.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Reader, SourceFigures } from '../store/store.ts';
import type { RetentionFigures } from './retention.ts';

type HeldAndDue = Pick<RetentionFigures, 'held' | 'due'>;

interface Facts {
  readonly tx: Reader;
  readonly ledger: Ledger;
  readonly held: Held;
  /** Held rows by source. */
  readonly heldRecords: ReadonlyMap<string, readonly unknown[]>;
  readonly plan: Plan;
}

/** Reads what each source holds, what holds preserve of it, and what a purge would erase now. */
export async function readRetentionFigures(tx: Reader, ledger: Ledger): Promise<readonly RetentionFigures[]> {
  const held = await heldRows(tx, ledger);
  const heldRecords = Map.groupBy(await tx.records([...held.records.keys()]), ({ source }) => source);
  const facts: Facts = { tx, ledger, held, heldRecords, plan: await planAt(tx, ledger, ledger.now, held) };
  const figures: RetentionFigures[] = [];
  for (const figure of await tx.figures()) figures.push({ ...figure, ...(await heldAndDue(figure, facts)) });
  return figures;
}

async function heldAndDue(figure: SourceFigures, facts: Facts): Promise<HeldAndDue> {
  const source = findSource(facts.ledger.policy, figure.source);
  if (source !== undefined) {
    const target = { subjects: [], category: source.category, source: source.name };
    if (findHold(facts.held.wide, target) !== undefined)
      return { held: figure.records + figure.events, due: 0 };
  }
  const due = facts.plan.items.filter((item) => item.source === figure.source && item.action === 'erase');
  return {
    held:
      source?.type === 'log'
        ? await heldLines(source, facts)
        : (facts.heldRecords.get(figure.source)?.length ?? 0),
    due: due.reduce((sum, item) => sum + item.records.length + item.events, 0),
  };
}

async function heldLines(source: LogSource, { tx, ledger, held }: Facts): Promise<number> {
  const wanted = held.lines
    .filter((line) => line.source === source.name)
    .map(({ kind, value }) => ({ kind, value }));
  return (await countEvents(tx, ledger, source, wanted)).lines;
}
