/** The commented policy file that `dsr init` writes. */
export const STARTER_POLICY = `# dsr.yaml: the data map of your service and its executable privacy policy.
# Change it to fit, then run: dsr policy check

# Who is responsible, where people write to, and which laws apply.
controller:
  name: Example
  contact: privacy@example.org
  zone: America/New_York            # dates of duties are counted here
  regimes: [ccpa]                   # gdpr, uk-gdpr, ccpa, coppa, …
  holidays: US                      # whose public holidays count as days off: DE-BY, or a file such as office.csv

effective: 2026-01-01               # the day from which this policy holds

# The tables and logs of your service, as it exports them. Every column of a file is named somewhere:
# a column that is not known stops the import.
sources:
  users:
    files: "users*.csv"             # * and ? in file names; .gz may follow
    format: csv                     # csv, json, ndjson, common, combined, or {type: csv, delimiter: ";"}
    mode: snapshot                  # each file is the whole table: a row that vanishes was deleted upstream
    account: true                   # one row is one person
    key: id                         # what tells a row from all others, in every export
    subject:                        # how the person is found: kind of identifier → column
      user_id: id
      email: { column: email, confirmed: email_confirmed }
      username: username
    birth_date: birth_date          # or {column: birth_date, format: M/D/YYYY}
    never: [password_hash]          # dropped before anything is stored
    ignore: [theme]                 # nobody's data, not loaded
    visible: [username]             # shown in public, so it proves nothing
    verify: { usable: [email, birth_date, postcode] }   # what may prove who somebody is
    grounds:                        # values that give a ground for keeping some fields
      ban: { column: status, in: [banned] }
    category: account
    fields:                         # all other columns, with fideslang data categories
      name: user.name
      postcode: user.contact.address.postal_code
      created_at: user

  messages:
    files: "messages*.ndjson"
    format: ndjson
    mode: append                    # files only add rows
    key: id
    parties:                        # several persons in one row, each in a role
      author: { user_id: from_id }
      recipient: { user_id: to_id }
    date: sent_at                   # retention counts from it
    free_text: [body]
    category: messages

  payments:
    files: "payments*.csv"
    format: csv
    mode: append
    key: id
    subject: { user_id: user_id, email: payer_email }
    date: paid_at
    payment: true                   # card numbers keep their last four digits
    category: payments
    fields: [amount, currency, payer_name, card_number]

  access_log:
    files: "access*.log*"
    format: combined
    subject: { username: user, cookie: query.sid }      # host, ident, user, path, referrer, agent, query.NAME
    weak: { ip: host }              # an address is a person's only within a window that was proven
    category: server_log

# How long data stays, and what a deletion does to it: erase, anonymise, retain or keep.
# Every period says who sets it: notice, law or controller.
categories:
  account:
    title: Your account
    on_delete: erase
    keep:                           # only where the person has the ground
      - { fields: [name, email], when: [ban, dispute], basis: legal-claims, for: P3Y, source: controller }
    purposes: [service]
  messages:
    title: Messages
    on_delete: { author: anonymise, recipient: keep }
    purposes: [service]
  payments:
    title: Payments
    on_delete: retain               # only the fields below stay, until the period ends
    keep:
      - fields: [id, paid_at, amount, currency, payer_name]
        basis: "legal-obligation: tax"
        for: P7Y
        from: end-of-year
        source: law
    purposes: [billing]
  server_log:
    title: Server log
    on_delete: { count_by: [hour, path, status] }       # the line goes, a count stays
    expire: P90D
    source: controller
    purposes: [service]

# How long a deletion, or a change of an address or a name to sign in with, waits: the rows are restricted at
# once, the address that was known before is told, and the person can stop it. Leave it out, and nothing waits.
waiting: { period: P3D }

# What the data is used for, and whom it is given to.
purposes:
  service: { title: Running the service, basis: contract }
  billing: { title: Payments and accounts, basis: contract }

recipients:
  card-processor: { role: processor, categories: [payments], agreement: true }
`;
