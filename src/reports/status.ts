import { addPeriod } from '../base/periods.ts';
import { dateIn, daysBetween, type Instant, newestOf, oldestOf, type PlainDate } from '../base/time.ts';
import { isOverdue, isUnanswered } from '../requests/due.ts';
import { isEnded } from '../requests/transitions.ts';
import type {
  BackupEntry,
  ByteProof,
  BytesState,
  PurgeRun,
  Registers,
  Request,
  WorkOrder,
} from '../store/registers.ts';

/** All that the state of a ledger is read from. */
export interface StatusFacts {
  readonly now: Instant;
  readonly zone: string;
  readonly requests: readonly Request[];
  readonly orders: readonly WorkOrder[];
  readonly purges: readonly PurgeRun[];
  readonly proofs: readonly ByteProof[];
  readonly setAside: readonly Registers['set-aside'][];
  readonly checkpoints: readonly Registers['checkpoint'][];
  readonly backups: readonly BackupEntry[];
  readonly journal: Registers['journal'] | undefined;
  readonly restores: readonly Registers['restore'][];
  /** Erased data whose bytes are not scrubbed yet. */
  readonly bytesPending: boolean;
  /** Since when the ledger is there. */
  readonly createdAt: Instant;
  /** Sources that have to be loaded afresh before anybody is answered. */
  readonly awaitedSources: readonly string[];
}

/** Something that somebody has to see to; stable codes. */
export type Trouble =
  | 'requests-overdue'
  | 'bytes-pending'
  | 'erasures-unproven'
  | 'residue-found'
  | 'still-upstream'
  | 'rows-waiting'
  | 'checkpoint-kept-back'
  | 'journal-old'
  | 'backups-over'
  | 'answers-blocked';

/** When something was last done; no age where it never was. */
export interface Last {
  readonly at: Instant | undefined;
  readonly days: number | undefined;
}

/** The state of a ledger in counts. */
export interface Status {
  readonly requests: { readonly open: number; readonly dueSoon: number; readonly overdue: number };
  /** Erasures by what is known of their bytes. */
  readonly erasures: {
    readonly pending: number;
    /** Scrubbed, and not looked for yet. */
    readonly scrubbed: number;
    /** Scrubbed, and looked for where not all could be searched. */
    readonly unproven: number;
    readonly residue: number;
    readonly proven: number;
  };
  readonly orders: {
    readonly open: number;
    readonly oldestDays: number | undefined;
    readonly stillThere: number;
  };
  readonly rowsWaiting: number;
  readonly purge: Last;
  readonly checkpoint: Last;
  /** `over`: past their last day, and their files are the operator's to delete. */
  readonly backup: Last & { readonly kept: number; readonly over: number };
  readonly journal: Last;
  readonly recovered: boolean;
  readonly awaitedSources: readonly string[];
  readonly troubles: readonly Trouble[];
}

const WEEK = 7;

/** How the ledger stands, and what of it is wrong. */
export function statusOf(facts: StatusFacts): Status {
  const { now, zone, requests, restores, journal, purges } = facts;
  const status = {
    requests: requestCounts(requests, dateIn(now, zone)),
    erasures: erasureCounts(facts),
    orders: orderFigures(facts),
    rowsWaiting: facts.setAside.filter(({ state }) => state === 'waiting').length,
    purge: lastOf(purges, now),
    checkpoint: lastOf(facts.checkpoints, now),
    backup: backupFigures(facts),
    journal: lastOf(journal === undefined ? [] : [journal], now),
    recovered: restores.some(({ state }) => state.startsWith('recovered')),
    awaitedSources: facts.awaitedSources,
  };
  return { ...status, troubles: troublesOf(status, facts) };
}

function requestCounts(requests: readonly Request[], today: PlainDate): Status['requests'] {
  const soon = addPeriod(today, `P${WEEK}D`);
  const waiting = requests.filter(isUnanswered);
  const isSoon = ({ dueOn }: Request) => dueOn !== undefined && dueOn >= today && dueOn <= soon;
  return {
    open: requests.filter(({ state }) => !isEnded(state)).length,
    dueSoon: waiting.filter(isSoon).length,
    overdue: waiting.filter((request) => isOverdue(request, today)).length,
  };
}

function erasureCounts({ requests, proofs }: StatusFacts): Status['erasures'] {
  const having = (state: BytesState) => requests.filter(({ outcome }) => outcome?.bytes === state);
  const lookedFor = new Set(proofs.map(({ request }) => request));
  const scrubbed = having('scrubbed');
  const unproven = scrubbed.filter(({ id }) => lookedFor.has(id)).length;
  return {
    pending: having('pending').length,
    scrubbed: scrubbed.length - unproven,
    unproven,
    residue: having('residue').length,
    proven: having('proven').length,
  };
}

function orderFigures({ orders, now }: StatusFacts): Status['orders'] {
  const open = orders.filter(({ state }) => state === 'ordered');
  const oldest = oldestOf(open.map(({ orderedAt }) => orderedAt));
  return {
    open: open.length,
    oldestDays: oldest === undefined ? undefined : daysBetween(oldest, now),
    stillThere: open.filter(({ judged }) => judged?.verdict === 'still-there').length,
  };
}

function backupFigures({ backups, now, zone }: StatusFacts): Status['backup'] {
  const today = dateIn(now, zone);
  const kept = backups.filter(({ state }) => state === 'kept');
  const over = backups.filter(({ expiresOn, state }) => expiresOn < today && state !== 'expired');
  return { ...lastOf(kept, now), kept: kept.length, over: over.length };
}

function lastOf(entries: readonly { readonly at: Instant }[], now: Instant): Last {
  const at = newestOf(entries.map((entry) => entry.at));
  return { at, days: at === undefined ? undefined : daysBetween(at, now) };
}

function troublesOf(status: Omit<Status, 'troubles'>, facts: StatusFacts): readonly Trouble[] {
  const { requests, erasures, orders, checkpoint, backup, journal } = status;
  const unseenDays = checkpoint.days ?? daysBetween(facts.createdAt, facts.now);
  const holds: Readonly<Record<Trouble, boolean>> = {
    'requests-overdue': requests.overdue > 0,
    'bytes-pending': facts.bytesPending || erasures.pending > 0,
    'erasures-unproven': erasures.scrubbed + erasures.unproven > 0,
    'residue-found': erasures.residue > 0,
    'still-upstream': orders.stillThere > 0,
    'rows-waiting': status.rowsWaiting > 0,
    'checkpoint-kept-back': unseenDays >= WEEK,
    // Who never wrote one has no use for it.
    'journal-old': (journal.days ?? 0) >= WEEK,
    'backups-over': backup.over > 0,
    'answers-blocked': facts.awaitedSources.length > 0,
  };
  return (Object.keys(holds) as Trouble[]).filter((trouble) => holds[trouble]);
}
