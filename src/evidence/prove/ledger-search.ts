import { basename } from 'node:path';
import type { ReachHasher } from '../../people/digests.ts';
import type { Policy } from '../../policy/types.ts';
import { type Pages, TreeWalker } from './btree.ts';
import { type CatalogEntry, SCHEMA_FORM, SCHEMA_ROOT, type SchemaTable, tableForm } from './catalog.ts';
import type { LedgerHit } from './hits.ts';
import type { Searched } from './job.ts';
import { FACT_TABLES, LedgerFacts } from './ledger-facts.ts';
import { newImage, PageFile, type PageImage, type RawFile } from './pages.ts';
import type { DeadPlace } from './places.ts';
import type { SearchProblem } from './problems.ts';
import { type ByteSearch, RawSearch } from './raw-search.ts';
import { RowSearch } from './row-search.ts';
import {
  isHotJournal,
  openFile,
  searchDeadFrames,
  searchJournal,
  searchLeftovers,
  searchSharedMemory,
} from './side-files.ts';
import { searchTree } from './tree-search.ts';
import { LedgerView } from './view.ts';
import { WalFile } from './wal.ts';

export interface LedgerSearchJob {
  readonly path: string;
  /** Keys of the key file, 64 hex digits each: the one in force, and the next where there is one. */
  readonly keys: readonly string[];
  readonly search: ByteSearch;
  readonly hasher: ReachHasher;
  /** The policy in force: it says whose a log line is, and which columns hold identifiers. */
  readonly policy: Policy;
  /** Tags of identifiers too short for a search of bytes: rows and lines that one reaches are read field by field. */
  readonly tags: ReadonlySet<number>;
  readonly onHit: (hit: LedgerHit) => void;
}

/** How much was searched, and what could not be. */
export interface LedgerSearched extends Searched {
  readonly problems: readonly SearchProblem[];
}

const FREE_LIST_AT = 32;
const PAGE_COUNT_AT = 28;

/**
 * Searches a ledger and the files beside it, with a reader of its own that shares nothing with the driver:
 * every page raw, each once, every row that lies on several pages put together, every block unpacked. Says of
 * each hit where it lies, and of whose row where it is one. Takes no locks: for a process that has no
 * connection to the ledger. Memory does not grow with the file but for one bit per page, and four bytes
 * where there is a write-ahead log.
 */
export function searchLedger(job: LedgerSearchJob): LedgerSearched {
  const raw = new RawSearch(job.search, job.onHit);
  const file = openFile(job.path, raw, false);
  try {
    if (file !== undefined) searchOpened(job, file, raw);
  } finally {
    file?.close();
  }
  searchLeftovers(job.path, job.keys, raw);
  const { files, pages, rows, blocks, bytes } = raw;
  return { files, pages, rows, blocks, bytes, problems: raw.problems.list() };
}

function searchOpened(job: LedgerSearchJob, file: RawFile, raw: RawSearch): void {
  const name = basename(job.path);
  const pages = PageFile.open(file, job.keys);
  if (pages === undefined) {
    raw.problems.add('undecipherable', name);
    return;
  }
  if (pages.rest > 0) raw.problems.add('cut-short', name);
  const wal = openFile(`${job.path}-wal`, raw);
  try {
    const log = wal && new WalFile(wal, pages.pageSize);
    const view = new LedgerView(pages, log);
    new LedgerSearch(job, view, raw).run();
    searchReplaced(pages, view, name, raw);
    if (log !== undefined) searchDeadFrames(log, `${name}-wal`, pages.cipher, pages.pageSize, raw, view);
    searchHotJournal(job.path, pages, raw);
    searchSharedMemory(`${job.path}-shm`, raw);
    if (!file.isUnchanged() || wal?.isUnchanged() === false) raw.problems.add('changed-meanwhile', name);
  } finally {
    wal?.close();
  }
}

/** Pages of the file that readers do not see: newer ones stand in the write-ahead log, or it cut them off. */
function searchReplaced(pages: PageFile, view: LedgerView, file: string, raw: RawSearch): void {
  const image = newImage(pages.pageSize);
  for (let page = 1; page <= pages.pageCount; page += 1) {
    if (page <= view.pageCount && view.frameOf(page) === 0) continue;
    if (!pages.read(page, image)) raw.problems.add('damaged-page', file, page);
    const place: DeadPlace = 'page that the write-ahead log replaces';
    raw.searchDeadPage(image, view.usable, { file, page, offset: (page - 1) * pages.pageSize, place });
  }
}

function searchHotJournal(path: string, { cipher, pageSize }: PageFile, raw: RawSearch): void {
  const journal = openFile(`${path}-journal`, raw);
  if (journal === undefined) return;
  if (isHotJournal(journal)) raw.problems.add('hot-journal', basename(path));
  searchJournal(journal, basename(`${path}-journal`), cipher, pageSize, raw);
  journal.close();
}

/** One database as its readers see it: its trees, its free list, and what belongs to neither. */
class LedgerSearch {
  readonly #view: LedgerView;
  readonly #raw: RawSearch;
  readonly #file: string;
  readonly #walker: TreeWalker;
  readonly #rows: RowSearch;

  constructor({ path, hasher, policy, tags }: LedgerSearchJob, view: LedgerView, raw: RawSearch) {
    this.#view = view;
    this.#raw = raw;
    this.#file = basename(path);
    this.#walker = new TreeWalker(this.#noting(), (page) =>
      raw.problems.add('damaged-tree', this.#file, page),
    );
    this.#rows = new RowSearch({ view, raw, file: this.#file, facts: new LedgerFacts(hasher, policy), tags });
  }

  run(): void {
    const first = newImage(this.#view.pageSize);
    this.#view.read(1, first);
    if (first.bytes.readUInt32BE(PAGE_COUNT_AT) > this.#view.pageCount)
      this.#raw.problems.add('cut-short', this.#file);
    this.#searchTrees();
    const trunk = first.bytes.readUInt32BE(FREE_LIST_AT);
    for (const page of this.#walker.freePages(trunk)) this.#searchDead(page, first, 'free page');
    for (let page = 1; page <= this.#view.pageCount; page += 1)
      if (!this.#walker.isClaimed(page)) this.#searchDead(page, first, 'unreachable page');
  }

  #searchTrees(): void {
    const catalog: CatalogEntry[] = [];
    const onSchema = (entry: CatalogEntry) => catalog.push(entry);
    searchTree(this.#walker, SCHEMA_ROOT, 'table', this.#rows.visitorOf(SCHEMA, undefined, onSchema));
    const tables = new Map(
      catalog.filter(({ type }) => type === 'table').map((entry) => [entry.name, schemaTable(entry)]),
    );
    const first = [...tables.values()].filter(({ name }) => FACT_TABLES.includes(name));
    const rest = [...tables.values()].filter(({ name }) => !FACT_TABLES.includes(name));
    for (const table of [...first, ...rest])
      searchTree(
        this.#walker,
        table.root,
        table.form.hasRowid ? 'table' : 'index',
        this.#rows.visitorOf(table),
      );
    for (const { name, table, root, type } of catalog) {
      const owner = tables.get(table);
      // The primary key of a table without rowids is the table itself.
      if (type !== 'index' || owner === undefined || root === owner.root) continue;
      searchTree(this.#walker, root, 'index', this.#rows.visitorOf(owner, name));
    }
  }

  #searchDead(page: number, image: PageImage, place: DeadPlace): void {
    if (!this.#view.read(page, image)) this.#raw.problems.add('damaged-page', this.#file, page);
    const { file, offset } = this.#rows.placeIn(page);
    this.#raw.searchDeadPage(image, this.#view.usable, { file, page, offset, place });
  }

  /** The view, noting pages whose bytes are not what was written. */
  #noting(): Pages {
    const view = this.#view;
    return {
      pageSize: view.pageSize,
      usable: view.usable,
      pageCount: view.pageCount,
      read: (page, image) => {
        const isIntact = view.read(page, image);
        if (!isIntact) this.#raw.problems.add('damaged-page', this.#file, page);
        return isIntact;
      },
    };
  }
}

const SCHEMA: SchemaTable = { name: 'sqlite_schema', root: SCHEMA_ROOT, form: SCHEMA_FORM };

function schemaTable({ name, root, sql }: CatalogEntry): SchemaTable {
  return { name, root, form: tableForm(sql ?? '') };
}
