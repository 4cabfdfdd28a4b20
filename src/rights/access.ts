import type { PlanItem } from '../plan/plan.ts';
import { requireSource } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import { eventItem, groupDecisions } from './grouping.ts';
import type { OwnRow, SubjectView } from './view.ts';

/** Groups of an access: every row and line that is theirs, retained and restricted ones marked (GDPR Art. 15(3)). */
export function accessItems(view: SubjectView, policy: Policy): PlanItem[] {
  const rows = placesOf(view.rows).map(({ record, role }) => ({
    source: record.source,
    category: requireSource(policy, record.source).category,
    role,
    action: 'give' as const,
    reason: record.state,
    ...(record.retained === undefined ? {} : { basis: record.retained.basis, until: record.retained.until }),
    record: { id: record.id, version: record.version },
  }));
  const lines = view.lines
    .filter(({ lines: count }) => count > 0)
    .map(({ source, lines: events }) =>
      eventItem({
        source,
        category: requireSource(policy, source).category,
        action: 'give',
        reason: 'active',
        events,
      }),
    );
  return [...groupDecisions(rows), ...lines];
}

/** Each row once; a person with several places in one has all of them: `author+owner`. */
function placesOf(rows: readonly OwnRow[]): readonly OwnRow[] {
  return [...Map.groupBy(rows, ({ record }) => record.id).values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [
          {
            ...first,
            role: [first, ...others]
              .map(({ role }) => role)
              .sort()
              .join('+'),
          },
        ],
  );
}
