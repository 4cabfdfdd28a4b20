import { ExitCode, UserError } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import { OWN_ROLE } from '../../people/identities.ts';
import { normalise } from '../../people/normalise.ts';
import { kindOfColumn, tableSource } from '../../policy/find.ts';
import type { IdentifierKind, Policy, TableSource } from '../../policy/types.ts';
import type { SubjectView } from '../../rights/view.ts';
import type { PartialMatch } from '../../store/registers.ts';
import type { StoredRecord } from '../../store/store.ts';
import { accountDigest, accountsOf, isCorrected, isUsable, type Prover, subjectDigest } from './proof.ts';

/** A data point as the requester gave it: `email=ada@example.org`. */
export interface DataPoint {
  readonly name: string;
  readonly value: string;
}

const NOTHING: PartialMatch = { matched: 0, proved: [], points: [] };

/**
 * The account on which most points match, and how many: points of two accounts never count together. Only usable
 * columns count, what profiles show never does (11 CCR §7060).
 */
export function matchPoints(
  views: readonly SubjectView[],
  points: readonly DataPoint[],
  prover: Prover,
): PartialMatch {
  const matches = views.flatMap((view) => {
    const hasAccount = accountsOf(view.rows, prover).length > 0;
    return view.rows.flatMap(({ record, role }) => {
      const source = tableSource(prover.policy, record.source);
      if (source?.account !== true || role !== OWN_ROLE) return [];
      // What is kept of one account would prove the person, and with them the accounts that they have still.
      if (hasAccount && record.state === 'retained') return [];
      const columns = matchedColumns(record, source, points, prover.policy);
      return [{ matched: columns.length, proved: [provedBy(record, view, prover)], points: columns }];
    });
  });
  return matches.reduce((best, match) => (match.matched > best.matched ? match : best), NOTHING);
}

/** What is kept of an account by law stands for the person by their number: it has lost its key. */
function provedBy(record: StoredRecord, { subject }: SubjectView, prover: Prover): string {
  const isKept = record.state === 'retained' && subject !== undefined;
  return isKept ? subjectDigest(prover, subject) : accountDigest(prover, record);
}

function matchedColumns(
  record: StoredRecord,
  source: TableSource,
  points: readonly DataPoint[],
  policy: Policy,
): readonly string[] {
  const matched = points.flatMap(({ name, value }) => {
    const column = columnOf(name, source);
    if (column === undefined || !isUsable(column, source) || isCorrected(column, record)) return [];
    return sameValue(value, record.fields.get(column) ?? null, kindOfColumn(policy, source, column))
      ? [column]
      : [];
  });
  return [...new Set(matched)].map((column) => `${source.name}.${column}`);
}

/** Several guesses at one point would count as one try. */
export function requireDistinct(points: readonly DataPoint[], policy: Policy): void {
  for (const source of Object.values(policy.sources)) {
    if (source.type !== 'table') continue;
    const columns = points.flatMap(({ name }) => columnOf(name, source) ?? []);
    if (new Set(columns).size < columns.length)
      throw new UserError('point-given-twice', 'a data point is given twice', { exit: ExitCode.usage });
  }
}

/** The column that a data point means: by its name, or by the kind of identifier in it. */
export function columnOf(
  name: string,
  { columns, parties }: Pick<TableSource, 'columns' | 'parties'>,
): string | undefined {
  if (columns.includes(name)) return name;
  return parties.flatMap((party) => party.identifiers).find(({ kind }) => kind === name)?.column;
}

function sameValue(given: string, held: Json, kind: IdentifierKind | undefined): boolean {
  if (held === null || String(held).trim() === '') return false;
  if (kind !== undefined) {
    const normalised = normalise(kind, given);
    return normalised !== undefined && normalised === normalise(kind, held);
  }
  const plain = (value: string) => value.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ');
  return plain(given) === plain(String(held));
}
