import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { badInput, notFound, UserError } from '../base/errors.ts';
import { printable } from '../base/mask.ts';
import { type Instant, instantOf } from '../base/time.ts';
import { requireSource } from '../policy/find.ts';
import { sourceForFile, takenAtFromName } from '../policy/match.ts';
import type { Policy, Source } from '../policy/types.ts';
import type { FailedFile, SkippedFile } from './report.ts';

/** One file to load, and as what. */
export interface FileJob {
  readonly path: string;
  /** Base name, safe to print. */
  readonly name: string;
  readonly source: Source;
  readonly takenAt: Instant;
  /** Whether its name or a flag says when it was taken, and not the file's own time alone. */
  readonly isTimeTold: boolean;
  /** Bytes on the disk. */
  readonly size: number;
}

export interface FoundFiles {
  /** Oldest export first; of one time by name. */
  readonly jobs: readonly FileJob[];
  readonly skipped: readonly SkippedFile[];
  readonly failed: readonly FailedFile[];
}

export interface Search {
  readonly policy: Policy;
  /** A source that all files are, of a folder those that its globs match. */
  readonly source: string | undefined;
  readonly takenAt: Instant | undefined;
  readonly now: Instant;
}

/** Finds the files that paths stand for: of a folder, every file in it that the policy maps. */
export function findFiles(paths: readonly string[], search: Search): FoundFiles {
  const forced = search.source === undefined ? undefined : requireSource(search.policy, search.source);
  const found = new Finding(search, forced);
  for (const path of paths) found.add(path);
  return found.result();
}

class Finding {
  readonly #search: Search;
  readonly #forced: Source | undefined;
  readonly #jobs: FileJob[] = [];
  readonly #skipped: SkippedFile[] = [];
  readonly #failed: FailedFile[] = [];

  constructor(search: Search, forced: Source | undefined) {
    this.#search = search;
    this.#forced = forced;
  }

  result(): FoundFiles {
    const jobs = this.#jobs.toSorted((a, b) => compare(a.takenAt, b.takenAt) || compare(a.name, b.name));
    return { jobs, skipped: this.#skipped, failed: this.#failed };
  }

  add(path: string): void {
    const name = printable(basename(path));
    this.#attempt(name, () => {
      const stat = lstatSync(path, { throwIfNoEntry: false });
      if (stat === undefined) throw notFound('file-missing', `${name}: there is no such file`);
      if (stat.isDirectory()) this.#addFolder(path, name);
      else this.#addJob(path, stat, this.#forced ?? this.#onlySource(path, this.#sourcesOf(path)));
    });
  }

  #addFolder(folder: string, name: string): void {
    const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => compare(a.name, b.name));
    const before = this.#jobs.length + this.#failed.length;
    for (const entry of entries) {
      const sources = entry.isDirectory() ? [] : this.#sourcesOf(entry.name);
      if (sources.length === 0)
        this.#skip(entry.name, entry.isDirectory() ? 'a folder' : 'no source of the policy matches its name');
      else this.#addOfFolder(join(folder, entry.name), sources);
    }
    if (entries.length > 0 && this.#jobs.length + this.#failed.length === before) {
      throw badInput('no-source', `${name}: no source of the policy matches a file of this folder`, {
        hint: this.#sourcesHint(),
      });
    }
  }

  #addOfFolder(path: string, sources: readonly Source[]): void {
    this.#attempt(printable(basename(path)), () => {
      const stat = lstatSync(path);
      this.#addJob(path, stat, this.#onlySource(path, sources));
    });
  }

  #skip(name: string, reason: string): void {
    this.#skipped.push({ file: printable(name), reason });
  }

  /** The sources whose globs match; with a forced one that alone. */
  #sourcesOf(path: string): readonly Source[] {
    const sources = sourceForFile(this.#search.policy, basename(path));
    return this.#forced === undefined ? sources : sources.filter(({ name }) => name === this.#forced?.name);
  }

  #onlySource(path: string, sources: readonly Source[]): Source {
    const name = printable(basename(path));
    const [source, ...others] = sources;
    if (source === undefined) {
      const hint = `--source NAME loads it as that source; ${this.#sourcesHint()}`;
      throw badInput('no-source', `${name}: no source of the policy matches this file name`, { hint });
    }
    if (others.length === 0) return source;
    const names = sources.map((one) => one.name).join(', ');
    throw badInput('several-sources', `${name}: more than one source matches this file name`, {
      hint: `--source NAME says which: ${names}`,
    });
  }

  #sourcesHint(): string {
    const names = Object.keys(this.#search.policy.sources);
    return names.length === 0 ? 'the policy has no sources' : `sources: ${names.join(', ')}`;
  }

  #addJob(path: string, stat: Stats, source: Source): void {
    const { takenAt, now } = this.#search;
    const modified = instantOf(Math.floor(stat.mtimeMs / 1000));
    // A file is not younger than the moment of the run, whatever its clock said.
    const told = takenAt ?? takenAtFromName(source, basename(path));
    this.#jobs.push({
      path,
      name: printable(basename(path)),
      source,
      takenAt: told ?? (modified < now ? modified : now),
      isTimeTold: told !== undefined,
      size: stat.size,
    });
  }

  #attempt(file: string, fn: () => void): void {
    try {
      fn();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#failed.push({ file, error });
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
