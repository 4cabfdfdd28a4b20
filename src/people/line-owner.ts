import { decodeLogField } from '../formats/log.ts';
import { type LogField, type LogScanner, parseLogField } from '../formats/log-scanner.ts';
import { kindOf } from '../policy/find.ts';
import type { IdentifierKind, LogSource, Policy } from '../policy/types.ts';
import type { ReachHasher } from './digests.ts';
import type { Identifier } from './identifier.ts';
import { normalise } from './normalise.ts';
import { isPlain, type PlainRule, plainRule } from './plain.ts';
import type { SipState } from './siphash.ts';

/** The strongest identifier of a log line, with its tag; kind `none` where the line holds none. */
export interface LineOwner extends Identifier {
  readonly tag: number;
}

interface OwnerField {
  readonly field: LogField;
  readonly kind: IdentifierKind;
  readonly rule: PlainRule;
  readonly state: SipState;
  /** Owners by the field as it was written; undefined where that is no identifier. */
  readonly known: Map<string, LineOwner | undefined>;
}

/** As many as stay in the processor's cache. */
const MAX_KNOWN = 1 << 14;

/** Says whose a log line is: that of the strongest identifier it holds, or nobody's. */
export class LineOwners {
  readonly #nobody: LineOwner;
  readonly #fields: readonly OwnerField[];
  readonly #source: LogSource;
  readonly #hasher: ReachHasher;

  constructor(source: LogSource, policy: Pick<Policy, 'identifiers'>, hasher: ReachHasher) {
    this.#source = source;
    this.#hasher = hasher;
    this.#fields = source.identifiers.flatMap(({ kind, column }) =>
      ownerField(kindOf(policy, kind), parseLogField(column), hasher),
    );
    this.#nobody = this.#owner({ kind: 'none', value: '' });
  }

  /** The owner of the line that the scanner has just scanned. */
  ownerOf(scanner: LogScanner, bytes: Buffer): LineOwner {
    for (const field of this.#fields) {
      const owner = scanner.locate(bytes, field.field)
        ? this.#look(field, located(scanner, bytes))
        : undefined;
      if (owner !== undefined) return owner;
    }
    return this.#nobody;
  }

  /** The tag of `ownerOf`, sooner where the field is its own normal form. */
  tagOf(scanner: LogScanner, bytes: Buffer): number {
    for (const field of this.#fields) {
      if (!scanner.locate(bytes, field.field)) continue;
      const { fieldStart, fieldEnd } = scanner;
      if (isPlain(field.rule, bytes, fieldStart, fieldEnd)) {
        return this.#hasher.tagOfBytes(field.state, bytes, fieldStart, fieldEnd);
      }
      const owner = this.#look(field, located(scanner, bytes));
      if (owner !== undefined) return owner.tag;
    }
    return this.#nobody.tag;
  }

  #look(field: OwnerField, written: string): LineOwner | undefined {
    const owner = field.known.get(written);
    if (owner !== undefined || field.known.has(written)) return owner;
    if (field.known.size >= MAX_KNOWN) field.known.clear();
    const value = normalise(field.kind, decodeLogField(written, field.field, this.#source.format.encoding));
    const found = value === undefined ? undefined : this.#owner({ kind: field.kind.name, value });
    field.known.set(written, found);
    return found;
  }

  #owner(identifier: Identifier): LineOwner {
    return { ...identifier, tag: this.#hasher.tag(identifier) };
  }
}

function located(scanner: LogScanner, bytes: Buffer): string {
  return bytes.toString('latin1', scanner.fieldStart, scanner.fieldEnd);
}

function ownerField(
  kind: IdentifierKind | undefined,
  field: LogField | undefined,
  hasher: ReachHasher,
): readonly OwnerField[] {
  if (kind === undefined || field === undefined) return [];
  return [{ kind, field, rule: plainRule(kind), state: hasher.kind(kind.name), known: new Map() }];
}
