import { Temporal } from 'temporal-polyfill';
import { epochOf, type Instant, instantOf } from '../base/time.ts';
import type { Unreadable } from './members.ts';

/** The instant, to the second, of a time of the years 0 to 9999 that names its zone: RFC 3339, or ISO 8601 with an offset. */
export function parseForeignInstant(text: string, name: string, fault: Unreadable): Instant {
  try {
    const instant = instantOf(Math.floor(Temporal.Instant.from(text).epochMilliseconds / 1000));
    // Throws for years that no other time here has.
    epochOf(instant);
    return instant;
  } catch {
    throw fault(`${name} is not a time with its zone, such as 2026-01-05T09:00:00Z`);
  }
}
