import { test } from 'vitest';
import { runScript } from '../helpers/run-script.ts';
import { agentKeys, drpMembers, signed } from '../intake/drp-message.ts';

const agent = agentKeys();
const other = agentKeys();

const POLICY = `-- policy.yaml --
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr, ccpa] }
effective: 2026-01-01
protocols:
  drp:
    business_id: EXAMPLE_BUSINESS
    agents: { AGENT_1: { verify_key: "${agent.verifyKey}" }, AGENT_2: { verify_key: "${other.verifyKey}" } }
  opendsr: { controller_id: example-1 }
sources:
  users:
    files: "users*.csv"
    taken_at: "users-YYYY-MM-DD.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id, email: email }
    verify: { usable: [email] }
    category: account
categories: { account: { on_delete: erase } }
-- users-2026-01-01.csv --
id,email
1,ada@example.org
2,bea@example.org
`;

const drp = (changes: Readonly<Record<string, unknown>> = {}, key = agent.privateKey) =>
  signed(drpMembers(changes), key);

test('a request of an agent: checked, opened once, asked for, answered', async () => {
  await runScript(`
clock 2026-01-05T09:00:00Z
$ dsr init --policy policy.yaml
$ dsr ingest users-2026-01-01.csv
# Each of the six checks names itself, and nothing is stored.
$ dsr request open --file broken.txt --json
> exit 65
> json .error.code is "drp-base64"
> unchanged
$ dsr request open --file forged.txt --json
> exit 4
> json .error.code is "drp-signature"
> json .error.details.response.fatal is true
! stderr contains ada
> unchanged
$ dsr request open --file good.txt --agent AGENT_2
> exit 4
> stderr contains check 2 of 6, signature
> unchanged
$ dsr request open --file for-another.txt
> exit 4
> stderr contains check 4 of 6, business-id
> unchanged
$ dsr request open --file stale.txt
> exit 4
> stderr contains check 6 of 6, expires-at
> unchanged
$ dsr request open --file unsigned.json
> exit 4
> stderr contains without its signature cannot be checked
> unchanged
$ dsr request open --file good.txt --type delete
> exit 2
> unchanged
$ dsr request open --file good.txt --agent AGENT_1 --json
> json .request.id is "R-000001"
> json .request.type is "delete"
> json .request.requester is "agent"
> json .request.regime is "ccpa"
> json .request.subject is "S-000001"
> json .request.verified is false
> json .request.due_on is "2026-02-19"
> json .response.status is "open"
> json .response.agent_request_id is "foo"
> json .callbacks[0] is "https://dsr-agent.example.com/update_status"
! stdout contains ada@
$ID = json .response.request_id
# What the agent says of the person verifies nobody; staff see it with a reason.
$ dsr request show R-000001 --file --json
! json .file.claims
$ dsr request show R-000001 --file --reveal --reason verification --json
> json .file.claims.name is "Ada Lovelace"
> json .file.claims.email_verified is true
$ dsr request show R-000001 --file --reveal --reason verification
> stdout contains name, says AGENT_1
# The same again is one request; its id for another person or another right is refused.
$ dsr request open --file again.txt --json
> json .request.id is "R-000001"
> json .already_open is true
> json .response.request_id is "$ID"
> unchanged
$ dsr request open --file reused.txt
> exit 4
> stderr contains this foreign id belongs to a request for another person
> unchanged
$ dsr request open --file reused-type.txt
> exit 4
> unchanged
# The same id of another agent is another request.
$ dsr request open --file of-another-agent.txt --json
> json .request.id is "R-000002"
> json .possible_duplicates[0] is "R-000001"
$ dsr request duplicate R-000002 --of R-000001
$ dsr request show R-000002 --as drp
> stdout contains "status": "open"
$ dsr request show --foreign drp:$ID --as drp --agent AGENT_2
> exit 4
> stderr contains another agent
$ dsr request show --foreign drp:00000001-0000-4000-8000-000000000000 --as drp
> exit 5
$ dsr request show --foreign drp:$ID --as opendsr
> exit 4
# What the agent takes back is revoked.
$ dsr request withdraw R-000001 --reason revoked-by-agent
$ dsr request show --foreign drp:$ID --as drp --agent AGENT_1 --json
> json .request is "R-000001"
> json .status.status is "revoked"
$ dsr audit export audit
> file audit/entries.jsonl contains "foreign":"drp"
! file audit/entries.jsonl contains ada
! file audit/entries.jsonl contains "foo"
-- broken.txt --
this is no base64
-- forged.txt --
${drp({}, other.privateKey)}
-- good.txt --
${drp()}
-- again.txt --
${drp({ 'issued-at': '2026-01-05T08:59:30Z' })}
-- for-another.txt --
${drp({ 'business-id': 'SOMEBODY_ELSE' })}
-- stale.txt --
${drp({ 'issued-at': '2026-01-05T08:40:00Z', 'expires-at': '2026-01-05T08:50:00Z' })}
-- reused.txt --
${drp({ email: 'bea@example.org' })}
-- reused-type.txt --
${drp({ exercise: 'access' })}
-- of-another-agent.txt --
${drp({ 'agent-id': 'AGENT_2' }, other.privateKey)}
-- unsigned.json --
${drpMembers()}
${POLICY}`);
});

test('a request of a controller by OpenDSR, for somebody known and somebody who is not', async () => {
  const request = (id: string, email: string, more = '') =>
    `{"subject_request_id":"${id}","regulation":"gdpr","subject_request_type":"access","submitted_time":"2026-01-04T15:00:00Z","subject_identities":[{"identity_type":"email","identity_value":"${email}","identity_format":"raw"}],"api_version":"2.0"${more}}`;
  const known = 'a7551968-d5d6-44b2-9831-815ac9017798';
  const unknown = 'b7551968-d5d6-44b2-9831-815ac9017798';
  await runScript(`
clock 2026-01-05T09:00:00Z
$ dsr init --policy policy.yaml
$ dsr ingest users-2026-01-01.csv
$ dsr request open --file known.json --json
> json .request.received_on is "2026-01-04"
> json .request.subject is "S-000001"
> json .response.controller_id is "example-1"
> json .response.subject_request_id is "${known}"
> json .response.expected_completion_time is "2026-02-04T23:59:59Z"
! json .response.encoded_request
$ dsr request open --file known.json --json
> json .already_open is true
> unchanged
$ dsr request open --file reused.json
> exit 4
> unchanged
$ dsr request open --file future.json
> exit 4
> stderr contains is after today
> unchanged
$ dsr request open --file hashed.json
> exit 4
> stderr contains ask the sender for the raw identity
> unchanged
$ dsr request open --file two-persons.json
> exit 4
> stderr contains what was given leads to 2 persons
> unchanged
$ dsr request open --file unknown.json --json
> json .request.id is "R-000002"
> json .request.subject is null
$ dsr request show --foreign opendsr:${unknown} --as opendsr
> stdout contains "request_status": "pending"
# Nobody known: the answer says what was searched, and how fresh it was; the register and the status say so too.
$ dsr request verify R-000002 --method account
$ dsr request plan R-000002 --json
> json .nothing_held is true
$PLAN = json .plan.digest
$ dsr request run R-000002 --yes --plan $PLAN --out answer --json
> json .nothing_held is true
> json .searched[0].source is "users"
> file answer/data.json contains "nothing_held": true
> file answer/data.json contains "taken_at": "2026-01-01T00:00:00Z"
$ dsr request show R-000002 --json
> json .outcome.nothing_held is true
> json .outcome.searched[0].age_days is 4
$ dsr report register --format csv
> stdout contains nothing-held
$ dsr request show --foreign opendsr:${unknown} --as opendsr --json
> json .status.request_status is "completed"
> json .status.results_count is 0
> json .status.extensions.dsr.outcome is "nothing-held"
-- known.json --
${request(known, 'ada@example.org')}
-- reused.json --
${request(known, 'bea@example.org')}
-- unknown.json --
${request(unknown, 'zoe@example.org')}
-- two-persons.json --
${request('e7551968-d5d6-44b2-9831-815ac9017798', 'ada@example.org').replace('"subject_identities":[', '"subject_identities":[{"identity_type":"controller_customer_id","identity_value":"2","identity_format":"raw"},')}
-- future.json --
${request('c7551968-d5d6-44b2-9831-815ac9017798', 'ada@example.org').replace('2026-01-04', '2026-01-06')}
-- hashed.json --
${request('d7551968-d5d6-44b2-9831-815ac9017798', 'ab'.repeat(32)).replace('raw', 'sha256')}
${POLICY}`);
});
