import { refused } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import type { Instant } from '../base/time.ts';
import type { Identifier } from '../people/identifier.ts';
import { normalise } from '../people/normalise.ts';
import { kindOf } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import type { ForeignDetails } from '../requests/opening/foreign.ts';
import type { Opening } from '../requests/opening/open.ts';
import type { AccessLevel, RequestType } from '../store/registers.ts';
import { type CheckedDrp, checkDrp } from './drp-checks.ts';
import { type Members, optionalText, textOf, textsOf, unreadableAs } from './members.ts';

/** What an agent asks for → type of request, and how much (§3.01). */
const EXERCISES: Readonly<Record<string, { readonly type: RequestType; readonly level?: AccessLevel }>> = {
  'sale:opt-out': { type: 'opt-out' },
  'sale:opt-in': { type: 'opt-in' },
  deletion: { type: 'delete' },
  access: { type: 'access' },
  'access:categories': { type: 'access', level: 'categories' },
  'access:specific': { type: 'access', level: 'specific' },
};

/** Who the person is, by the agent's word (§3.04). */
const CLAIMS = [
  'name',
  'email',
  'email_verified',
  'phone_number',
  'phone_number_verified',
  'address',
  'address_verified',
  'power_of_attorney',
] as const;

const CLAIM_KINDS = { email: 'email', phone_number: 'phone' } as const;

/** How a message came in, and under which policy. */
export interface DrpArrival {
  readonly policy: Policy;
  readonly now: Instant;
  /** The agent whose bearer token the web front end saw. */
  readonly bearer: string | undefined;
  readonly regime: string | undefined;
  readonly note: string | undefined;
}

const fault = unreadableAs('drp');

/**
 * The opening that a signed request of the Data Rights Protocol 1.0 asks for, once its six checks are passed. What
 * the agent says of the person's identity is kept, and verifies nobody by itself.
 */
export function openingOfDrp(text: string, { policy, now, bearer, regime, note }: DrpArrival): Opening {
  const { drp } = policy.protocols;
  if (drp === undefined)
    throw refused(
      'drp-not-known',
      'the policy knows no agents',
      'protocols.drp names the business and its agents',
    );
  const { agent, members, signature } = checkDrp(text, { drp, bearer, now });
  if (members['drp.version'] !== '1.0')
    throw refused('drp-version', 'it is not of the Data Rights Protocol 1.0');
  const { type, level = 'specific' } = exerciseOf(members);
  const ownId = optionalText(members, 'agent-request-id', fault);
  return {
    types: [type],
    who: identitiesOf(members, policy),
    receivedOn: undefined,
    regime: regimeOf(members, regime),
    channel: 'drp',
    requester: 'agent',
    level,
    parental: undefined,
    parent: undefined,
    note,
    foreign: {
      protocol: 'drp',
      sender: agent,
      id: ownId ?? `signature:${signature}`,
      details: detailsOf(members, ownId),
    },
  };
}

function exerciseOf(members: CheckedDrp['members']): (typeof EXERCISES)[string] {
  const name = textOf(members, 'exercise', fault);
  const exercise = Object.hasOwn(EXERCISES, name) ? EXERCISES[name] : undefined;
  if (exercise !== undefined) return exercise;
  throw refused('drp-exercise', 'what it exercises is none of the rights of the protocol', listed());
}

function listed(): string {
  return `rights: ${Object.keys(EXERCISES).join(', ')}`;
}

/** A request without a regime is voluntary: whoever opens it says which clock runs, else the strictest does. */
function regimeOf(members: Members, given: string | undefined): string | undefined {
  const regime = optionalText(members, 'regime', fault);
  if (regime === undefined || regime === 'voluntary') return given;
  if (regime === 'ccpa') return regime;
  throw refused(
    'unknown-regime',
    'the protocol knows the regime ccpa alone',
    'a voluntary request names none',
  );
}

function identitiesOf(members: Members, policy: Policy): readonly Identifier[] {
  const found = Object.entries(CLAIM_KINDS).flatMap(([claim, name]) => {
    const text = optionalText(members, claim, fault);
    const kind = kindOf(policy, name);
    const value = text === undefined || kind === undefined ? undefined : normalise(kind, text);
    return value === undefined ? [] : [{ kind: name, value }];
  });
  if (found.length > 0) return found;
  throw refused('no-identity', 'it names the person by neither an email nor a phone_number that can be read');
}

function detailsOf(members: Members, ownId: string | undefined): ForeignDetails {
  const callback = optionalText(members, 'status_callback', fault);
  const claims = CLAIMS.flatMap((name): readonly (readonly [string, Json])[] => {
    const value = members[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...(ownId === undefined ? {} : { ownId }),
    claims: Object.fromEntries(claims),
    callbacks: callback === undefined ? [] : [callback],
    relationships: textsOf(members, 'relationships', fault),
  };
}
