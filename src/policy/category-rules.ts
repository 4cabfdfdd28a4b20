import { isLog, listStoredColumns } from './columns.ts';
import type { Draft } from './draft.ts';
import { type Finding, missingKey, ofName, ofValue, type Path, quoted } from './findings.ts';
import { isCount, listRoles } from './normalise.ts';
import type { CategoryFile } from './schema.ts';
import type { SourceFile } from './schema-sources.ts';
import { didYouMean, listed } from './words.ts';

interface Context {
  readonly path: Path;
  readonly category: CategoryFile;
  /** Its sources, as far as they can be read. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly draft: Draft;
}

/** What cannot work in the categories of a policy file. */
export function listCategoryFaults(draft: Draft): Finding[] {
  return [...draft.categories].flatMap(([name, category]) => {
    const sources = new Map([...draft.sources].filter(([, source]) => source.category === name));
    const context = { path: ['categories', name], category, sources, draft };
    return RULES.flatMap((rule) => rule(context));
  });
}

type Rule = (context: Context) => Finding[];

const RULES: readonly Rule[] = [
  periodHasSource,
  countsNeedLogs,
  logsAreWhole,
  rolesMatch,
  retainNeedsRule,
  keepNeedsAction,
  keptFieldsStored,
  keysNameNobody,
  datesThere,
  knownPurposes,
];

function periodHasSource({ path, category: { expire, source } }: Context): Finding[] {
  if (expire !== undefined && source === undefined)
    return [missingKey(path, 'source', ': who sets the period of expire')];
  if (expire === undefined && source !== undefined)
    return [ofName([...path, 'source'], 'there is no expire whose period it could explain')];
  return [];
}

function countsNeedLogs({ path, category: { on_delete }, sources }: Context): Finding[] {
  if (!isCount(on_delete)) return [];
  return tables(sources).map(([name]) =>
    ofName([...path, 'on_delete', 'count_by'], `only log lines are counted, and ${quoted(name)} is a table`),
  );
}

function logsAreWhole({ path, category, sources }: Context): Finding[] {
  const log = [...sources].find(([, source]) => isLog(source))?.[0];
  if (log === undefined) return [];
  const partial = actionPlaces(category).filter(({ action }) => action !== 'erase' && action !== 'keep');
  const actions = partial.map(({ place }) =>
    ofValue(
      [...path, ...place],
      `lines of the log ${quoted(log)} are erased or kept; for counts write {count_by: [hour, path, status]}`,
    ),
  );
  return category.keep === undefined
    ? actions
    : [
        ...actions,
        ofName([...path, 'keep'], `lines of the log ${quoted(log)} have no fields that could stay`),
      ];
}

function rolesMatch({ path, category: { on_delete }, sources, draft }: Context): Finding[] {
  if (typeof on_delete === 'string' || isCount(on_delete) || sources.size === 0) return [];
  const known = new Set(listRoles([...sources.values()]));
  const strange = Object.keys(on_delete).filter((role) => !known.has(role));
  const strangers = strange.map((role) =>
    ofName([...path, 'on_delete', role], `no source of the category has this role${didYouMean(role, known)}`),
  );
  return [
    ...(draft.hasAllSources ? strangers : []),
    ...[...sources].flatMap(([name, source]) =>
      listRoles([source])
        .filter((role) => !Object.hasOwn(on_delete, role))
        .map((role) => missingKey([...path, 'on_delete'], role, `: a role of the source ${quoted(name)}`)),
    ),
  ];
}

function retainNeedsRule({ path, category }: Context): Finding[] {
  const retained = actionPlaces(category).find(({ action }) => action === 'retain');
  if (retained === undefined || (category.keep ?? []).some(({ when = [] }) => when.length === 0)) return [];
  return [ofValue([...path, ...retained.place], 'retain needs a rule under keep that has no "when"')];
}

function keepNeedsAction({ path, category }: Context): Finding[] {
  const actions = actionPlaces(category).map(({ action }) => action);
  const rules = category.keep ?? [];
  if (rules.length === 0 || isCount(category.on_delete) || actions.includes('retain')) return [];
  if (!actions.includes('erase'))
    return [ofName([...path, 'keep'], 'applies only where on_delete is retain or erase')];
  return rules.flatMap(({ when = [] }, i) =>
    when.length > 0 ? [] : [missingKey([...path, 'keep', i], 'when', ': without it, on_delete is retain')],
  );
}

function keptFieldsStored({ path, category, sources, draft }: Context): Finding[] {
  if (sources.size === 0 || !draft.hasAllSources || tables(sources).length === 0) return [];
  const stored = new Set(tables(sources).flatMap(([, source]) => listStoredColumns(source)));
  return (category.keep ?? []).flatMap(({ fields }, rule) =>
    fields.flatMap((field, i) =>
      stored.has(field)
        ? []
        : [
            ofValue(
              [...path, 'keep', rule, 'fields', i],
              `no source of the category stores ${quoted(field)}${didYouMean(field, stored)}`,
            ),
          ],
    ),
  );
}

/** A row is found again by its key, so that nobody can be taken out of it. */
function keysNameNobody({ path, category: { on_delete }, sources }: Context): Finding[] {
  if (isCount(on_delete)) return [];
  const actionOf = (role: string) => (typeof on_delete === 'string' ? on_delete : on_delete[role]);
  const isAnonymised = (role: string) => /^anonymise/.test(actionOf(role) ?? '');
  return tables(sources).flatMap(([name, { key = [], subject, parties }]) => {
    const keys = typeof key === 'string' ? [key] : key;
    const roles = Object.entries({ ...(subject === undefined ? {} : { subject }), ...parties });
    return roles
      .filter(
        ([role, identifiers]) =>
          isAnonymised(role) && Object.values(identifiers).some((at) => keys.includes(columnOf(at))),
      )
      .map(([role]) =>
        ofName(
          [...path, 'on_delete'],
          `${quoted(role)} stands in the key of ${quoted(name)}, so that its rows cannot be anonymised`,
        ),
      );
  });
}

function columnOf(place: string | { readonly column: string }): string {
  return typeof place === 'string' ? place : place.column;
}

function datesThere({ path, category: { expire, keep = [] }, sources }: Context): Finding[] {
  const undated = tables(sources)
    .filter(([, source]) => source.date === undefined)
    .map(([name]) => quoted(name));
  if (undated.length === 0) return [];
  const message = `${undated.length === 1 ? 'the source' : 'the sources'} ${listed(undated, 'and')} ${undated.length === 1 ? 'has' : 'have'} no "date" to count from`;
  return [
    ...(expire === undefined ? [] : [ofValue([...path, 'expire'], message)]),
    ...keep.flatMap(({ from = 'deletion' }, i) =>
      from === 'deletion' ? [] : [ofValue([...path, 'keep', i, 'from'], message)],
    ),
  ];
}

function knownPurposes({ path, category: { purposes = [] }, draft }: Context): Finding[] {
  const known = draft.names('purposes');
  if (known === undefined) return [];
  return purposes.flatMap((purpose, i) =>
    known.has(purpose)
      ? []
      : [
          ofValue(
            [...path, 'purposes', i],
            `no purpose is named ${quoted(purpose)}${didYouMean(purpose, known)}`,
          ),
        ],
  );
}

function tables(sources: ReadonlyMap<string, SourceFile>): [string, SourceFile][] {
  return [...sources].filter(([, source]) => !isLog(source));
}

function actionPlaces({ on_delete }: CategoryFile): { readonly action: string; readonly place: Path }[] {
  if (typeof on_delete === 'string') return [{ action: on_delete, place: ['on_delete'] }];
  if (isCount(on_delete)) return [];
  return Object.entries(on_delete).map(([role, action]) => ({ action, place: ['on_delete', role] }));
}
