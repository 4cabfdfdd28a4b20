import { existsSync } from 'node:fs';
import { ExitCode } from '../../../base/errors.ts';
import { addDays, dateIn } from '../../../base/time.ts';
import { type Desk, deskOf } from '../../../requests/listing.ts';
import type { Request } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';
import { nextCommand } from '../../next-command.ts';
import { painterOf } from '../../paint-urgency.ts';
import { requestMembers } from '../../request-view.ts';
import { urgencyOf } from '../../urgency.ts';
import { type DeskDay, renderDesk } from './render.ts';

/** Requests that are shown; how many more wait is said. */
const MOST = 20;

/** `dsr` alone: what is due, with the next command for each; the help where there is no ledger yet. */
export async function run(context: CommandContext): Promise<ExitCode> {
  if (isWithoutLedger(context)) {
    context.io.stdout.write(context.helpOf([]) ?? '');
    return ExitCode.done;
  }
  const ledger = await context.openLedger('read');
  const today = dateIn(ledger.now, ledger.policy.controller.zone);
  const desk = await ledger.store.read((tx) => deskOf(tx, today, addDays(today, 7), MOST));
  const day = { today, policy: ledger.policy };
  const document = deskMembers(desk, day);
  context.output.painted(
    document,
    () => renderDesk(context.output, desk, day),
    await painterOf(context.output),
  );
  return ExitCode.done;
}

/** Who names a ledger, or asks for JSON, is told that there is none; anybody else is at the beginning. */
function isWithoutLedger(context: CommandContext): boolean {
  const { globals } = context;
  const isNamed = globals.ledger !== context.path('dsr.db');
  return !isNamed && !globals.json && !existsSync(globals.ledger);
}

function deskMembers(desk: Desk, day: DeskDay): Record<string, unknown> {
  const { past, today: now, week, later, states } = desk;
  return {
    today: day.today,
    due: desk.first.map((request) => dueMembers(request, day)),
    waiting: { past, today: now, within_7_days: week, later },
    counts: Object.fromEntries(
      Object.entries(states).map(([state, count]) => [state.replaceAll('-', '_'), count]),
    ),
  };
}

function dueMembers(request: Request, { today, policy }: DeskDay): Record<string, unknown> {
  const { level, day, days, owed } = urgencyOf(request, today);
  return {
    ...requestMembers(request),
    urgency: level,
    attention_on: day ?? null,
    days_left: days ?? null,
    owed: owed ?? null,
    next: nextCommand(request, policy) ?? null,
  };
}
