import type { Json } from '../base/json.ts';
import { dateIn } from '../base/time.ts';
import type { AuditRow } from '../store/store.ts';
import type { CaseEvent, RequestCase } from './cases.ts';
import { afterEvent } from './cases.ts';

interface LogEntry {
  readonly at: string;
  readonly act: string;
  readonly reason?: string;
  readonly request?: number;
  readonly facts: Facts;
}

type Facts = { readonly [name: string]: Json | undefined };

/** The entries that say something of requests; all others need not be read. */
const RELEVANT = /^\{"act":"(?:request|requests|batch)\./;

/** The cases of all requests by what the audit log says of them, and nothing else. */
export class LogCases {
  readonly #zone: string;
  readonly #cases = new Map<number, RequestCase>();

  constructor(zone: string) {
    this.#zone = zone;
  }

  get cases(): ReadonlyMap<number, RequestCase> {
    return this.#cases;
  }

  /** Takes in the next entry of the log. */
  read({ entry: text }: Pick<AuditRow, 'entry'>): void {
    if (!RELEVANT.test(text)) return;
    const entry = JSON.parse(text) as LogEntry;
    if (entry.act === 'request.opened') this.#open(entry.facts, [entry.facts.request]);
    else if (entry.act === 'request.classified') this.#classify(entry);
    else this.#happen(entry);
    for (const group of mapsIn(entry.facts.opened)) this.#open(group, listOf(group.requests));
  }

  #open(facts: Facts, numbers: readonly (Json | undefined)[]): void {
    const { type, regime, received_on: receivedOn } = facts;
    for (const request of numbers) {
      if (typeof request !== 'number') continue;
      this.#cases.set(request, {
        request,
        type: String(type),
        regime: String(regime),
        receivedOn: String(receivedOn),
        end: 'open',
        respondedOn: undefined,
        reason: undefined,
        isAppealed: false,
      });
    }
  }

  #classify({ request = 0, facts: { type, regime } }: LogEntry): void {
    const before = this.#cases.get(request);
    if (before === undefined) return;
    this.#cases.set(request, {
      ...before,
      ...(typeof type === 'string' && { type }),
      ...(typeof regime === 'string' && { regime }),
    });
  }

  #happen({ act, at, request = 0, reason, facts }: LogEntry): void {
    const before = this.#cases.get(request);
    const event = eventOf(act, facts, reason);
    if (before === undefined || event === undefined) return;
    const sentOn = act === 'request.answered-by-hand' ? facts.sent_on : undefined;
    const on = typeof sentOn === 'string' ? sentOn : dateIn(at, this.#zone);
    this.#cases.set(request, afterEvent(before, event, on));
  }
}

function eventOf(act: string, facts: Facts, reason: string | undefined): CaseEvent | undefined {
  switch (act) {
    case 'request.applied':
    case 'request.answered':
    case 'request.answered-by-hand':
      return carriedOut(facts);
    case 'request.denied':
      return { kind: 'denied', reason };
    case 'request.withdrawn':
      return { kind: 'withdrawn' };
    case 'request.found-duplicate':
      return { kind: 'duplicate' };
    case 'request.expired':
      return { kind: 'expired' };
    case 'request.appealed':
      return { kind: 'appealed' };
    case 'request.refusal-upheld':
      return { kind: 'upheld' };
    case 'request.appeal-granted':
    case 'request.reassigned':
    case 'request.reopened':
      return { kind: 'reopened' };
    default:
      return undefined;
  }
}

/** Where nothing was done of what was asked, that is a refusal. */
function carriedOut(facts: Facts): CaseEvent {
  const { extent, refusal } = facts;
  if (extent === 'none') return { kind: 'denied', reason: typeof refusal === 'string' ? refusal : undefined };
  return { kind: 'answered', extent: extentIn(facts) };
}

const STAYING: ReadonlySet<Json | undefined> = new Set(['retain', 'hold', 'keep']);

/** Entries of an earlier dsr have no extent: there the groups of the plan say what stayed. */
function extentIn({ extent, applied }: Facts): 'whole' | 'part' {
  if (extent === 'whole' || extent === 'part') return extent;
  return mapsIn(applied).some(({ action }) => STAYING.has(action)) ? 'part' : 'whole';
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function mapsIn(value: Json | undefined): readonly Facts[] {
  return listOf(value).filter(
    (item): item is Facts & Json => typeof item === 'object' && item !== null && !Array.isArray(item),
  );
}
