/** What a name of a template stands for. */
export interface NameShape {
  readonly is: 'text' | 'flag' | 'list';
  /** What each entry of a list has. */
  readonly members?: readonly string[];
  readonly says: string;
}

const text = (says: string): NameShape => ({ is: 'text', says });
const flag = (says: string): NameShape => ({ is: 'flag', says });
const list = (says: string, ...members: string[]): NameShape => ({ is: 'list', members, says });

/** Every name that a template may use. One that a letter has no value for is empty there. */
export const VOCABULARY = {
  controller: text('name of the controller'),
  contact: text('address of the controller for requests'),
  phone: text('its telephone number'),
  post: text('its postal address'),
  today: text('the day of the letter'),
  request: text('number of the request'),
  received_on: text('the day on which the request came in'),
  due_on: text('the last day for the answer, as the clock stands'),
  addressee: text('to whom the letter goes, without a name'),
  right: text('what was asked for, in words'),
  law: text('the law that applies'),
  law_gdpr: flag('the request stands under this law'),
  law_uk_gdpr: flag('the request stands under this law'),
  law_ccpa: flag('the request stands under this law'),
  law_virginia: flag('the request stands under this law'),
  law_colorado: flag('the request stands under this law'),
  law_connecticut: flag('the request stands under this law'),
  law_lgpd: flag('the request stands under this law'),
  law_pipeda: flag('the request stands under this law'),
  law_australia: flag('the request stands under this law'),
  law_new_zealand: flag('the request stands under this law'),
  law_coppa: flag('the request stands under this law'),
  verification: text('how whoever asks is verified, or that nothing has to be shown'),
  extension_reason: text('why the answer takes longer'),
  proofs: list('what may be shown to be verified', 'line'),
  identity_use: text('what the proof is used for, and that it is deleted then'),
  no_fee: text('that verification costs nothing'),
  question: text('what has to be known to go on'),
  code: text('the code that was made'),
  code_valid_until: text('when the code ends'),
  waiting_until: text('the last day of the waiting time'),
  stop_how: text('how a deletion that waits is stopped'),
  complied: text('whether the request was complied with'),
  done: list('what was done, group by group', 'line'),
  here: text('what "here" means'),
  bytes: text('what is known of the bytes of what was erased'),
  orders: list('what is ordered of the systems upstream, and until when', 'line'),
  remains: list('what stays', 'what', 'fields', 'why', 'exception', 'until'),
  backups: list('backups that still hold it', 'line'),
  kept: list('what is kept of the request itself', 'line'),
  given: list('what the package holds', 'line'),
  package: text('what the package says beside the data'),
  withheld: list('what is held but may not leave the house', 'line'),
  nothing_held: text('that nothing is held'),
  searched: list('what was searched, and how fresh it was', 'line'),
  explanation: text("staff's own words"),
  reason: text('why the request is refused'),
  instead: text('what the person can do instead'),
  record_kept: text('that a record of the request is kept, and how long'),
  complaint_steps: list("the controller's own steps of a complaint", 'line'),
  authority: text('where to complain to an authority'),
  court: text('the way to a court'),
  appeal: text('how to appeal'),
  statement_right: text('the right to have a statement kept with the data'),
} as const satisfies Readonly<Record<string, NameShape>>;

/** One of them. */
export type LetterName = keyof typeof VOCABULARY;

/** What a name stands for; undefined for one that no letter knows. */
export function shapeOf(name: string): NameShape | undefined {
  return Object.hasOwn(VOCABULARY, name) ? VOCABULARY[name as LetterName] : undefined;
}

/** Whether the entries of a list have this member. */
export function memberOf(name: string, member: string): boolean {
  return shapeOf(name)?.members?.includes(member) === true;
}

/** One entry of a list. */
export type LetterEntry = Readonly<Record<string, string>>;

/** What the names of one letter stand for; one that is missing is empty. */
export type LetterValues = Readonly<Partial<Record<LetterName, string | boolean | readonly LetterEntry[]>>>;
