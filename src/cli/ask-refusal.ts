import { REFUSAL_REASONS } from '../letters/reasons.ts';
import type { CommandContext } from './context.ts';
import { mayAsk } from './prompter.ts';
import { requireReason } from './reason.ts';

/** Why a request is refused: a code, and words for its file where they were given or the law asks for facts. */
export interface RefusalGiven {
  readonly reason: string;
  readonly note: string | undefined;
}

/** The reason of a refusal: that of the flags, or on a terminal one of the codes that letters have words for. */
export async function readRefusal(context: CommandContext): Promise<RefusalGiven> {
  const { globals, io, prompter } = context;
  const mayBeAsked = mayAsk(io, globals.yes);
  const chosen =
    globals.reason === undefined && mayBeAsked
      ? await prompter.select(
          { message: 'Why is it refused? They are told.', missing: '--reason CODE' },
          choices(),
        )
      : undefined;
  const reason = chosen ?? (await requireReason(context));
  const note = await context.note();
  const asksFacts =
    chosen !== undefined && note === undefined && REFUSAL_REASONS[chosen]?.needsFacts === true;
  if (!asksFacts) return { reason, note };
  const message = 'The facts that show it, in words that the person may read';
  return { reason, note: await prompter.input({ message, missing: '--note TEXT' }) };
}

/** Each reason once, in short; `undefined` stands for a code of one's own. */
function choices() {
  const seen = new Set<string>();
  const known = Object.entries(REFUSAL_REASONS).filter(([, { text }]) => !seen.has(text) && seen.add(text));
  return [
    ...known.map(([value, { text }]) => ({ name: `${value}: ${text}`, short: value, value })),
    { name: 'another code', value: undefined },
  ];
}
