import type { PlanItem, PlannedOrder } from '../plan/plan.ts';
import { requireSource } from '../policy/find.ts';
import { findHold } from '../retention/holds.ts';
import { groupDecisions, sortOrders } from './grouping.ts';
import { rowsOfTheirsAlone } from './own-rows.ts';
import type { PlanContext, SubjectView } from './view.ts';

export interface StopGroups {
  readonly items: readonly PlanItem[];
  readonly orders: readonly PlannedOrder[];
}

/**
 * Stops further collection and use of a child's data (16 CFR 312.6(a)(2)): rows are restricted, none
 * is erased, the systems upstream are told to end sign-in, later imports keep the child out.
 */
export function stopGroups(view: SubjectView, context: PlanContext): StopGroups {
  const own = rowsOfTheirsAlone(view, context.policy).filter(
    // A row that vanished is restricted already, and is kept out where it comes back.
    ({ record }) =>
      record.state === 'active' || (record.restrictedBy !== undefined && !record.restrictedBy.isStopped),
  );
  const items = groupDecisions(
    own.map(({ record, role }) => {
      const category = requireSource(context.policy, record.source).category;
      const hold = findHold(context.holds, { subjects: view.subjects, category, source: record.source });
      return {
        source: record.source,
        category,
        role,
        action: 'restrict' as const,
        reason: hold === undefined ? 'parental-stop' : `parental-stop, hold:${hold.matter}`,
        record: { id: record.id, version: record.version },
      };
    }),
  );
  const accounts = own.filter(({ record }) => {
    const source = requireSource(context.policy, record.source);
    return source.type === 'table' && source.account;
  });
  return {
    items,
    orders: sortOrders(
      accounts.map(({ record }) => ({
        source: record.source,
        key: record.key,
        action: 'end-sign-in' as const,
        record: record.id,
        change: {},
      })),
    ),
  };
}
