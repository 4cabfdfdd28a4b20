import { refused, UserError } from '../base/errors.ts';
import { maskIdentifier } from '../base/mask.ts';
import { dateIn, type PlainDate, parseDate } from '../base/time.ts';
import { parseIdentifier } from '../people/identifier-text.ts';
import type { Ledger } from '../store/ledger.ts';
import { readChannel } from './ask-desk.ts';
import { type AskedClock, clocksOf } from './asked-clock.ts';
import type { CommandContext } from './context.ts';
import { checkOpeningFlags, type OpeningWords, readTypes, requireBelonging } from './opening.ts';
import { LEVELS, PARENTAL_ACTIONS, REQUESTERS, TYPES } from './opening-choices.ts';
import type { Check, Choice, Prompter } from './prompter.ts';

/** Whether something is left out that has no default: then a person at a terminal is asked for all of it. */
export function isLeftOut({ id, type, action, parent }: OpeningWords): boolean {
  if (type === undefined || (id === undefined && type !== 'unclear')) return true;
  return type === 'parental-review' && (action === undefined || parent === undefined);
}

/**
 * Asks for whatever the flags leave out, shows what it comes to, and has it confirmed. Nothing is written
 * before that, so that Ctrl-C leaves nothing behind.
 */
export async function askOpening<W extends OpeningWords>(
  context: CommandContext,
  ledger: Ledger,
  given: W,
): Promise<W & { readonly type: string }> {
  const { prompter } = context;
  checkGiven(ledger, given);
  const type =
    given.type ??
    (await prompter.select({ message: 'What do they ask for?', missing: '--type TYPE' }, TYPES));
  requireBelonging(type, given);
  const id = typed(given.id) ?? (await askWho(prompter, ledger, type));
  const about = { ...given, type, id, ...(await askAbout(prompter, ledger, type, given)) };
  const received = given.received ?? (await askReceived(prompter, ledger));
  const channel = await readChannel(context, given.channel, 'How did it come in?');
  const regime = given.regime ?? (await askRegime(prompter, ledger, type, received));
  const words = { ...about, received, channel, regime };
  await confirmOpening(context, ledger, words);
  return words;
}

/** What was given is judged before anything is asked. */
function checkGiven(ledger: Ledger, given: OpeningWords): void {
  checkOpeningFlags(given);
  if (given.type !== undefined) requireBelonging(given.type, given);
  for (const words of [typed(given.id), typed(given.parent)])
    if (words !== undefined) parseIdentifier(words, ledger.policy);
  if (given.received !== undefined) requireReceipt(ledger, parseDate(given.received, '--received'));
}

/** Standard input is where the answers are typed, so what stands for it is asked for. */
function typed(words: string | undefined): string | undefined {
  return words === '-' ? undefined : words;
}

function requireReceipt(ledger: Ledger, day: PlainDate): void {
  const today = dateIn(ledger.now, ledger.policy.controller.zone);
  if (day > today)
    throw refused('received-in-future', `${day} is after today, ${today}`, `that is after today, ${today}`);
}

const NOBODY = 'nobody';

async function askWho(prompter: Prompter, ledger: Ledger, type: string): Promise<string | undefined> {
  const orNobody = type === 'unclear' ? `, or ${NOBODY} where no one is named` : '';
  const message = `Who? kind:value, or a subject id such as S-000042${orNobody}`;
  const isNobody = (words: string) => type === 'unclear' && words === NOBODY;
  const check: Check = (words) =>
    isNobody(words) ? undefined : faultOf(() => parseIdentifier(words, ledger.policy));
  const words = await prompter.input({ message, missing: 'ID' }, check);
  return isNobody(words) ? undefined : words;
}

type About = Pick<OpeningWords, 'level' | 'requester' | 'action' | 'parent'>;

/** What only some types have: how much is asked for, who asks, what a parent chose. */
async function askAbout(
  prompter: Prompter,
  ledger: Ledger,
  type: string,
  given: OpeningWords,
): Promise<About> {
  if (type === 'parental-review') return askParental(prompter, ledger, given);
  const { level, requester, action, parent } = given;
  const isAccess = readTypes(type).includes('access') && level === undefined;
  const how = { message: 'How much do they ask for?', missing: '--level LEVEL' };
  const who = { message: 'Who asks?', missing: '--requester WHO' };
  return {
    level: isAccess ? await prompter.select(how, LEVELS) : level,
    requester: requester ?? (await prompter.select(who, REQUESTERS)),
    action,
    parent,
  };
}

async function askParental(
  prompter: Prompter,
  ledger: Ledger,
  { level, requester, action, parent }: OpeningWords,
): Promise<About> {
  const what = { message: 'What did the parent choose?', missing: '--action' };
  return {
    level,
    requester,
    action: action ?? (await prompter.select(what, PARENTAL_ACTIONS)),
    parent: typed(parent) ?? (await askParent(prompter, ledger)),
  };
}

function askParent(prompter: Prompter, ledger: Ledger): Promise<string> {
  const question = { message: 'Which parent? kind:value, or a subject id', missing: '--parent ID' };
  return prompter.input(question, (words) => faultOf(() => parseIdentifier(words, ledger.policy)));
}

function askReceived(prompter: Prompter, ledger: Ledger): Promise<PlainDate> {
  const today = dateIn(ledger.now, ledger.policy.controller.zone);
  const question = { message: 'On which day did it come in?', missing: '--received DATE', preset: today };
  return prompter.input(question, (words) => {
    const isDay = faultOf(() => parseDate(words, '--received')) === undefined;
    return isDay ? faultOf(() => requireReceipt(ledger, words)) : `a day is written ${today}`;
  });
}

/** That nobody knows the residence, then the laws of the policy, then all that dsr knows. */
async function askRegime(
  prompter: Prompter,
  ledger: Ledger,
  type: string,
  received: PlainDate,
): Promise<string | undefined> {
  const clocks = await clocksOf(ledger, readTypes(type), received);
  const strictest = clocks.find(({ isStrictest }) => isStrictest);
  const unknown = strictest && { name: unknownWords(strictest), short: NOT_KNOWN, value: undefined };
  const known = clocks.map((clock) => ({
    name: clockWords(clock),
    short: clock.regime,
    value: clock.regime,
  }));
  const choices: readonly Choice<string | undefined>[] = unknown === undefined ? known : [unknown, ...known];
  return prompter.select({ message: 'Whose law?', missing: '--regime LAW' }, choices);
}

const NOT_KNOWN = 'not known, so the strictest of the policy';

function unknownWords({ regime, dueOn }: AskedClock): string {
  return `${NOT_KNOWN} (${regime}: ${dueWords(dueOn)})`;
}

function clockWords({ regime, dueOn, isOurs, source }: AskedClock): string {
  return `${regime}: ${dueWords(dueOn)}${isOurs ? '' : ', not one of the policy'} (${source})`;
}

function dueWords(dueOn: PlainDate | undefined): string {
  return dueOn === undefined ? 'no date' : `answer by ${dueOn}`;
}

/** Part of the question, so that it is seen even under --quiet and --json. */
async function confirmOpening(
  { prompter }: CommandContext,
  ledger: Ledger,
  words: OpeningWords & { readonly received: PlainDate; readonly type: string },
): Promise<void> {
  const { type, action, level, id, parent, requester, received, channel, regime } = words;
  const clock = (await clocksOf(ledger, readTypes(type), received)).find((one) =>
    regime === undefined ? one.isStrictest : one.regime === regime,
  );
  const lines = [
    ['asks for', [type, action ?? (type === 'access' ? level : undefined)].filter(Boolean).join(' ')],
    ['about', id === undefined ? NOBODY : masked(id, ledger)],
    ...(parent === undefined ? [] : [['parent', masked(parent, ledger)]]),
    ['asked by', requester ?? (type === 'parental-review' ? 'parent' : 'self')],
    ['received', `${received}${channel === undefined ? '' : ` by ${channel}`}`],
    ['law', regime ?? NOT_KNOWN],
    ['answer by', clock?.dueOn ?? 'no date that a law or the policy names'],
    ...(clock?.acknowledgeBy === undefined ? [] : [['acknowledge by', clock.acknowledgeBy]]),
  ];
  const summary = lines.map(([name = '', value = '']) => `  ${name.padEnd(16)}${value}`).join('\n');
  if (await prompter.confirm(`Open this request?\n${summary}\n `)) return;
  throw refused('not-confirmed', 'not confirmed, so nothing was opened');
}

function masked(words: string, ledger: Ledger): string {
  const who = parseIdentifier(words, ledger.policy);
  return 'subject' in who ? words : maskIdentifier(who);
}

/** What a reader of flags would refuse, in its words. */
function faultOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.hint ?? error.message;
  }
}
