import type { Json } from '../../base/json.ts';
import { type ReachHasher, rowIdentifier, tagOfReach } from '../../people/digests.ts';
import type { Identifier } from '../../people/identifier.ts';
import { partiesOf } from '../../people/identities.ts';
import { tableSource } from '../../policy/find.ts';
import type { Policy } from '../../policy/types.ts';
import type { RowAbout } from './hits.ts';
import { isOwnWord } from './own-words.ts';
import type { Row } from './row.ts';
import { StoredLineOwners } from './stored-lines.ts';

/** Tables whose every row is needed before those of others can be understood; they are read first. */
export const FACT_TABLES: readonly string[] = ['source', 'layout'];

/** Tables that hold names of the controller's own: columns, sources, the policy, the schema. */
const WORD_TABLES = new Set(['sqlite_schema', 'meta', 'policy', ...FACT_TABLES]);

/** What the rows of a ledger mean: whom they are about, and which identifiers they hold. */
export class LedgerFacts {
  readonly #hasher: ReachHasher;
  readonly #sources = new Map<number, string>();
  readonly #layouts = new Map<number, readonly string[]>();
  readonly #policy: Policy;
  #lines: StoredLineOwners | undefined;

  constructor(hasher: ReachHasher, policy: Policy) {
    this.#hasher = hasher;
    this.#policy = policy;
  }

  /** Takes a row of a table of `FACT_TABLES`. */
  learn(table: string, row: Row): void {
    const id = row.integer('id') ?? 0;
    if (table === 'source') this.#sources.set(id, row.text('name') ?? '');
    else if (table === 'layout') this.#layouts.set(id, listOf(row.text('columns')).map(String));
  }

  /** Whom a row is about; `at` is the byte of its record where something was found. */
  aboutOf(table: string, row: Row, at: number): RowAbout {
    if (WORD_TABLES.has(table)) return { is: 'words' };
    switch (table) {
      case 'record':
      case 'change':
        return this.#aboutRecord(table, row);
      case 'block':
        return this.aboutLine(row, undefined);
      case 'register':
        return isOwnWord(row, at) ? { is: 'words' } : aboutEntry(row);
      case 'import':
        if (row.columnAt(at)?.column === 'file') return { is: 'file-name' };
        return isOwnWord(row, at) ? { is: 'words' } : { is: 'nobodys' };
      case 'audit':
      case 'suppression':
        return isOwnWord(row, at) ? { is: 'words' } : { is: 'nobodys' };
      default:
        return { is: 'nobodys' };
    }
  }

  /** A line of a block; its owner is left open where it cannot be told. */
  aboutLine(block: Row, owner: number | undefined): RowAbout {
    return { is: 'line', source: this.#sourceOf(block), owner };
  }

  /** Whose the line is that lies in `lines[from, to)` of a block. */
  ownerOf(block: Row, lines: Buffer, from: number, to: number): (Identifier & { tag: number }) | undefined {
    this.#lines ??= new StoredLineOwners(this.#policy, this.#hasher);
    return this.#lines.ownerOf(this.#sourceOf(block), lines, from, to);
  }

  /** Tags of the identifiers by which a row is reached. */
  reachTags(row: Row): readonly number[] {
    const reach = row.bytes('reach') ?? Buffer.alloc(0);
    return Array.from({ length: Math.floor(reach.length / 8) }, (_, nth) =>
      tagOfReach(reach.readDoubleLE(nth * 8)),
    );
  }

  /** The identifiers that a row holds as whole fields: of records under the policy in force, of registers those that staff named. */
  identifiersOf(table: string, row: Row): readonly Identifier[] {
    if (table === 'register') {
      const { identifier, asked } = objectOf(row.text('body'));
      return [identifier, asked].filter(isIdentifier);
    }
    return table === 'record' || table === 'change' ? this.#identifiersOfRecord(row) : [];
  }

  #aboutRecord(table: 'record' | 'change', row: Row): RowAbout {
    const source = this.#sourceOf(row);
    const key = row.text('key');
    const own = key === undefined ? [] : [this.#hasher.tag(rowIdentifier(source, key))];
    return {
      is: 'record',
      record: row.integer(table === 'record' ? 'id' : 'record') ?? 0,
      source,
      retainedFor: table === 'record' ? row.integer('retained_for') : undefined,
      tags: [...this.reachTags(row), ...own],
    };
  }

  #identifiersOfRecord(row: Row): readonly Identifier[] {
    const source = tableSource(this.#policy, this.#sourceOf(row));
    if (source === undefined) return [];
    const columns = this.#layouts.get(row.integer('layout') ?? 0) ?? [];
    const values = listOf(row.text('body'));
    const imported = new Map<string, Json>(columns.map((column, nth) => [column, values[nth] ?? null]));
    const corrected = new Map([...imported, ...overlaysOf(row)]);
    return [imported, corrected]
      .flatMap((fields) => partiesOf(source, this.#policy, fields))
      .flatMap(({ identifiers }) => identifiers.map(({ identifier }) => identifier));
  }

  #sourceOf(row: Row): string {
    return this.#sources.get(row.integer('source') ?? 0) ?? '';
  }
}

function aboutEntry(row: Row): RowAbout {
  return { is: 'entry', kind: row.text('kind') ?? '', subject: row.integer('subject') };
}

function overlaysOf(row: Row): readonly (readonly [string, Json])[] {
  const overlays = listOf(row.text('overlays') ?? '[]') as readonly {
    readonly field: string;
    readonly new: Json;
  }[];
  return overlays.map(({ field, new: value }) => [field, value]);
}

function isIdentifier(value: unknown): value is Identifier {
  const { kind, value: text } = (value ?? {}) as Partial<Identifier>;
  return typeof kind === 'string' && typeof text === 'string';
}

function listOf(text: string | undefined): readonly Json[] {
  const value = parsed(text);
  return Array.isArray(value) ? value : [];
}

function objectOf(text: string | undefined): { readonly [key: string]: unknown } {
  const value = parsed(text);
  return typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown }) : {};
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
