import { test } from 'vitest';
import { runScript } from '../helpers/run-script.ts';

const LEDGER = `-- policy.yaml --
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users:
    files: "users*.csv"
    taken_at: "users-YYYY-MM-DD.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id, email: email }
    category: account
categories: { account: { on_delete: erase } }
-- users-2026-01-01.csv --
id,email
1,ada@example.org
2,bea@example.org
3,twin@example.org
4,twin@example.org
`;

test('a form is opened whole or not at all, and each row once', async () => {
  await runScript(`
clock 2026-01-05T09:00:00Z
$ dsr init --policy policy.yaml
$ dsr ingest users-2026-01-01.csv
# Who a row is about, and when, is judged by rules as well: two candidates, a day to come, an id that is another's.
$ dsr request open --csv mixed.csv --json
> exit 65
> json .error.code is "form-rows"
> json .error.problems[0].line is 3
> json .error.problems[0].message is "this identifier stands for 2 persons"
> json .error.problems[1].line is 4
> json .error.problems[2].line is 5
> json .error.problems[2].column is 5
> json .error.problems[3].line is 6
> json .error.problems has 4
! stderr contains @
> unchanged
$ dsr request open --csv mixed.csv --skip-bad --json
> exit 3
> json .opened is 2
> json .skipped is 4
> json .requests[0].id is "R-000001"
> json .requests[0].foreign.protocol is "form"
> json .requests[1].subject is null
$ dsr request open --csv mixed.csv --skip-bad --json
> exit 3
> json .opened is 0
> json .already_open is 2
> unchanged
$ dsr request open --csv only-bad.csv --skip-bad
> exit 65
> unchanged
# One that asks again under another id is opened, and said.
$ dsr request open --csv again.csv --type access --json
> json .opened is 1
> json .possible_duplicates[0].request is "R-000003"
> json .possible_duplicates[0].of is "R-000001"
# A row with two wishes is two requests of one mail.
$ dsr request open --csv two.csv --received 2026-01-03 --regime ccpa --json
> json .opened is 2
> json .requests[0].type is "access"
> json .requests[1].bundle is "R-000004"
> json .requests[1].received_on is "2026-01-03"
> json .requests[1].regime is "ccpa"
$ dsr request show --foreign form:F-1 --json
> json .request.id is "R-000001"
$ dsr request show --foreign form:F-9
> exit 5
# Nothing to open is no fault; a file that is none, a flag too many, are.
$ dsr request open --csv empty.csv --type access --json
> json .opened is 0
> unchanged
$ dsr request open --csv missing.csv
> exit 5
> unchanged
$ dsr request open --csv again.csv user_id:1
> exit 2
> unchanged
$ dsr request open --csv again.csv --file again.csv
> exit 2
> unchanged
$ dsr request open --type access user_id:1 --skip-bad
> exit 2
> unchanged
$ dsr audit export audit
> file audit/entries.jsonl contains requests.opened
! file audit/entries.jsonl contains example.org
! file audit/entries.jsonl contains F-1
$ dsr audit verify
-- mixed.csv --
foreign_id,email,type,received
F-1,ada@example.org,access,2026-01-05
F-2,twin@example.org,access,2026-01-05
F-3,bea@example.org,access,2026-01-06
F-4,bea,access,2026-01-05
F-1,bea@example.org,access,2026-01-05
F-5,zoe@example.org,access,2026-01-05
-- only-bad.csv --
email,type
bea,access
-- again.csv --
foreign_id;email
F-7;ada@example.org
-- two.csv --
email,type
bea@example.org,"delete,access"
-- empty.csv --
email
${LEDGER}`);
});

test('a thousand rows are one act', async () => {
  const rows = Array.from({ length: 1000 }, (_, n) => `u${n}@example.org,2026-01-0${1 + (n % 5)}`);
  await runScript(`
clock 2026-01-05T09:00:00Z
$ dsr init --policy policy.yaml
$ dsr request open --csv form.csv --type delete
> stdout contains 1000 opened: R-000001 to R-001000
$ dsr request open --csv form.csv --type delete
> stdout contains 1000 were here already
> unchanged
$ dsr audit verify --json
> json .size is 2
-- form.csv --
email,received
${rows.join('\n')}
${LEDGER}`);
});
