import type { RecordId } from '../store/store.ts';
import { planDigest, type Seal } from './digest.ts';
import type { Plan } from './plan.ts';

/** What plans that were carried out since have done to rows that they share with others. */
export class Overtaking {
  readonly #gone = new Set<RecordId>();
  readonly #changed = new Map<RecordId, number>();

  /** Takes in a plan that was carried out. */
  add({ items }: Pick<Plan, 'items'>): void {
    for (const { action, records } of items)
      for (const { id } of records) {
        if (action === 'erase') this.#gone.add(id);
        if (action === 'anonymise') this.#changed.set(id, (this.#changed.get(id) ?? 0) + 1);
      }
  }

  /** Whether a plan made again decides as it did, but for the rows that are gone or were changed so often since. */
  explains(planned: Plan, now: Plan, seal: Seal): boolean {
    return planDigest(this.#after(planned), seal) === now.digest;
  }

  #after(plan: Plan): Plan {
    const isLeft = ({ id }: { readonly id: RecordId }) => !this.#gone.has(id);
    return {
      ...plan,
      items: plan.items
        .map((item) => ({
          ...item,
          records: item.records
            .filter(isLeft)
            .map(({ id, version }) => ({ id, version: version + (this.#changed.get(id) ?? 0) })),
        }))
        .filter(({ records, events }, index) => {
          const had = plan.items[index]?.records.length ?? 0;
          return had === 0 || records.length > 0 || events > 0;
        }),
      orders: plan.orders.filter(({ record }) => record === undefined || isLeft({ id: record })),
    };
  }
}
