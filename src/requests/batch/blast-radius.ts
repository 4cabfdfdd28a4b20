import { refused } from '../../base/errors.ts';
import { isErasing, type Plan } from '../../plan/plan.ts';
import { tableSource } from '../../policy/find.ts';
import type { Policy } from '../../policy/types.ts';
import type { SourceFigures } from '../../store/store.ts';

/** How much one run may do before somebody has to say that it is meant. */
export interface Radius {
  readonly requests: number;
  /** Per cent of all account rows. */
  readonly share: number;
}

/** What a run would do. */
export interface Blast {
  readonly requests: number;
  /** Account rows that are erased, or kept only by law. */
  readonly accounts: number;
  readonly allAccounts: number;
}

/** Per cent of all account rows that a batch erases without being told a larger share. */
const SHARE_AT_MOST = 10;

/** How far a run may reach by the policy alone. */
export function radiusOf({ limits }: Pick<Policy, 'limits'>): Radius {
  return { requests: limits.batchAtMost, share: SHARE_AT_MOST };
}

/** What carrying out these plans would do, of all account rows that there are. */
export function blastOf(plans: readonly Plan[], figures: readonly SourceFigures[], policy: Policy): Blast {
  const isAccount = (source: string) => tableSource(policy, source)?.account === true;
  const gone = plans
    .flatMap(({ items }) => items)
    .filter((item) => isErasing(item) && isAccount(item.source))
    .flatMap(({ records }) => records.map(({ id }) => id));
  const all = figures
    .filter(({ source }) => isAccount(source))
    .reduce((sum, { records }) => sum + records, 0);
  return { requests: plans.length, accounts: new Set(gone).size, allAccounts: all };
}

/** The flags that let a run reach as far as it would; none where it may. */
export function flagsToReach({ requests, accounts, allAccounts }: Blast, radius: Radius): readonly string[] {
  const share = allAccounts === 0 ? 0 : (accounts / allAccounts) * 100;
  return [
    ...(requests > radius.requests ? [`--max ${requests}`] : []),
    ...(share > radius.share ? [`--max-share ${Math.ceil(share)}%`] : []),
  ];
}

/** Refuses what reaches further than it may; `command` is the run without the flags that let it through. */
export function requireInside(blast: Blast, radius: Radius, command: string): void {
  const { requests, accounts, allAccounts } = blast;
  const flags = flagsToReach(blast, radius);
  if (flags.length === 0) return;
  throw refused(
    'blast-radius',
    `this is ${requests} requests (${radius.requests} at most) and ${accounts} of ${allAccounts} account rows (${radius.share} % at most)`,
    `where all of it is meant: ${command} ${flags.join(' ')}`,
  );
}
