import { requestName } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { renderCsv } from '../formats/csv-out.ts';
import { isDescription } from '../letters/answer-forms.ts';
import { wantedIn } from '../people/wanted-events.ts';
import type { Plan } from '../plan/plan.ts';
import { requireSource } from '../policy/find.ts';
import type { PackageFile } from '../reports/package-writer.ts';
import type { GivenRow } from '../rights/access-package.ts';
import { accessInformation, givenRows } from '../rights/access-package.ts';
import type { SubjectView } from '../rights/view.ts';
import { disclosable } from '../rights/withheld.ts';
import { eventsOf } from '../store/events.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request, SearchedSource, Withheld } from '../store/registers.ts';
import type { Reader } from '../store/store.ts';
import { contestedFields } from './care/contested.ts';
import { statementMembers, statementsOf } from './care/statement.ts';
import { searchedMembers } from './searched.ts';

/** What an answer is made of. */
interface Answering {
  readonly request: Request;
  readonly plan: Plan;
  readonly view: SubjectView;
  /** What an answer that gives nothing rests on. */
  readonly nothingHeld: readonly SearchedSource[] | undefined;
}

/** The files of an answer. */
export interface AnswerFiles {
  readonly files: readonly PackageFile[];
  /** What the files leave out. */
  readonly withheld: readonly Withheld[];
}

/** The files that answer a request: the data with one CSV per source, or a description that gives none of it. */
export async function answerFiles(tx: Reader, ledger: Ledger, answering: Answering): Promise<AnswerFiles> {
  return isDescription(answering.request)
    ? { files: descriptionFiles(ledger, answering), withheld: [] }
    : dataFiles(tx, ledger, answering);
}

function descriptionFiles(
  { policy }: Ledger,
  { plan, view, nothingHeld }: Answering,
): readonly PackageFile[] {
  const sources = [...new Set(plan.items.map(({ source }) => source))].sort();
  const held = plan.items.map(({ source, category, role, records, events }) => ({
    source,
    category,
    role,
    rows: records.length,
    lines: events,
  }));
  const document = {
    schema_version: 1,
    nothing_held: held.length === 0,
    ...searchOf(nothingHeld),
    held,
    notes: view.notes,
    information: accessInformation(policy, sources),
  };
  return [{ path: 'description.json', content: renderJson(document) }];
}

async function dataFiles(
  tx: Reader,
  ledger: Ledger,
  { request, plan, view, nothingHeld }: Answering,
): Promise<AnswerFiles> {
  const contested = await contestedFields(tx, view.subjects);
  const statements = await statementsOf(tx, view.subjects);
  const theirs = { rows: givenRows(view.rows, ledger.policy, contested), identifiers: view.identifiers };
  const { rows, identifiers, withheld } = disclosable(theirs, request.regime, ledger.policy);
  const tables = Map.groupBy(rows, ({ source }) => source);
  const logs = await linesBySource(tx, ledger, view);
  const sources = [...tables.keys(), ...logs.keys()].sort();
  const document = {
    schema_version: 1,
    request: requestName(request.id),
    nothing_held: sources.length === 0,
    ...searchOf(nothingHeld),
    identifiers: identifiers.map(({ kind, value }) => ({ kind, value })),
    sources: Object.fromEntries([...tables].map(([source, given]) => [source, given.map(rowMembers)])),
    logs: Object.fromEntries(logs),
    withheld,
    notes: view.notes,
    statements: statements.map(statementMembers),
    information: accessInformation(ledger.policy, sources),
    data_as_of: plan.instant,
  };
  const csv = sources.map((source, index) => ({
    path: `csv/${String(index + 1).padStart(4, '0')}-${source}.csv`,
    content: tableCsv(tables.get(source), logs.get(source)),
  }));
  return { files: [{ path: 'data.json', content: renderJson(document) }, ...csv], withheld };
}

async function linesBySource(
  tx: Reader,
  ledger: Ledger,
  view: SubjectView,
): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const { source: name, lines } of view.lines) {
    const source = requireSource(ledger.policy, name);
    if (source.type !== 'log' || lines === 0) continue;
    const events: { at: number; text: string }[] = [];
    for await (const { at, text } of eventsOf(tx, ledger, source, wantedIn(name, view.wanted)))
      events.push({ at, text });
    events.sort((a, b) => a.at - b.at || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    found.set(
      name,
      events.map(({ text }) => text),
    );
  }
  return found;
}

function rowMembers(row: GivenRow): Record<string, Json> {
  return {
    roles: [...row.roles],
    state: row.state,
    ...(row.basis === undefined ? {} : { basis: row.basis }),
    ...(row.until === undefined ? {} : { kept_until: row.until }),
    ...(row.contested.length === 0 ? {} : { contested: [...row.contested] }),
    fields: Object.fromEntries(row.fields),
  };
}

function tableCsv(rows: readonly GivenRow[] | undefined, lines: readonly string[] | undefined): string {
  if (rows === undefined)
    return renderCsv(
      ['line'],
      (lines ?? []).map((line) => [line]),
    );
  const columns = [...new Set(rows.flatMap((row) => [...row.fields.keys()]))];
  const cells = rows.map((row) => [
    row.roles.join('+'),
    row.state,
    row.basis ?? '',
    row.until ?? '',
    ...columns.map((column) => row.fields.get(column) ?? ''),
  ]);
  return renderCsv(['role', 'state', 'basis', 'kept_until', ...columns], cells);
}

function renderJson(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function searchOf(nothingHeld: Answering['nothingHeld']): { readonly searched?: readonly Json[] } {
  return nothingHeld === undefined ? {} : { searched: nothingHeld.map(searchedMembers) };
}
