import { z } from 'zod';
import {
  code,
  column,
  dateFormat,
  filledList,
  list,
  name,
  period,
  strict,
  text,
  word,
} from './schema-values.ts';
import { REQUEST_TYPES, STAFF_ROLES } from './types.ts';

/** One of staff. */
export const staffMember = strict({
  roles: filledList(word(STAFF_ROLES)).describe(
    'What they may do: desk (open, verify, letters), planner (plan and run), approver, legal (holds).',
  ),
  keys: z
    .array(
      z
        .string()
        .regex(
          /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-\S+|sk-\S+) [A-Za-z0-9+/=]+(?: .*)?$/,
          'must be a public key of SSH, on one line',
        ),
    )
    .exactOptional()
    .describe('Their public keys of SSH: an approval that is signed with one counts as theirs.'),
});

/** What takes a second person. */
export const fourEyes = strict({
  types: filledList(word(REQUEST_TYPES)).describe('Requests whose plan a second person has to approve.'),
  signed: z
    .boolean()
    .exactOptional()
    .describe("Whether only an approval signed with the approver's own key counts; false where left out."),
});

/** How long a deletion waits. */
export const waiting = strict({
  period: period.describe('How long: P3D.'),
  for: filledList(word(['delete', 'parental-delete', 'identifier']))
    .exactOptional()
    .describe(
      'What waits: deletions, those that a parent asks for, changes of an identifier; first and last where left out.',
    ),
});

const steps = filledList(code);

/** What has to be shown, and how codes live. */
export const verification = strict({
  agent: steps.exactOptional().describe('What an agent has to show; signed-permission where left out.'),
  heir: steps
    .exactOptional()
    .describe('What an heir has to show; death-certificate and proof-of-heirship where left out.'),
  household: steps
    .exactOptional()
    .describe('What a household has to show; all-members-asked and each-member-verified where left out.'),
  authority: steps.exactOptional().describe('What an authority has to show; written-order where left out.'),
  document: list(code)
    .exactOptional()
    .describe('Documents of which one proves a person to whoever looks at it; none where left out.'),
  code_valid_hours: z
    .int()
    .min(1)
    .max(168)
    .exactOptional()
    .describe('How many hours a code that was sent counts; 24 where left out.'),
  codes_per_day: z
    .int()
    .min(1)
    .max(20)
    .exactOptional()
    .describe('How many codes one request may be sent in a day; 3 where left out.'),
});

/** How the rows of a web form's CSV become requests. */
export const intake = strict({
  columns: z
    .record(name, column)
    .describe(
      'What a row holds → its column: type, received, regime, channel, requester, level, foreign_id, note, id, or a kind of identifier.',
    ),
  types: z
    .record(z.string(), word(REQUEST_TYPES))
    .exactOptional()
    .describe('What the form writes → the type of request.'),
  received: dateFormat
    .exactOptional()
    .describe('How the form writes the day of receipt; iso where left out.'),
});

/** By which protocols others send requests. */
export const protocols = strict({
  drp: strict({
    business_id: text.describe('The id under which agents know the business.'),
    agents: z
      .record(
        z.string().regex(/^[A-Za-z0-9_.-]+$/, 'must be an id of an agent'),
        strict({
          name: text.exactOptional().describe('What the agent is called.'),
          verify_key: z
            .string()
            .regex(/^[A-Za-z0-9+/_-]{43}=?$/, 'must be an Ed25519 key of 32 bytes in base64')
            .describe('The key that its requests are signed with.'),
        }),
      )
      .describe('The agents whose requests are taken, by their id.'),
  })
    .exactOptional()
    .describe('Data Rights Protocol 1.0.'),
  opendsr: strict({
    controller_id: text.describe('The id of the controller in answers.'),
  })
    .exactOptional()
    .describe('OpenDSR 2.0.'),
});
