import { ExitCode } from '../../../base/errors.ts';
import { awaitedSources } from '../../../evidence/backup/awaited-sources.ts';
import { type Last, type Status, type StatusFacts, statusOf, type Trouble } from '../../../reports/status.ts';
import { searchedMembers, searchedSources } from '../../../requests/searched.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { SearchedSource } from '../../../store/registers.ts';
import type { Reader } from '../../../store/store.ts';
import type { CommandContext } from '../../context.ts';
import type { LocalTime } from '../../local-time.ts';
import type { Output } from '../../output.ts';

export interface StatusInput {
  readonly check: boolean;
}

export async function run(context: CommandContext, { check }: StatusInput): Promise<ExitCode> {
  const ledger = await context.openLedger('read');
  const { facts, imports } = await ledger.store.read(async (tx) => ({
    facts: await factsOf(tx, ledger),
    imports: await tx.imports(),
  }));
  const status = statusOf(facts);
  const sources = searchedSources(ledger, imports);
  for (const trouble of status.troubles) context.output.warn(WORDS[trouble]);
  context.output.result(statusMembers(status, sources), () => renderStatus(context.output, status, sources));
  return check && status.troubles.length > 0 ? ExitCode.attention : ExitCode.done;
}

async function factsOf(tx: Reader, ledger: Ledger): Promise<StatusFacts> {
  const { bytesPending, createdAt } = await tx.info();
  return {
    now: ledger.now,
    zone: ledger.policy.controller.zone,
    requests: await tx.entries('request'),
    orders: await tx.entries('work-order'),
    purges: await tx.entries('purge'),
    proofs: await tx.entries('proof'),
    setAside: await tx.entries('set-aside'),
    checkpoints: await tx.entries('checkpoint'),
    backups: await tx.entries('backup'),
    journal: (await tx.entries('journal')).at(-1),
    restores: await tx.entries('restore'),
    bytesPending,
    createdAt,
    awaitedSources: await awaitedSources(tx, ledger.policy),
  };
}

const WORDS: Readonly<Record<Trouble, string>> = {
  'requests-overdue': 'requests are overdue: dsr request list --overdue',
  'bytes-pending': 'erased bytes wait for a scrub: dsr purge',
  'erasures-unproven': 'erased bytes were scrubbed and not proven: dsr prove',
  'residue-found': 'residue of an erased person was found: dsr prove shows where',
  'still-upstream': 'rows that were ordered away are still there upstream: dsr work list',
  'rows-waiting': 'rows of erased people wait for a decision: dsr suppression list',
  'checkpoint-kept-back': 'no checkpoint has left the machine for a week: dsr audit checkpoint',
  'journal-old': 'the newest journal is a week old or more: dsr journal',
  'backups-over': 'backups are past their last day: delete their files, then dsr purge',
  'answers-blocked': 'answers wait for fresh imports since the ledger was restored: dsr imports',
};

function statusMembers(status: Status, sources: readonly SearchedSource[]): Record<string, unknown> {
  const { requests, erasures, orders, rowsWaiting, purge, checkpoint, backup, journal } = status;
  return {
    ok: status.troubles.length === 0,
    troubles: status.troubles,
    requests: { open: requests.open, due_within_7_days: requests.dueSoon, overdue: requests.overdue },
    erasures,
    orders: { open: orders.open, oldest_days: orders.oldestDays ?? null, still_there: orders.stillThere },
    rows_waiting: rowsWaiting,
    // What is due is known only by a look at every row: dsr purge --dry-run.
    purge: { ...lastMembers(purge), due: null },
    imports: sources.map(searchedMembers),
    checkpoint: lastMembers(checkpoint),
    backup: { ...lastMembers(backup), kept: backup.kept, over: backup.over },
    journal: lastMembers(journal),
    recovered: status.recovered,
    awaited_sources: status.awaitedSources,
  };
}

function lastMembers({ at, days }: Last): Record<string, unknown> {
  return { last_at: at ?? null, age_days: days ?? null };
}

function renderStatus(output: Output, status: Status, sources: readonly SearchedSource[]): string {
  const { requests, erasures, orders, backup } = status;
  const { clock } = output;
  const rows = [
    ['requests', `${requests.open} open, ${requests.dueSoon} due within 7 days, ${requests.overdue} overdue`],
    [
      'erasures',
      `${erasures.pending} pending, ${erasures.scrubbed} scrubbed, ${erasures.unproven} unproven, ${erasures.residue} with residue, ${erasures.proven} proven`,
    ],
    ['orders upstream', `${orders.open} open${agePart(orders.oldestDays)}, ${orders.stillThere} still there`],
    ['rows set aside', `${status.rowsWaiting} waiting`],
    ['last purge that erased', `${lastWords(clock, status.purge)}; what is due now: dsr purge --dry-run`],
    ...sources.map(({ source, takenAt, days }) => [
      `import of ${source}`,
      takenAt === undefined ? 'never' : `export of ${clock.words(takenAt)}, ${days ?? 0} days old`,
    ]),
    ['checkpoint', lastWords(clock, status.checkpoint)],
    ['backup', `${lastWords(clock, backup)}, ${backup.kept} kept, ${backup.over} past their last day`],
    ['journal', lastWords(clock, status.journal)],
    ...(status.awaitedSources.length > 0
      ? [['answers', `blocked until exports were loaded of: ${status.awaitedSources.join(', ')}`]]
      : []),
    ...(status.recovered ? [['log', 'recovered: dsr audit verify names what was lost']] : []),
  ];
  return output.table(['what', 'how it stands'], rows);
}

function agePart(days: number | undefined): string {
  return days === undefined ? '' : `, the oldest for ${days} days`;
}

function lastWords(clock: LocalTime, { at, days }: Last): string {
  return at === undefined ? 'never' : `${clock.words(at)}, ${days ?? 0} days ago`;
}
