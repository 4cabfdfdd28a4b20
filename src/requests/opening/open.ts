import { refused, UserError } from '../../base/errors.ts';
import type { PlainDate } from '../../base/time.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { AccessLevel, ParentalAction, Request, RequestType } from '../../store/registers.ts';
import type { Reader, Writer } from '../../store/store.ts';
import { requireRole } from '../approval/staff.ts';
import { type Deadlines, deadlinesOf } from '../clock/clock.ts';
import type { Who } from '../subject.ts';
import { type PossibleDuplicate, possibleDuplicates } from './duplicates.ts';
import { askedDigest, type ForeignAsking } from './foreign.ts';
import {
  addRequests,
  askedUnder,
  groupedFacts,
  openingFacts,
  type Prepared,
  prepareOpening,
} from './opening.ts';

/** What came in: a mail, a row of a form, a message of a protocol. */
export interface Opening {
  /** What is asked for; each becomes a request of its own. */
  readonly types: readonly RequestType[];
  /** Everything by which the one person is named, the strongest first; an unclear mail may name nobody. */
  readonly who: readonly Who[];
  readonly receivedOn: PlainDate | undefined;
  readonly regime: string | undefined;
  readonly channel: string | undefined;
  readonly requester: string;
  readonly level: AccessLevel;
  readonly parental: ParentalAction | undefined;
  readonly parent: Who | undefined;
  readonly note: string | undefined;
  readonly foreign?: ForeignAsking | undefined;
}

/** What became of one opening. */
export interface Opened {
  /** One for each type, in the order in which they are worked on. */
  readonly requests: readonly Request[];
  /** They were here already, under the same foreign id. */
  readonly isRepeated: boolean;
  /** Open requests of the same person for the same. */
  readonly possibleDuplicates: readonly PossibleDuplicate[];
}

/** An opening that a rule refuses, by its place in the list. */
export interface OpeningFault {
  readonly index: number;
  readonly error: UserError;
}

/** Throws where the faults are to undo all of it; else what has none stays open. */
export type OnFaults = (faults: readonly OpeningFault[], opened: number) => void;

/** Opens the one request of an opening, or the first of several. */
export async function openRequest(ledger: Ledger, opening: Opening): Promise<Request> {
  const [request] = (await openOne(ledger, opening)).requests;
  if (request === undefined) throw new Error('an opening has a type');
  return request;
}

/**
 * Opens what one mail asks for, with its clock running. Where nobody is known by the identifier the request
 * stands all the same, to be answered "nothing held"; two candidates stop it.
 */
export async function openOne(ledger: Ledger, opening: Opening): Promise<Opened> {
  const [opened] = await openAll(ledger, [opening]);
  if (opened === undefined) throw new Error('an opening that is refused throws');
  return opened;
}

/**
 * Opens many at once, in one act. What was opened before under the same foreign id is given back as it stands,
 * and where nothing is new nothing is written. The result is in the order of the openings, without those at fault.
 */
export async function openAll(
  ledger: Ledger,
  openings: readonly Opening[],
  onFaults: OnFaults = throwFirst,
): Promise<readonly Opened[]> {
  requireRole(ledger, 'desk');
  const batch = new Batch(ledger, await deadlinesOf(ledger));
  for (const [index, opening] of openings.entries()) batch.prepare(index, opening);
  await ledger.store.read((tx) => batch.findRepeated(tx));
  if (!batch.hasNew) return batch.finish(onFaults);
  const entry = { act: batch.act, at: ledger.now, actor: ledger.actor };
  try {
    return await ledger.store.act(entry, async (tx) => {
      const added = await batch.open(tx);
      const opened = batch.finish(onFaults);
      if (added === 0) throw new NothingNew(opened);
      return opened;
    });
  } catch (error) {
    if (error instanceof NothingNew) return error.opened;
    throw error;
  }
}

/** Undoes an act in which everything new turned out to be at fault. */
class NothingNew extends Error {
  readonly opened: readonly Opened[];

  constructor(opened: readonly Opened[]) {
    super('nothing new was opened');
    this.opened = opened;
  }
}

function throwFirst([fault]: readonly OpeningFault[]): void {
  if (fault !== undefined) throw fault.error;
}

type Numbered = Prepared & { readonly index: number };

/** Openings on their way into one act. */
class Batch {
  readonly #ledger: Ledger;
  readonly #deadlines: Deadlines;
  readonly #faults: OpeningFault[] = [];
  readonly #opened = new Map<number, Opened>();
  #waiting: Numbered[] = [];

  constructor(ledger: Ledger, deadlines: Deadlines) {
    this.#ledger = ledger;
    this.#deadlines = deadlines;
  }

  get hasNew(): boolean {
    return this.#waiting.length > 0;
  }

  /** One request has an entry whose facts are its own; several share one that lists them. */
  get act(): string {
    return this.#isSingle ? 'request.opened' : 'requests.opened';
  }

  get #isSingle(): boolean {
    return this.#waiting.length === 1 && this.#waiting[0]?.types.length === 1;
  }

  prepare(index: number, opening: Opening): void {
    try {
      this.#waiting.push({ ...prepareOpening(this.#ledger, opening), index });
    } catch (error) {
      this.#note(index, error);
    }
  }

  /** Takes out what is here already. */
  async findRepeated(tx: Reader): Promise<void> {
    const fresh: Numbered[] = [];
    for (const opening of this.#waiting)
      if ((await this.#takeRepeated(tx, opening)) === 'fresh') fresh.push(opening);
    this.#waiting = fresh;
  }

  /** How many requests were added. */
  async open(tx: Writer): Promise<number> {
    const added: Request[] = [];
    for (const opening of this.#waiting) {
      if ((await this.#takeRepeated(tx, opening)) !== 'fresh') continue;
      await this.#guard(opening.index, async () => {
        const requests = await addRequests(tx, this.#ledger, opening, this.#deadlines);
        const duplicates = await possibleDuplicates(tx, this.#ledger, requests);
        this.#opened.set(opening.index, { requests, isRepeated: false, possibleDuplicates: duplicates });
        added.push(...requests);
      });
    }
    const [first] = added;
    if (this.#isSingle && first !== undefined) tx.facts({ ...openingFacts(first), request: first.id });
    else tx.facts({ opened: groupedFacts(added) });
    return added.length;
  }

  finish(onFaults: OnFaults): readonly Opened[] {
    const faults = this.#faults.toSorted((a, b) => a.index - b.index);
    onFaults(faults, this.#opened.size);
    return [...this.#opened].sort(([a], [b]) => a - b).map(([, opened]) => opened);
  }

  async #takeRepeated(tx: Reader, opening: Numbered): Promise<'fresh' | 'repeated' | 'refused'> {
    const { mark, index } = opening;
    const requests = mark === undefined ? [] : await tx.entries('request', { mark });
    if (requests.length === 0) return 'fresh';
    const asked = askedDigest(this.#ledger.keys, askedUnder(opening));
    if (requests.some(({ foreign }) => foreign?.asked !== asked)) {
      this.#faults.push({ index, error: reused() });
      return 'refused';
    }
    this.#opened.set(index, { requests, isRepeated: true, possibleDuplicates: [] });
    return 'repeated';
  }

  async #guard(index: number, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#note(index, error);
    }
  }

  #note(index: number, error: unknown): void {
    if (!(error instanceof UserError)) throw error;
    this.#faults.push({ index, error });
  }
}

function reused(): UserError {
  return refused(
    'foreign-id-reused',
    'this foreign id belongs to a request for another person or for something else',
    'one id is one request: whoever sends it has to give this one an id of its own',
  );
}
