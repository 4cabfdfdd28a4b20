import { refused } from '../base/errors.ts';
import type { Opening } from '../requests/opening/open.ts';
import { type DrpArrival, openingOfDrp } from './drp.ts';
import { parseMembers, unreadableAs } from './members.ts';
import { openingOfOpendsr } from './opendsr.ts';

/** Longer than any request; the claims of one are kept with it. */
const LONGEST = 1 << 20;

/** The opening that a message of another system asks for; which protocol it is of shows by its form. */
export function openingOfMessage(text: string, arrival: DrpArrival): Opening {
  if (text.length > LONGEST) throw unreadableAs('message')('it is longer than 1 MiB');
  if (!text.trimStart().startsWith('{')) return openingOfDrp(text, arrival);
  const members = parseMembers(text, unreadableAs('message'));
  if ('drp.version' in members || 'agent-id' in members)
    throw refused(
      'drp-unsigned',
      'a request of the Data Rights Protocol without its signature cannot be checked',
      'hand over the body as it came in: base64 of signature and JSON',
    );
  if (arrival.bearer !== undefined)
    throw refused('not-drp', '--agent belongs to a request of the Data Rights Protocol');
  if ('subject_request_id' in members || 'subject_request_type' in members)
    return openingOfOpendsr(members, arrival.policy, arrival);
  throw unreadableAs('message')('it is a request of neither OpenDSR 2.0 nor the Data Rights Protocol 1.0');
}
