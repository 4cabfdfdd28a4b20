import type { LedgerHit, RowAbout } from './hits.ts';

/** Contract with the reader of a proof: only residue fails it. */
export type HitClass = 'retained' | 'another' | 'residue';

/** Why something of an erased person is still there. */
export type Remaining = 'held' | 'left-to-another';

/** What has to be known of a request to judge what was found of it. */
export interface RequestContext {
  readonly request: number;
  /** The erased person, under every number they have had. */
  readonly subjects: ReadonlySet<number>;
  /** Tags of their identifiers, and of the keys of their rows (`rowIdentifier`). */
  readonly tags: ReadonlySet<number>;
  /** Rows of theirs that stay as they are, by record id. */
  readonly records: ReadonlyMap<number, Remaining>;
  /** Log sources whose lines of theirs stay. */
  readonly lines: ReadonlyMap<string, Remaining>;
}

/**
 * Whose a hit is. Retained: rows kept for the person, held rows and lines, their request files. Another's:
 * live rows and lines that no identifier of theirs leads to, or that the policy leaves to another party, and
 * the words of program and policy. Residue: all else, so whatever lies in no live row.
 */
export function classifyHit({ place, value }: LedgerHit, context: RequestContext): HitClass {
  return typeof place === 'string' ? 'residue' : classOfRow(place.about, value === undefined, context);
}

function classOfRow(about: RowAbout, isIdentifier: boolean, context: RequestContext): HitClass {
  switch (about.is) {
    case 'record':
      return classOfRecord(about, context);
    case 'line':
      return classOfLine(about, context);
    case 'entry':
      return classOfEntry(about, context);
    case 'file-name':
      return isIdentifier ? 'residue' : 'another';
    case 'words':
      return 'another';
    case 'nobodys':
      return 'residue';
  }
}

const CLASS_OF: Readonly<Record<Remaining, HitClass>> = { held: 'retained', 'left-to-another': 'another' };

function classOfRecord(
  { record, retainedFor, tags }: Extract<RowAbout, { is: 'record' }>,
  context: RequestContext,
): HitClass {
  if (retainedFor !== undefined && context.subjects.has(retainedFor)) return 'retained';
  const remaining = context.records.get(record);
  if (remaining !== undefined) return CLASS_OF[remaining];
  return tags.some((tag) => context.tags.has(tag)) ? 'residue' : 'another';
}

function classOfLine(
  { source, owner }: Extract<RowAbout, { is: 'line' }>,
  context: RequestContext,
): HitClass {
  if (owner === undefined) return 'residue';
  if (!context.tags.has(owner)) return 'another';
  const remaining = context.lines.get(source);
  return remaining === undefined ? 'residue' : CLASS_OF[remaining];
}

function classOfEntry(
  { kind, subject }: Extract<RowAbout, { is: 'entry' }>,
  context: RequestContext,
): HitClass {
  const isTheirs = subject !== undefined && context.subjects.has(subject);
  if (subject !== undefined && !isTheirs) return 'another';
  // A request file has its own period, also one that found nobody; its letters are part of it.
  if (kind === 'request' || kind === 'letter') return 'retained';
  // By what staff linked is a held rest found again.
  return kind === 'decision' && isTheirs && isAnythingHeld(context) ? 'retained' : 'residue';
}

function isAnythingHeld({ records, lines }: RequestContext): boolean {
  return [...records.values(), ...lines.values()].includes('held');
}
