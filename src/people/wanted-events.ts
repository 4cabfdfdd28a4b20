import { epochOf } from '../base/time.ts';
import type { WantedEvents } from '../store/events.ts';
import type { EventIdentifier } from './resolution.ts';

/** What to look for in one log, for `eventsOf`, `countEvents` and `eraseEvents`. */
export function wantedIn(source: string, events: readonly EventIdentifier[]): WantedEvents[] {
  return events
    .filter((event) => event.source === source)
    .map(({ identifier, window }) =>
      window === undefined
        ? identifier
        : { ...identifier, window: { from: epochOf(window.from), to: epochOf(window.to) } },
    );
}
