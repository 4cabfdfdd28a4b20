import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ReachHasher } from '../../people/digests.ts';
import { classifyHit, type HitClass, type RequestContext } from './classify.ts';
import { type FileHit, searchPath } from './files.ts';
import type { LedgerHit } from './hits.ts';
import type { FoundPlace, NotSearched, ProveJob, ProveReport, RequestJob, Searched } from './job.ts';
import { searchLedger } from './ledger-search.ts';
import { PatternSearch } from './search.ts';
import { Tally } from './tally.ts';

/** Searches all that a job names, in one pass for all its requests. */
export async function runJob(job: ProveJob): Promise<ProveReport> {
  const search = new PatternSearch(
    Buffer.from(job.fingerprintKey, 'base64'),
    job.requests.map(({ request, packed }) => ({ request, packed: Buffer.from(packed, 'base64') })),
  );
  const contexts = new Map(job.requests.map((one) => [one.request, contextOf(one)]));
  const tally = new Tally(search.coverage);
  const inLedger = searchLedger({
    path: job.ledger,
    keys: job.ledgerKeys,
    search,
    hasher: new ReachHasher(Buffer.from(job.reachKey, 'base64')),
    policy: job.policy,
    tags: tagsOfShort(job, search),
    onHit: (hit) => {
      const of = addLedgerHit(tally, contexts, { ...hit, file: join(dirname(job.ledger), hit.file) });
      // What stands in somebody else's row names nobody: looking for it further would only cost time.
      if (of === 'another' && typeof hit.place !== 'string' && hit.value !== undefined)
        search.ignore(hit.request, hit.value);
    },
  });
  const { problems, ...searched } = inLedger;
  const files = await searchFiles(search, placesOf(job, contexts), tally);
  return {
    searched: { ...searched, files: searched.files + files.files, bytes: searched.bytes + files.bytes },
    requests: tally.reports(),
    notSearched: [
      ...problems.map(({ code, count, file }) => ({ code, count, file, named: false })),
      ...files.notSearched,
    ],
  };
}

/** Tags of those whose identifiers are in part too short for a search of bytes. */
function tagsOfShort({ requests }: ProveJob, { coverage }: PatternSearch): ReadonlySet<number> {
  const short = requests.filter(({ request }) => (coverage.get(request)?.fieldsOnly ?? 0) > 0);
  return new Set(short.flatMap(({ tags }) => tags));
}

function contextOf({ request, subjects, tags, records, lines }: RequestJob): RequestContext {
  return {
    request,
    subjects: new Set(subjects),
    tags: new Set(tags),
    records: new Map(records),
    lines: new Map(lines),
  };
}

function addLedgerHit(
  tally: Tally,
  contexts: ReadonlyMap<number, RequestContext>,
  hit: LedgerHit,
): HitClass | undefined {
  const context = contexts.get(hit.request);
  if (context === undefined) return undefined;
  const { request, value, file, offset, place } = hit;
  const isDead = typeof place === 'string';
  const kind = isDead
    ? place
    : `row of ${place.table}${place.column === undefined ? '' : `, ${place.column}`}`;
  const of = classifyHit(hit, context);
  const found = { request, file, offset, kind, class: of, named: false };
  tally.add(found, { value, standing: isDead ? 'dead' : 'live' });
  return of;
}

/** A file or folder beside the ledger's own, and what a find in it means. */
interface FilesPlace {
  readonly path: string;
  readonly kind: string;
  readonly named: boolean;
  readonly classOf: (request: number) => HitClass;
}

function placesOf(job: ProveJob, contexts: ReadonlyMap<number, RequestContext>): readonly FilesPlace[] {
  const residue = () => 'residue' as const;
  return [
    ...filesBeside(job).map((path) => ({
      path,
      kind: 'file beside the ledger',
      named: false,
      classOf: residue,
    })),
    ...job.packages.map(({ folder, subject }) => ({
      path: folder,
      kind: 'package',
      named: false,
      // What was given to somebody else is theirs.
      classOf: (request: number): HitClass =>
        subject === undefined || contexts.get(request)?.subjects.has(subject) === true
          ? 'residue'
          : 'another',
    })),
    ...job.named.map((path) => ({ path, kind: 'named', named: true, classOf: residue })),
  ];
}

/** What `searchLedger` reads, keys, and copies of the ledger's own with numbers for names. */
const NOT_FILES_BESIDE = /^(?:-wal|-shm|-journal|\.key|\.secrets|\.\d+(?:-wal|-shm|-journal)?)$/;

function filesBeside({ ledger, backups }: ProveJob): readonly string[] {
  const stem = basename(ledger);
  const names = readdirSync(dirname(ledger)).filter(
    (name) =>
      /^[.-]/.test(name.slice(stem.length)) &&
      name.startsWith(stem) &&
      !NOT_FILES_BESIDE.test(name.slice(stem.length)) &&
      !backups.includes(name),
  );
  return names.sort().map((name) => join(dirname(ledger), name));
}

interface FilesSearched extends Pick<Searched, 'files' | 'bytes'> {
  readonly notSearched: readonly NotSearched[];
}

async function searchFiles(
  search: PatternSearch,
  places: readonly FilesPlace[],
  tally: Tally,
): Promise<FilesSearched> {
  const notSearched: NotSearched[] = [];
  let files = 0;
  let bytes = 0;
  for (const place of places) {
    const { named } = place;
    const counts = await searchPath(place.path, {
      search,
      onHit: (hit) => tally.add(foundIn(place, hit), { value: hit.value, standing: 'file' }),
      onNotSearched: ({ code, file }) => notSearched.push({ code, count: 1, file, named }),
    });
    files += counts.files;
    bytes += counts.bytes;
  }
  return { files, bytes, notSearched: merged(notSearched) };
}

function foundIn({ kind, named, classOf }: FilesPlace, hit: FileHit): FoundPlace {
  const { request, file, offset } = hit;
  const isPlain = hit.kind === 'file';
  return {
    request,
    file,
    offset: isPlain ? offset : undefined,
    kind: isPlain ? kind : `${kind}, ${hit.kind}`,
    class: classOf(request),
    named,
  };
}

/** One line for each reason, with the place where it was first met. */
function merged(all: readonly NotSearched[]): readonly NotSearched[] {
  const groups = Map.groupBy(all, ({ code, named }) => `${code} ${named}`);
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map((first) => ({ ...first, count: group.length })),
  );
}
