import { type ColumnUse, isLog, listColumnUses } from './columns.ts';
import type { Draft } from './draft.ts';
import { type Finding, missingKey, ofKey, ofName, ofValue, type Path, quoted } from './findings.ts';
import { matchesGlob, takenAtExample } from './match.ts';
import type { SourceFile } from './schema-sources.ts';
import { didYouMean, listed } from './words.ts';

const LOG_ONLY = ['weak'] as const;
const BOTH: readonly string[] = ['files', 'format', 'category', 'subject', 'origin', 'taken_at'];

interface Context {
  readonly path: Path;
  readonly source: SourceFile;
  readonly uses: readonly ColumnUse[];
  readonly draft: Draft;
}

/** What cannot work in the sources of a policy file. */
export function listSourceFaults(draft: Draft): Finding[] {
  const each = [...draft.sources].flatMap(([name, source]) => {
    const context = { path: ['sources', name], source, uses: listColumnUses(source), draft };
    const rules = isLog(source) ? LOG_RULES : TABLE_RULES;
    return [...COMMON_RULES, ...rules].flatMap((rule) => rule(context));
  });
  return [...each, ...sharedGlobs(draft)];
}

type Rule = (context: Context) => Finding[];

const COMMON_RULES: readonly Rule[] = [knownCategory, knownKinds, takenAtMatches];
const TABLE_RULES: readonly Rule[] = [
  tableKeys,
  hasPersons,
  accountProves,
  ownPersonApart,
  oneAge,
  droppedColumnsApart,
  visibleNotUsable,
  confirmedApart,
  namedColumns,
  signsDiffer,
];
const LOG_RULES: readonly Rule[] = [logKeys, hasLogPersons, logFields, logStrengths];

function knownCategory({ path, source, draft }: Context): Finding[] {
  const known = draft.names('categories');
  if (known === undefined || known.has(source.category)) return [];
  return [
    ofValue(
      [...path, 'category'],
      `no category is named ${quoted(source.category)}${didYouMean(source.category, known)}`,
    ),
  ];
}

function knownKinds({ path, source, draft }: Context): Finding[] {
  const own = draft.names('identifiers');
  if (own === undefined) return [];
  const known = new Set([...Object.keys(draft.kinds), ...own]);
  return listParties(source).flatMap(({ path: party, kinds }) =>
    kinds
      .filter((kind) => !known.has(kind))
      .map((kind) =>
        ofKey(
          [...path, ...party],
          kind,
          `unknown kind of identifier ${quoted(kind)}${didYouMean(kind, known)}`,
        ),
      ),
  );
}

function takenAtMatches({ path, source }: Context): Finding[] {
  if (source.taken_at === undefined || /[*?]/.test(source.taken_at)) return [];
  const globs = typeof source.files === 'string' ? [source.files] : source.files;
  const example = takenAtExample(source.taken_at);
  if (globs.some((glob) => matchesGlob(glob, example))) return [];
  return [ofValue([...path, 'taken_at'], 'no file of this source has such a name; see "files"')];
}

function tableKeys({ path, source }: Context): Finding[] {
  const missing = (['mode', 'key'] as const)
    .filter((key) => source[key] === undefined)
    .map((key) => missingKey(path, key));
  const foreign = LOG_ONLY.filter((key) => source[key] !== undefined);
  return [
    ...missing,
    ...foreign.map((key) => ofName([...path, key], 'is for logs only (format common or combined)')),
  ];
}

function logKeys({ path, source }: Context): Finding[] {
  return Object.keys(source)
    .filter((key) => !BOTH.includes(key) && !LOG_ONLY.some((own) => own === key))
    .map((key) => ofName([...path, key], 'is for tables only (format csv, json or ndjson)'));
}

function hasPersons({ path, source }: Context): Finding[] {
  if (source.subject !== undefined) return [];
  if (source.account === true)
    return [missingKey(path, 'subject', ': a row of an account source is one person')];
  return source.parties === undefined
    ? [missingKey(path, 'subject', ' (or "parties"): its rows would be nobody\'s')]
    : [];
}

function hasLogPersons({ path, source }: Context): Finding[] {
  if (source.subject !== undefined || source.weak !== undefined) return [];
  return [missingKey(path, 'subject', ' (or "weak"): its lines would be nobody\'s')];
}

function accountProves({ path, source, draft }: Context): Finding[] {
  if (source.account !== true || source.subject === undefined) return [];
  const strengths = Object.keys(source.subject).map((kind) => draft.kinds[kind]?.strength);
  // A kind that is unknown or broken is a problem of its own.
  if (strengths.some((strength) => strength === undefined || strength === 'account')) return [];
  return [
    ofName(
      [...path, 'subject'],
      'an account source needs an identifier of strength account, such as user_id',
    ),
  ];
}

function ownPersonApart({ path, source }: Context): Finding[] {
  if (!Object.hasOwn(source.parties ?? {}, 'subject')) return [];
  return [
    ofName([...path, 'parties', 'subject'], 'the row\'s own person stands under "subject" of the source'),
  ];
}

function oneAge({ path, source }: Context): Finding[] {
  if (source.birth_date === undefined || source.age === undefined) return [];
  return [ofName([...path, 'age'], 'a source has a birth_date or an age, not both')];
}

function droppedColumnsApart({ path, uses }: Context): Finding[] {
  const usesOf = new Map<string, Set<string>>();
  for (const { column, use } of uses) usesOf.set(column, (usesOf.get(column) ?? new Set()).add(use));
  return uses.flatMap(({ column, use, path: place }) => {
    if (use !== 'never' && use !== 'ignore') return [];
    const others = [...(usesOf.get(column) ?? [])].filter((other) => other !== use);
    // A column under never and ignore is told once.
    if (others.length === 0 || (use === 'ignore' && others.join() === 'never')) return [];
    return [
      ofValue(
        [...path, ...place],
        `the column ${quoted(column)} is under ${use} and also under ${listed(others, 'and')}`,
      ),
    ];
  });
}

function visibleNotUsable({ path, source, uses }: Context): Finding[] {
  const visible = new Set(source.visible ?? []);
  return uses
    .filter(({ column, use }) => use === 'verify' && visible.has(column))
    .map(({ column, path: place }) =>
      ofValue(
        [...path, ...place],
        `the column ${quoted(column)} is visible to everybody, so it proves nothing`,
      ),
    );
}

function confirmedApart({ path, source }: Context): Finding[] {
  return listParties(source).flatMap(({ path: party, identifiers }) =>
    Object.entries(identifiers)
      .filter(([, value]) => typeof value === 'object' && value.confirmed === value.column)
      .map(([kind]) =>
        ofValue([...path, ...party, kind, 'confirmed'], 'must be another column than the identifier itself'),
      ),
  );
}

function namedColumns({ path, source, uses }: Context): Finding[] {
  const { format } = source;
  if (typeof format === 'string' || format.type !== 'csv' || format.columns === undefined) return [];
  const named = new Set(format.columns);
  const used = new Set(uses.map(({ column }) => column));
  const unnamed = uses
    .filter(({ column }) => !named.has(column))
    .map(({ column, path: place }) =>
      ofValue(
        [...path, ...place],
        `the column ${quoted(column)} is not among format.columns${didYouMean(column, named)}`,
      ),
    );
  const unused = format.columns.flatMap((column, i) =>
    used.has(column)
      ? []
      : [
          ofValue(
            [...path, 'format', 'columns', i],
            `the column ${quoted(column)} is mapped nowhere; put it under fields, never or ignore`,
          ),
        ],
  );
  return [...unnamed, ...unused];
}

function signsDiffer({ path, source: { format } }: Context): Finding[] {
  if (typeof format === 'string' || format.type !== 'csv') return [];
  if ((format.delimiter ?? ',') !== (format.quote ?? '"')) return [];
  return [ofValue([...path, 'format'], 'delimiter and quote are the same character')];
}

function logFields({ path, source, uses }: Context): Finding[] {
  const common = (typeof source.format === 'string' ? source.format : source.format.type) === 'common';
  const fields = ['host', 'ident', 'user', 'path', ...(common ? [] : ['referrer', 'agent'])];
  return uses.flatMap(({ column, use, path: place }) => {
    if (use !== 'subject' && use !== 'weak') return [];
    if (place.at(-1) === 'confirmed')
      return [ofName([...path, ...place], 'is for tables only (format csv, json or ndjson)')];
    if (fields.includes(column) || /^query\../u.test(column)) return [];
    return [
      ofValue(
        [...path, ...place],
        `a ${common ? 'common' : 'combined'} log line has ${listed([...fields, 'query.NAME'], 'and')}`,
      ),
    ];
  });
}

function logStrengths({ path, source, draft }: Context): Finding[] {
  const isWeak = (kind: string): boolean | undefined =>
    draft.kinds[kind] === undefined ? undefined : draft.kinds[kind].strength === 'network';
  const strong = Object.keys(source.weak ?? {}).filter((kind) => isWeak(kind) === false);
  const weak = Object.keys(source.subject ?? {}).filter((kind) => isWeak(kind) === true);
  return [
    ...strong.map((kind) =>
      ofName([...path, 'weak', kind], 'only kinds of strength network are weak; put it under subject'),
    ),
    ...weak.map((kind) =>
      ofName([...path, 'subject', kind], 'a kind of strength network alone is nobody; put it under weak'),
    ),
  ];
}

function sharedGlobs({ sources }: Draft): Finding[] {
  const owners = new Map<string, string>();
  return [...sources].flatMap(([name, { files }]) => {
    const globs = typeof files === 'string' ? [files] : files;
    const taken = globs.find((glob) => owners.has(glob));
    for (const glob of globs) if (!owners.has(glob)) owners.set(glob, name);
    return taken === undefined
      ? []
      : [
          ofValue(
            ['sources', name, 'files'],
            `the source ${quoted(owners.get(taken) ?? '')} has the same files`,
          ),
        ];
  });
}

interface PartyFile {
  readonly path: Path;
  readonly identifiers: NonNullable<SourceFile['subject']>;
  readonly kinds: readonly string[];
}

function listParties({ subject, weak, parties }: SourceFile): PartyFile[] {
  const found: [Path, PartyFile['identifiers'] | undefined][] = [
    [['subject'], subject],
    [['weak'], weak],
    ...Object.entries(parties ?? {}).map(([role, party]): [Path, PartyFile['identifiers']] => [
      ['parties', role],
      party,
    ]),
  ];
  return found.flatMap(([path, identifiers]) =>
    identifiers === undefined ? [] : [{ path, identifiers, kinds: Object.keys(identifiers) }],
  );
}
