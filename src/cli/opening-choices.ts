import type { AccessLevel, ParentalAction, Requester, RequestType } from '../store/registers.ts';
import type { Choice } from './prompter.ts';

/** What may be asked for, in the words of the letters that come in. */
export const TYPES: readonly Choice<RequestType>[] = [
  { name: 'what is held about them, or a copy of it (access)', value: 'access' },
  { name: 'to be deleted (delete)', value: 'delete' },
  { name: 'something put right or completed (edit)', value: 'edit' },
  { name: 'a parent about a child (parental-review)', value: 'parental-review' },
  { name: 'their data in a form for another service (portability)', value: 'portability' },
  { name: 'no selling and no sharing (opt-out)', value: 'opt-out' },
  { name: 'selling and sharing again (opt-in)', value: 'opt-in' },
  { name: 'sensitive data used for the service alone (limit)', value: 'limit' },
  { name: 'data kept and not used (restrict)', value: 'restrict' },
  { name: 'an end of one use of their data, such as advertising (objection)', value: 'objection' },
  { name: 'a consent taken back (consent-withdrawal)', value: 'consent-withdrawal' },
  { name: 'a complaint (complaint)', value: 'complaint' },
  { name: 'that cannot be told yet (unclear)', value: 'unclear' },
];

/** The four choices of a parent; each is a request of its own. */
export const PARENTAL_ACTIONS: readonly Choice<ParentalAction>[] = [
  { name: 'describe: the kinds of data, and none of it', value: 'describe' },
  { name: 'review: all that is held', value: 'review' },
  { name: 'delete: erase it', value: 'delete' },
  { name: 'stop: no further collection or use; nothing is erased', value: 'stop' },
];

export const LEVELS: readonly Choice<AccessLevel>[] = [
  { name: 'the data itself (specific)', value: 'specific' },
  { name: 'only which kinds of data (categories)', value: 'categories' },
];

/** Who may ask, but for a parent: who asks by a parental review. */
export const REQUESTERS: readonly Choice<Requester>[] = [
  { name: 'the person themselves (self)', value: 'self' },
  { name: 'somebody whom they have asked to, such as a lawyer (agent)', value: 'agent' },
  { name: 'an heir (heir)', value: 'heir' },
  { name: 'a household together (household)', value: 'household' },
  { name: 'an authority (authority)', value: 'authority' },
];

/** How requests come in; `undefined` stands for a way of one's own. */
export const CHANNELS: readonly Choice<string | undefined>[] = [
  { name: 'by e-mail', value: 'email' },
  { name: 'by letter', value: 'letter' },
  { name: 'by phone', value: 'phone' },
  { name: 'through the form on the web site', value: 'web-form' },
  { name: 'in person', value: 'in-person' },
  { name: 'another way', value: undefined },
];
