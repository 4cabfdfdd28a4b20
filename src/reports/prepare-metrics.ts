import { requestName } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { auditEntries } from '../evidence/audit/entries.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Reader } from '../store/store.ts';
import type { RequestCase } from './cases.ts';
import { LogCases } from './log-cases.ts';
import { type Difference, listDifferences, metricsTable } from './metrics.ts';
import { registerCase } from './register-cases.ts';
import type { Period, Table } from './table.ts';

/** The regime whose rule asks for the figures (11 CCR §7102). */
export const METRICS_REGIME = 'ccpa';

/** The figures of a period, and whether the register says the same as the audit log that they were made of. */
export interface Metrics {
  readonly table: Table;
  readonly regimes: readonly string[];
  readonly differences: readonly Difference[];
}

/** Recomputes the figures from the audit log alone, and compares every request with the register. */
export async function prepareMetrics(
  tx: Reader,
  { policy }: Pick<Ledger, 'policy'>,
  period: Period,
  regimes: readonly string[],
): Promise<Metrics> {
  const { zone } = policy.controller;
  const log = await casesOfLog(tx, zone);
  const requests = await tx.entries('request');
  const register = new Map(requests.map((request) => [request.id, registerCase(request, zone)]));
  const ended = await endedFiles(tx, log, register);
  return {
    table: metricsTable(log.values(), { period, regimes }),
    regimes,
    differences: listDifferences(log, register, (request) => ended.has(request)),
  };
}

async function casesOfLog(tx: Reader, zone: string): Promise<ReadonlyMap<number, RequestCase>> {
  const log = new LogCases(zone);
  for await (const row of auditEntries(tx)) log.read(row);
  return log.cases;
}

/** Requests of the log whose file has ended: they count in the figures all the same. */
async function endedFiles(
  tx: Reader,
  log: ReadonlyMap<number, RequestCase>,
  register: ReadonlyMap<number, RequestCase>,
): Promise<ReadonlySet<number>> {
  const ended = new Set<number>();
  for (const request of log.keys())
    if (!register.has(request) && (await tx.isSpent('request', request))) ended.add(request);
  return ended;
}

/** Members whose name in JSON is another. */
const NAMES: Readonly<Partial<Record<Difference['member'], string>>> = {
  receivedOn: 'received_on',
  respondedOn: 'responded_on',
};

/** What the figures say of themselves, beside their rows. */
export function metricsMembers({ regimes, differences }: Metrics): { readonly [name: string]: Json } {
  return {
    regimes,
    recomputed_from: 'audit-log',
    equal: differences.length === 0,
    differences: differences.map(({ request, member, log, register }) => ({
      request: requestName(request),
      member: NAMES[member] ?? member,
      log: log ?? null,
      register: register ?? null,
    })),
  };
}
