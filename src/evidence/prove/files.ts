import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { printable } from '../../base/mask.ts';
import { Unsearchable, type UnsearchedCode } from './content.ts';
import { attempt, OpenFile } from './open-file.ts';
import type { Hit, PatternSearch, SearchStream } from './search.ts';
import { type Layer, type LayerReader, readLayers, UNPACK_LIMITS, type UnpackLimits } from './unpack.ts';

/** Where in the files that somebody named something lies. */
export interface FilePlace {
  /** A path that may be shown: a name in which something was found gives way to its inode. */
  readonly file: string;
  readonly kind: Layer['kind'] | 'file name';
  readonly entries: Layer['entries'];
}

/** An erased value in a file or in its name; `offset` counts in the bytes of its layer. */
export interface FileHit extends Hit, FilePlace {}

/** What was not searched, or not to its end. */
export interface Unsearched extends FilePlace {
  readonly code: UnsearchedCode;
}

/** What files are searched for, and who is told. */
export interface FileSearch {
  readonly search: PatternSearch;
  readonly onHit: (hit: FileHit) => void;
  readonly onNotSearched: (unsearched: Unsearched) => void;
  readonly limits?: UnpackLimits;
}

/** Regular files met, and bytes searched, unpacked ones among them. */
export interface FileCounts {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Searches a file, or every file below a folder: names, bytes as they are, and what gzip and zip hold.
 * Symbolic links are not followed. Whatever could not be searched is told, never passed over.
 */
export async function searchPath(path: string, search: FileSearch): Promise<FileCounts> {
  const walk = new Walk(search);
  const cut = path.replace(/(?<=.)\/+$/, '');
  const name = cut.slice(cut.lastIndexOf('/') + 1);
  await walk.visit(Buffer.from(cut), printable(cut.slice(0, cut.length - name.length)), Buffer.from(name));
  return { files: walk.files, bytes: walk.bytes };
}

class Walk {
  files = 0;
  bytes = 0;
  readonly #to: FileSearch;
  readonly #stream: SearchStream;

  constructor(to: FileSearch) {
    this.#to = to;
    this.#stream = to.search.stream(() => {});
  }

  /** Searches what a path names; `above` is the part before the name, as it may be shown. */
  async visit(path: Buffer, above: string, name: Buffer): Promise<void> {
    const known = statOf(path);
    const file = this.#searchName(above, name, known);
    try {
      if (known instanceof Unsearchable) throw known;
      if (known.isDirectory()) await this.#visitFolder(path, file);
      else if (known.isFile()) await this.#searchFile(path, file);
      else throw new Unsearchable(known.isSymbolicLink() ? 'symlink' : 'special');
    } catch (cause) {
      if (!(cause instanceof Unsearchable)) throw cause;
      this.#to.onNotSearched({ file, kind: 'file', entries: [], code: cause.code });
    }
  }

  /** Names are searched as bytes: not all of them are UTF-8. Gives the path as it may be shown. */
  #searchName(above: string, name: Buffer, known: Stats | Unsearchable): string {
    const hits: Hit[] = [];
    this.#to.search.scan(name, (hit) => hits.push(hit));
    const inode = known instanceof Unsearchable ? 'unknown' : known.ino;
    const file = `${above}${hits.length === 0 ? printable(name.toString('utf8')) : `[inode ${inode}]`}`;
    for (const hit of hits) this.#to.onHit({ ...hit, file, kind: 'file name', entries: [] });
    return file;
  }

  async #visitFolder(path: Buffer, file: string): Promise<void> {
    const names = attempt(() => readdirSync(path, { encoding: 'buffer' })).sort(Buffer.compare);
    const above = file.endsWith('/') ? file : `${file}/`;
    for (const name of names) await this.visit(Buffer.concat([path, SLASH, name]), above, name);
  }

  async #searchFile(path: Buffer, file: string): Promise<void> {
    this.files += 1;
    const opened = OpenFile.open(path);
    try {
      await readLayers(opened, this.#readerOf(file), this.#to.limits ?? UNPACK_LIMITS);
    } finally {
      opened.close();
    }
  }

  #readerOf(file: string): LayerReader {
    return {
      begin: (layer) => this.#stream.begin((hit) => this.#to.onHit({ ...hit, ...layer, file }), 'closed'),
      push: (bytes) => {
        this.bytes += bytes.length;
        this.#stream.push(bytes);
      },
      end: () => this.#stream.end(),
      notSearched: (layer, { code }) => this.#to.onNotSearched({ ...layer, file, code }),
    };
  }
}

const SLASH = Buffer.from('/');

function statOf(path: Buffer): Stats | Unsearchable {
  try {
    return attempt(() => lstatSync(path));
  } catch (cause) {
    if (cause instanceof Unsearchable) return cause;
    throw cause;
  }
}
