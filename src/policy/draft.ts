import type { Finding } from './findings.ts';
import { fillKinds } from './kinds.ts';
import type { CategoryFile, IdentifierKindFile, PolicyFile } from './schema.ts';
import type { SourceFile } from './schema-sources.ts';
import type { IdentifierKind } from './types.ts';

/** The parts of a policy file that have the right shape, so that rules can judge them while others are broken. */
export interface Draft {
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly categories: ReadonlyMap<string, CategoryFile>;
  readonly recipients: ReadonlyMap<string, NonNullable<PolicyFile['recipients']>[string]>;
  readonly backups: ReadonlyMap<string, NonNullable<PolicyFile['backups']>[string]>;
  readonly identifiers: ReadonlyMap<string, IdentifierKindFile>;
  readonly staff: ReadonlyMap<string, NonNullable<PolicyFile['staff']>[string]>;
  /** Undefined where it is left out or broken. */
  readonly fourEyes: PolicyFile['four_eyes'];
  readonly intake: PolicyFile['intake'];
  /** Built in and own kinds that can be judged. */
  readonly kinds: Readonly<Record<string, IdentifierKind>>;
  /** Every name that the section has, broken or not; undefined where the section itself is broken or missing. */
  readonly names: (section: keyof PolicyFile) => ReadonlySet<string> | undefined;
  /** False where a source is broken: then nothing can be said of what no source has. */
  readonly hasAllSources: boolean;
}

/** Sets the broken parts of a policy file aside. */
export function draftOf(value: unknown, shapeFaults: readonly Finding[]): Draft {
  const broken = new Set(shapeFaults.map(({ path }) => JSON.stringify(path.slice(0, 2))));
  const isBroken = (...path: string[]): boolean => broken.has(JSON.stringify(path));
  const section = (name: keyof PolicyFile): Readonly<Record<string, unknown>> | undefined => {
    const content = isMap(value) ? value[name] : undefined;
    return isMap(content) ? content : undefined;
  };
  // Shape faults were looked for in every entry, so those without any have the type.
  const sound = <Entry>(name: keyof PolicyFile): ReadonlyMap<string, Entry> =>
    new Map(Object.entries(section(name) ?? {}).filter(([entry]) => !isBroken(name, entry))) as ReadonlyMap<
      string,
      Entry
    >;
  const whole = (name: keyof PolicyFile) => {
    const isSound = shapeFaults.every(({ path }) => path[0] !== name);
    return isSound ? section(name) : undefined;
  };
  const sources = sound<SourceFile>('sources');
  const identifiers = sound<IdentifierKindFile>('identifiers');
  return {
    sources,
    identifiers,
    categories: sound('categories'),
    recipients: sound('recipients'),
    backups: sound('backups'),
    staff: sound('staff'),
    fourEyes: whole('four_eyes') as PolicyFile['four_eyes'],
    intake: whole('intake') as PolicyFile['intake'],
    kinds: fillKinds(Object.fromEntries(identifiers)),
    names: (name) => {
      if (section(name) !== undefined) return new Set(Object.keys(section(name) ?? {}));
      // A section that may be left out has no names then.
      const isLeftOut = isMap(value) && value[name] === undefined && name !== 'categories';
      return isLeftOut ? new Set() : undefined;
    },
    hasAllSources:
      section('sources') !== undefined && sources.size === Object.keys(section('sources') ?? {}).length,
  };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
