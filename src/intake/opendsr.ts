import { refused } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import { dateIn } from '../base/time.ts';
import type { Identifier } from '../people/identifier.ts';
import { normalise } from '../people/normalise.ts';
import { kindOf } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import type { Opening } from '../requests/opening/open.ts';
import type { RequestType } from '../store/registers.ts';
import { parseForeignInstant } from './instant.ts';
import { type Members, optionalText, textOf, textsOf, unreadableAs } from './members.ts';

const TYPES: Readonly<Record<string, RequestType>> = {
  access: 'access',
  portability: 'portability',
  erasure: 'delete',
};

const REGIMES: readonly string[] = ['gdpr', 'ccpa'];

/** Identity types (§5.1) whose kind has another name in a policy; any other is looked up by its own name. */
const KINDS: Readonly<Record<string, string>> = { controller_customer_id: 'user_id' };

/** §1.1: version 4, lower case. */
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const fault = unreadableAs('opendsr');

/** The opening that an OpenDSR 2.0 request asks for (§7.1.1), its day of receipt in the controller's zone. */
export function openingOfOpendsr(
  members: Members,
  policy: Policy,
  given: Pick<Opening, 'regime' | 'note'>,
): Opening {
  const id = textOf(members, 'subject_request_id', fault);
  if (!UUID_V4.test(id))
    throw fault('subject_request_id is no UUID of version 4 in lower case (OpenDSR §1.1)');
  const submitted = parseForeignInstant(textOf(members, 'submitted_time', fault), 'submitted_time', fault);
  return {
    types: [typeOf(members)],
    who: identitiesOf(members, policy),
    receivedOn: dateIn(submitted, policy.controller.zone),
    regime: regimeOf(members, given.regime),
    channel: 'opendsr',
    requester: 'self',
    level: 'specific',
    parental: undefined,
    parent: undefined,
    note: given.note,
    foreign: {
      protocol: 'opendsr',
      sender: undefined,
      id,
      details: {
        ownId: id,
        callbacks: textsOf(members, 'status_callback_urls', fault),
        apiVersion: optionalText(members, 'api_version', fault),
      },
    },
  };
}

function typeOf(members: Members): RequestType {
  const name = textOf(members, 'subject_request_type', fault);
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (type === undefined) throw fault(`subject_request_type is none of ${Object.keys(TYPES).join(', ')}`);
  return type;
}

function regimeOf(members: Members, given: string | undefined): string {
  const regime = optionalText(members, 'regulation', fault) ?? given;
  if (regime === undefined)
    throw fault('regulation is missing (OpenDSR §7.1.1), and --regime does not say it');
  if (members.regulation === undefined || REGIMES.includes(regime)) return regime;
  throw refused('unknown-regime', 'OpenDSR 2.0 knows the regulations gdpr and ccpa');
}

function identitiesOf(members: Members, policy: Policy): readonly Identifier[] {
  const list = members.subject_identities ?? [];
  if (!Array.isArray(list)) throw fault('subject_identities is not a list');
  const entries = list.map((item: Json, index) => identityOf(item, index));
  const raw = entries.filter(({ format }) => format === 'raw');
  const found = raw.flatMap(({ type, value }): readonly Identifier[] => {
    const kind = kindOf(policy, KINDS[type] ?? type);
    const normal = kind && normalise(kind, value);
    return kind === undefined || normal === undefined ? [] : [{ kind: kind.name, value: normal }];
  });
  if (found.length > 0) return found;
  if (entries.length > raw.length)
    throw refused(
      'identity-hashed',
      'its identities are hashed: nobody can be found by a plain hash',
      'ask the sender for the raw identity (OpenDSR §5.2)',
    );
  throw refused(
    'no-identity',
    'it has no identity that the policy knows',
    'identifiers of the policy may have the names of OpenDSR §5.1, such as android_advertising_id',
  );
}

interface Identity {
  readonly type: string;
  readonly value: string;
  readonly format: string;
}

function identityOf(item: Json, index: number): Identity {
  const within = (message: string) => fault(`subject_identities[${index}]: ${message}`);
  if (typeof item !== 'object' || item === null || Array.isArray(item)) throw within('is no object');
  const members = item as Members;
  return {
    type: textOf(members, 'identity_type', within),
    value: textOf(members, 'identity_value', within),
    format: textOf(members, 'identity_format', within),
  };
}
