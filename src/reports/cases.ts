import type { PlainDate } from '../base/time.ts';

/** How a request stands towards whoever asked: open, or answered, or ended without an answer. */
export type CaseEnd = 'open' | 'whole' | 'part' | 'denied' | 'withdrawn' | 'duplicate' | 'expired';

/** What the figures of a year need of one request; the register and the audit log each give it by themselves. */
export interface RequestCase {
  readonly request: number;
  readonly type: string;
  readonly regime: string;
  readonly receivedOn: PlainDate;
  readonly end: CaseEnd;
  /** The day of the first answer, a refusal included. */
  readonly respondedOn: PlainDate | undefined;
  /** Why it was denied. */
  readonly reason: string | undefined;
  /** An appeal that is not decided. */
  readonly isAppealed: boolean;
}

/** What happened to a request, as far as its answer goes. */
export type CaseEvent =
  | { readonly kind: 'answered'; readonly extent: 'whole' | 'part' }
  | { readonly kind: 'denied'; readonly reason: string | undefined }
  | { readonly kind: 'withdrawn' | 'duplicate' | 'expired' }
  | { readonly kind: 'appealed' | 'upheld' }
  /** The appeal was granted, or the request opened again: nothing is answered any more. */
  | { readonly kind: 'reopened' };

/** The case after something that happened on a day. */
export function afterEvent(before: RequestCase, event: CaseEvent, on: PlainDate): RequestCase {
  switch (event.kind) {
    // The rest of a deletion whose hold was released changes how far it was answered, not when.
    case 'answered':
      return {
        ...before,
        end: event.extent,
        respondedOn: before.respondedOn ?? on,
        reason: undefined,
      };
    case 'denied':
      return {
        ...before,
        end: 'denied',
        respondedOn: before.respondedOn ?? on,
        reason: event.reason,
      };
    case 'appealed':
      return { ...before, isAppealed: true };
    case 'upheld':
      return { ...before, isAppealed: false };
    case 'reopened':
      return { ...before, end: 'open', respondedOn: undefined, reason: undefined, isAppealed: false };
    default:
      // Who takes an appeal back leaves the answer as it was.
      return before.isAppealed ? { ...before, isAppealed: false } : { ...before, end: event.kind };
  }
}

/** Whether what was asked was done, at least in part. */
export function isComplied(end: CaseEnd): end is 'whole' | 'part' {
  return end === 'whole' || end === 'part';
}
