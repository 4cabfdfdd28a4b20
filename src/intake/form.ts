import { createHash } from 'node:crypto';
import { UserError, usage } from '../base/errors.ts';
import { dateIn, instantOf, type PlainDate } from '../base/time.ts';
import { compileCellDate } from '../ingest/row-date.ts';
import { REGIME_NAMES } from '../law/regimes.ts';
import { parseIdentifier } from '../people/identifier-text.ts';
import { normalise } from '../people/normalise.ts';
import { kindOf, strongestFirst } from '../policy/find.ts';
import type { FormPart, Policy } from '../policy/types.ts';
import { REQUESTERS } from '../requests/choices.ts';
import { parseTypes } from '../requests/opening/bundle.ts';
import type { Opening } from '../requests/opening/open.ts';
import { CHANNEL } from '../requests/opening/opening.ts';
import type { Who } from '../requests/subject.ts';
import type { AccessLevel, RequestType } from '../store/registers.ts';
import type { FormColumns } from './form-columns.ts';

/** What a row leaves to flags. */
export type FormDefaults = Pick<Opening, 'receivedOn' | 'regime' | 'channel' | 'requester' | 'level'> & {
  readonly types: readonly RequestType[] | undefined;
};

/** What a row asks for; its id follows once the whole file was read. */
export interface FormRow {
  readonly opening: Opening;
  /** As the form gave it; undefined where it has no ids. */
  readonly ownId: string | undefined;
  /** Whether the row itself says when it came in: then it is known again in any file. */
  readonly isDated: boolean;
}

/** A fault of one cell; `index` is its column. */
export class CellFault extends Error {
  readonly index: number | undefined;

  constructor(message: string, index: number | undefined) {
    super(message);
    this.index = index;
  }
}

/** Reads the rows of one form's file. */
export class FormReader {
  readonly #policy: Policy;
  readonly #columns: FormColumns;
  readonly #defaults: FormDefaults;
  readonly #dateOf: (cell: string) => number | undefined;

  constructor(policy: Policy, columns: FormColumns, defaults: FormDefaults) {
    this.#policy = policy;
    this.#columns = columns;
    this.#defaults = defaults;
    const format = policy.intake?.received ?? 'iso';
    this.#dateOf = compileCellDate({ column: 'received', format }, policy.controller.zone);
  }

  /** The request of a row; throws `CellFault` where a cell says nothing that can be opened. */
  read(values: readonly string[]): FormRow {
    const cell = (part: FormPart) => cellAt(values, this.#columns.parts.get(part));
    const types = this.#read('type', cell('type'), (text) => this.#typesOf(text)) ?? this.#defaults.types;
    if (types === undefined) throw this.#fault('type', 'it does not say what is asked for');
    const received = this.#read('received', cell('received'), (text) => this.#dayOf(text));
    const who = this.#whoOf(values);
    const opening = {
      types,
      who,
      receivedOn: received ?? this.#defaults.receivedOn,
      regime: this.#read('regime', cell('regime'), regimeOf) ?? this.#defaults.regime,
      channel: this.#read('channel', cell('channel'), channelOf) ?? this.#defaults.channel ?? 'web-form',
      requester: this.#read('requester', cell('requester'), requesterOf) ?? this.#defaults.requester,
      level: this.#read('level', cell('level'), levelOf) ?? this.#defaults.level,
      parental: undefined,
      parent: undefined,
      note: cell('note'),
    };
    return { opening, ownId: cell('foreign_id'), isDated: received !== undefined };
  }

  #typesOf(text: string): readonly RequestType[] {
    const known = this.#policy.intake?.types ?? {};
    const folded = text.toLowerCase();
    const [, type] = Object.entries(known).find(([words]) => words.toLowerCase() === folded) ?? [];
    return type === undefined ? parseTypes(folded, 'the type') : [type as RequestType];
  }

  #dayOf(text: string): PlainDate {
    const seconds = this.#dateOf(text);
    if (seconds === undefined || Number.isNaN(seconds)) throw usage('it is no date as the form writes them');
    return dateIn(instantOf(seconds), this.#policy.controller.zone);
  }

  /** Everything by which the row names the person, the strongest first. */
  #whoOf(values: readonly string[]): readonly Who[] {
    const id = cellAt(values, this.#columns.parts.get('id'));
    const given = this.#read('id', id, (text) => parseIdentifier(text, this.#policy));
    const columns = [...this.#columns.kinds].map(([kind, index]) => ({ kind, column: String(index) }));
    const identifiers = strongestFirst(columns, this.#policy).flatMap(({ kind, column }): readonly Who[] => {
      const index = Number(column);
      const text = cellAt(values, index);
      if (text === undefined) return [];
      const form = kindOf(this.#policy, kind);
      const value = form && normalise(form, text);
      if (value === undefined) throw new CellFault(`it is no ${kind}`, index);
      return [{ kind, value }];
    });
    return given === undefined ? identifiers : [given, ...identifiers];
  }

  #read<T>(part: FormPart, text: string | undefined, parse: (text: string) => T): T | undefined {
    if (text === undefined) return undefined;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw this.#fault(part, error.message);
    }
  }

  #fault(part: FormPart, message: string): CellFault {
    return new CellFault(message, this.#columns.parts.get(part));
  }
}

/** A cell without the spaces around it; undefined where nothing stands in it. */
function cellAt(values: readonly string[], index: number | undefined): string | undefined {
  const text = index === undefined ? '' : (values[index] ?? '').trim();
  return text === '' ? undefined : text;
}

function regimeOf(text: string): string {
  const name = text.toLowerCase();
  if (REGIME_NAMES.includes(name)) return name;
  throw usage(`no such regime; regimes: ${REGIME_NAMES.join(', ')}`);
}

function channelOf(text: string): string {
  if (CHANNEL.test(text)) return text;
  throw usage('the channel is no code such as web-form');
}

/** A parent asks by a parental review, which is opened by itself. */
const ASKING = REQUESTERS.filter((who) => who !== 'parent');

function requesterOf(text: string): string {
  const found = ASKING.find((name) => name === text.toLowerCase());
  if (found === undefined) throw usage(`who asks must be one of: ${ASKING.join(', ')}`);
  return found;
}

function levelOf(text: string): AccessLevel {
  const level = text.toLowerCase();
  if (level === 'categories' || level === 'specific') return level;
  throw usage('the level must be categories or specific');
}

/**
 * The opening with the id under which the row is known again: the form's own, or a digest of what the row says. A
 * row that does not say when it came in may be sent again another day: it is known again in the same file alone.
 */
export function identified(
  { opening, ownId, isDated }: FormRow,
  place: { readonly sha256: string; readonly line: number },
): Opening {
  const { types, level, who, receivedOn, note } = opening;
  const where = isDated ? [] : [place.sha256, place.line];
  const content = JSON.stringify([types, level, who, receivedOn, note, where]);
  const id = ownId ?? `row:${createHash('sha256').update(content).digest('hex')}`;
  return {
    ...opening,
    foreign: { protocol: 'form', sender: undefined, id, details: ownId === undefined ? {} : { ownId } },
  };
}
