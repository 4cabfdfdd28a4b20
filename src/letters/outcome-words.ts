import { dateIn, type PlainDate } from '../base/time.ts';
import type { Policy } from '../policy/types.ts';
import type { AppliedGroup, BytesState, Request, WorkAction, WorkOrder } from '../store/registers.ts';
import { exceptionWords } from './exceptions.ts';
import type { KeptBackup, KeptOwn, LetterFacts } from './facts.ts';
import type { LetterEntry } from './vocabulary.ts';
import { counted, dateWords, periodWords, series } from './words.ts';

/** What a request that was carried out comes to, line by line, as the ledger stands. */
export function outcomeLines(facts: LetterFacts): {
  readonly given: readonly LetterEntry[];
  readonly done: readonly LetterEntry[];
  readonly orders: readonly LetterEntry[];
  readonly remains: readonly LetterEntry[];
  readonly withheld: readonly LetterEntry[];
} {
  const { policy, request } = facts;
  const outcome = request.outcome;
  const applied = outcome?.applied ?? [];
  return {
    given: groupLines(policy, applied, (action) => (action === 'give' ? '' : undefined)),
    done: groupLines(policy, applied, (action, isLog) => (isLog ? LOG_DONE : DONE)[action]),
    orders: orderLines(facts),
    remains: (outcome?.remains ?? []).map((remain) => ({
      what: `${sourceWords(policy, remain.source)}, ${countWords(policy, remain.source, remain.count)}`,
      fields: series(remain.fields),
      why: exceptionWords(remain.basis, request.regime).why,
      exception: exceptionWords(remain.basis, request.regime).code,
      until: remainsUntil(remain.until, remain.basis),
    })),
    withheld: (outcome?.withheld ?? []).map(({ source, field, type, rule }) => ({
      line: `${type} (${sourceWords(policy, source)}, ${field}): ${rule}`,
    })),
  };
}

const DONE: Readonly<Record<string, string | undefined>> = {
  erase: 'erased here',
  anonymise: 'made anonymous here',
  retain: 'cut here to what has to stay',
  change: 'corrected here',
  restrict: 'set apart here: stored, and no longer used',
};

const LOG_DONE: Readonly<Record<string, string | undefined>> = {
  ...DONE,
  anonymise: 'erased here; counts stay, which are nobody’s',
};

type DoneWords = (action: string, isLog: boolean) => string | undefined;

function groupLines(policy: Policy, applied: readonly AppliedGroup[], words: DoneWords): LetterEntry[] {
  const alike = Map.groupBy(applied, ({ source, action }) => JSON.stringify([source, action]));
  return [...alike.values()].flatMap((groups) => {
    const count = groups.reduce((sum, group) => sum + group.count, 0);
    return groups.slice(0, 1).flatMap(({ source, action }) => {
      const done = words(action, policy.sources[source]?.type === 'log');
      if (done === undefined || count === 0) return [];
      const held = `${sourceWords(policy, source)}: ${countWords(policy, source, count)}`;
      return [{ line: done === '' ? held : `${held} ${done}` }];
    });
  });
}

/** `Your account (users)`: the category as the notice calls it, and the table or log. */
export function sourceWords(policy: Policy, name: string): string {
  const category = policy.sources[name]?.category ?? name;
  return `${policy.categories[category]?.title ?? category} (${name})`;
}

function countWords(policy: Policy, source: string, count: number): string {
  return counted(count, policy.sources[source]?.type === 'log' ? 'log line' : 'row');
}

function remainsUntil(until: PlainDate | undefined, basis: string): string {
  if (until !== undefined) return dateWords(until);
  return basis === 'legal-hold' ? 'the proceeding is over' : 'the other person has it deleted';
}

const ORDERED: Readonly<Record<WorkAction, string>> = {
  delete: 'to be deleted',
  change: 'to be corrected',
  'keep-fields': 'to be cut to what has to stay',
  anonymise: 'to be made anonymous',
  'end-sign-in': 'sign-in to be ended',
};

/** What the systems upstream have been told, and what has been seen of it since: ordered is never done. */
function orderLines({ policy, request, orders, today }: LetterFacts): readonly LetterEntry[] {
  const alike = Map.groupBy(orders, ({ source, action, state, confirmedBy }) =>
    JSON.stringify([source, action, state, confirmedBy]),
  );
  return [...alike.values()].flatMap((own) =>
    own.slice(0, 1).map((order) => ({
      line: `${sourceWords(policy, order.source)}: ${counted(own.length, 'entry', 'entries')} ${ORDERED[order.action]}; ${orderState(order, request, policy.controller.zone, today)}`,
    })),
  );
}

function orderState(order: WorkOrder, { dueOn }: Request, zone: string, today: PlainDate): string {
  if (order.state === 'confirmed')
    return order.confirmedBy === 'staff'
      ? 'done, as our staff have confirmed'
      : 'done, as a later export shows';
  if (order.state === 'cancelled') return 'no longer ordered';
  if (order.state === 'ended') return 'no longer needed';
  const ordered = `ordered on ${dateWords(dateIn(order.orderedAt, zone))}, not yet confirmed`;
  return dueOn !== undefined && dueOn >= today
    ? `${ordered}, to be done by ${dateWords(dueOn)}`
    : `${ordered}, to be done without delay`;
}

/** What is known of the bytes of what was erased; nothing where nothing was. */
export const BYTES_WORDS: Readonly<Record<BytesState, string>> = {
  'not-needed': '',
  pending:
    'Traces of what was erased here may still lie in our files; they are rewritten when the next purge is run.',
  scrubbed: 'The files have been rewritten since; we have not yet looked whether anything is left in them.',
  proven:
    'The files have been rewritten since. We have looked for what was erased, byte by byte, and found none of it that may not be there.',
  residue:
    'We have looked for what was erased, byte by byte, and found traces that should not be there. We are seeing to them.',
};

const KEPT: Readonly<Record<string, (count: number) => string>> = {
  'request-file': () => 'the file of your request: what was asked, done and written',
  fingerprints: () =>
    'keyed digests by which we can look for what was erased; nobody can read it out of them',
  'work-orders': (count) => `${counted(count, 'open order')} to our systems, sealed`,
  'suppression-digests': (count) =>
    `${counted(count, 'keyed digest')} of identifiers, so that an old export or backup does not bring the data back`,
  'set-aside-rows': (count) => `${counted(count, 'row')} that an export has brought back, set aside`,
};

/** One thing that is kept of a request, with its end. */
export function keptLine({ what, count, until }: KeptOwn): LetterEntry {
  return { line: `${(KEPT[what] ?? (() => what))(count)}, until ${endWords(until)}` };
}

function endWords(until: string | null): string {
  if (until === null) return 'our staff end it';
  if (until === 'confirmed') return 'our service has carried them out';
  const period = /^closed\+(.+)$/.exec(until)?.[1];
  return period === undefined ? dateWords(until) : `${periodWords(period)} after your request is closed`;
}

/** One backup that still holds copies. */
export function backupLine({ of, name, over_on }: KeptBackup): LetterEntry {
  const what =
    of === 'ledger' ? 'a backup of the system in which we carry out requests' : `backup ${name ?? ''}`;
  const end =
    over_on === null
      ? 'until it is replaced after our service has carried out the orders'
      : `until ${dateWords(over_on)}`;
  return { line: `${what.trim()}, ${end}` };
}
