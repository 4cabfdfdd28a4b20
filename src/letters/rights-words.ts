import type { Request, RequestType } from '../store/registers.ts';

type Whose = readonly [you: string, your: string];

/** What was asked for: `You asked us …`; `toHolder` where the letter goes to the person and not to who asked for them. */
export function rightWords(request: Request, toHolder = false): string {
  const whose: Whose =
    toHolder || request.requester === 'self' || request.requester === 'household'
      ? ['you', 'your']
      : ['the person for whom you ask', "that person's"];
  if (request.type === 'parental-review') return PARENTAL[request.parental?.action ?? 'review'];
  if (request.type === 'access' && request.level === 'categories')
    return `to tell you which categories of personal data we hold about ${whose[0]}`;
  return RIGHTS[request.type](whose);
}

const RIGHTS: Readonly<Record<Exclude<RequestType, 'parental-review'>, (whose: Whose) => string>> = {
  access: ([you]) => `to give you a copy of the personal data that we hold about ${you}`,
  edit: ([you]) => `to correct personal data that we hold about ${you}`,
  delete: ([you]) => `to delete the personal data that we hold about ${you}`,
  portability: ([, your]) => `to give you ${your} data in a form that machines can read`,
  'opt-out': ([, your]) => `not to sell or share ${your} personal information`,
  'opt-in': ([, your]) => `to use ${your} personal information again for what had been refused`,
  limit: ([, your]) => `to limit the use of ${your} sensitive personal information`,
  restrict: ([, your]) => `to restrict the use of ${your} personal data`,
  objection: ([, your]) => `to stop a use of ${your} personal data`,
  'consent-withdrawal': ([, your]) => `to end the use of ${your} data that rests on consent`,
  complaint: () => 'to look into a complaint',
  unclear: () => 'to look into a message about personal data',
};

const PARENTAL = {
  describe: 'to describe the personal data that we have collected from your child',
  review: 'to let you see the personal data that we have collected from your child',
  delete: 'to delete the personal data that we have collected from your child',
  stop: "to stop the collection and use of your child's personal data",
} as const;

/** What was done, of a request that staff carried out by hand: only what whoever sends the letter vouches for. */
export const DONE_BY_HAND: Readonly<Partial<Record<RequestType, string>>> = {
  'opt-out': 'Opt-out request honoured: we no longer sell or share this personal information.',
  'opt-in': 'We use the personal information again as you have asked and confirmed.',
  limit: 'We use sensitive personal information only as far as the service that you asked for needs it.',
  restrict: 'We only store the data and use it for nothing else. We tell you before that ends.',
  objection: 'We have stopped that use of the data.',
  'consent-withdrawal': 'We have stopped every use of the data that rested on this consent.',
  complaint: 'We have looked into the complaint.',
  unclear: 'We have looked into the message.',
};

/** Whether staff carry out requests of a type themselves, and vouch for it by their answer. */
export function isByHand(type: RequestType): boolean {
  return DONE_BY_HAND[type] !== undefined;
}

const ADDRESSEES: Readonly<Record<string, string>> = {
  self: 'To the person who',
  agent: 'To the agent who',
  parent: 'To the parent who',
  heir: 'To the heir who',
  household: 'To the household that',
  authority: 'To the authority that',
};

/** To whom a letter goes, without a name: `To the person who turned to us on 5 January 2026`. */
export function addresseeOf(requester: string, day: string): string {
  return `${ADDRESSEES[requester] ?? ADDRESSEES.self} turned to us on ${day}`;
}

/** What is open to whoever is refused a deletion, in whole or in part: 11 CCR §7022(g). */
export const OPT_OUT_OFFER =
  'You can ask us not to sell or share your personal information; you need not prove who you are for that.';
