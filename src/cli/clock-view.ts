import { pausedSince } from '../requests/due.ts';
import type { Request } from '../store/registers.ts';

/** The clock of a request as every command's JSON shows it. */
export function clockMembers(request: Request): Record<string, unknown> {
  const { clock, acknowledgeBy, appeal, reopened } = request;
  const { extension, asked } = clock ?? {};
  return {
    acknowledge_by: acknowledgeBy ?? null,
    acknowledged_on: clock?.acknowledgedOn ?? null,
    paused_since: pausedSince(request) ?? null,
    ...(asked === undefined
      ? {}
      : { asked_for: asked.map(({ cause, on, until }) => ({ for: cause, on, until: until ?? null })) }),
    ...(extension === undefined
      ? {}
      : { extension: { notice_on: extension.noticeOn, reason: extension.reason } }),
    ...(appeal === undefined ? {} : { appeal: appealMembers(appeal) }),
    ...(reopened === undefined ? {} : { reopened }),
  };
}

function appealMembers({ receivedOn, dueOn, extension, decided }: NonNullable<Request['appeal']>) {
  return {
    received_on: receivedOn,
    due_on: dueOn ?? null,
    extended: extension !== undefined,
    granted: decided?.granted ?? null,
  };
}
