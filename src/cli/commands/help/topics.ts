import { EXIT_MEANINGS, type ExitName, exitCodesOf, renderExitCodes } from '../../exit-codes.ts';
import { lettersTopic } from './letters-topic.ts';
import { verificationTopic } from './verification-topic.ts';

export interface Topic {
  readonly summary: string;
  readonly text: () => string;
}

/** What `dsr help TOPIC` explains. Some are topics and commands; the topic says how to go on to the command. */
export const TOPICS: ReadonlyMap<string, Topic> = new Map([
  ['exit-codes', { summary: 'what the exit code says', text: exitCodes }],
  ['identifiers', { summary: 'how a person is named on the command line', text: identifiers }],
  ['environment', { summary: 'the environment variables that dsr reads', text: environment }],
  ['policy', { summary: 'the policy file, in short', text: policy }],
  ['staff', { summary: 'who may do what, and approvals by a second person', text: staff }],
  ['certificate', { summary: 'the file of a certificate, for who verifies without dsr', text: certificate }],
  [
    'letters',
    { summary: 'letters of your own: their names and what laws have them say', text: lettersTopic },
  ],
  ['verification', { summary: 'what somebody has to show, by type and law', text: verificationTopic }],
]);

function exitCodes(): string {
  return [
    'Exit codes, the same for every command:',
    renderExitCodes(exitCodesOf(Object.keys(EXIT_MEANINGS) as ExitName[])),
    '',
    'Of several, the first of 20, 65, 3, 6, 0 wins. A code that is not listed is a failure.',
    'A request that is answered with "nothing held" is done, not "not found".',
    'After an erasure: 11 while another connection keeps its bytes, 1 where the disk does; 6 where some were',
    'found again, or not everything could be searched. The next dsr purge goes on.',
  ].join('\n');
}

function identifiers(): string {
  return `A person is named by an identifier, kind:value, or by a subject id:
  email:ada@example.org   phone:+14155550100   user_id:42   username:ada
  cookie:9f31c0de         ip:203.0.113.9       S-000042

The policy may define more kinds. Values are compared in a normal form: e-mail
and user names whatever their case, phone numbers as E.164, IP addresses in one
spelling.

Where an ID is expected, - reads it from standard input, and on a terminal
leaving it out asks for it; both keep it out of the process list and of the
shell's history:
  dsr subject find - < who.txt`;
}

function environment(): string {
  return `DSR_LEDGER        the ledger, as --ledger; default ./dsr.db
DSR_SECRETS_FILE  the file with the signing and digest keys; default LEDGER.secrets
DSR_NOW           the instant to act at, as --as-of; for rehearsal ledgers
DSR_ACTOR         who acts, as --actor; default the login name
DSR_DEBUG         1 shows full traces of faults, as --verbose does
NO_COLOR          any value: no colours, as --no-color

A flag wins over its variable. SUDO_USER, where sudo sets it, is put on record
beside the login name.`;
}

function policy(): string {
  return `dsr.yaml maps the exports and says what the privacy policy promises:
  controller   who answers for the data, time zone, regimes
  effective    the date of this policy
  sources      each export: file names, format, key, whose identifiers stand where
  categories   what a deletion does, what is kept on what ground, when data expires
  children     the age and the steps of consent for parental review
  identifiers, purposes, recipients, transfers, limits

A column that is not mapped is refused, so nothing is loaded by accident; never:
names columns that are dropped before they are stored. Each period says where it
comes from: notice, law or controller.

  dsr init              writes a commented dsr.yaml to start from
  dsr policy check      lists every mistake as file:line:col: message
  dsr policy apply      puts it in force as a new version
  dsr policy --help     all commands on policies`;
}

function staff(): string {
  return `Where the policy names staff, an act that needs a role is refused to everybody
else (exit 4). Who acts is said by --actor, else by the login name:
  desk      open, verify, letters, notes, decisions on people and rows
  planner   plan, run, batch plan, batch run; desk work too
  approver  approve, batch approve; desk work too
  legal     hold place, hold release, and nothing else

Reports, imports, backups and the purge need no role, so a schedule goes on.
Nor does policy apply: whoever holds the key files decides who is staff, and the
audit log has each version with the login that applied it.

four_eyes names the types of request whose plan a second person has to approve
before it is run: never the one who planned, and exactly that plan.

--actor is a declaration, and such an approval is reported as "by declaration";
under the login that also planned, that is said too. A signature proves who it
was. The line that is signed names the request, the plan and this ledger:
  dsr request approve R-000007 --plan DIGEST --print > approval
  ssh-keygen -Y sign -n dsr-approval -f ~/.ssh/id_ed25519 approval
  dsr request approve R-000007 --plan DIGEST --signature approval.sig

It counts where the key stands in the policy under staff, NAME, keys: ed25519,
RSA of 2048 bits or more, or ECDSA on nistp256, nistp384 or nistp521. With
four_eyes signed: true no other approval counts. A key that is taken out of the
policy takes the approvals with it that are not carried out yet.`;
}

function certificate(): string {
  return `A certificate is one JSON file in the form of RFC 8785 and a line feed; any
other byte makes it another file. Its members:
  schema_version  1
  certificate     what it says
  signature       one signature line over it
  checkpoint      size and root of the audit log (c2sp.org/tlog-checkpoint)
  evidence        the audit entries it rests on, each as text with its proof
  key             the public key, name+id+key (vkey of c2sp.org/signed-note)

Verified with nothing of dsr, in five steps. The first line of what is signed is
"dsr certificate v1":
  1. The key is one that you noted before (dsr key public). Its name is
     certificate.ledger.origin. After a ledger was lost and restored the name
     ends in /2, /3 and so on, and the last part of the key is the same.
  2. A signed note (c2sp.org/signed-note, Ed25519) made of that first line, the
     member certificate in RFC 8785, each with a line feed, an empty line and
     the line signature opens with the key.
  3. The note checkpoint opens with the key. Its lines are ledger.origin,
     log.size and log.root (there in base64, in the certificate in hex).
  4. Entry n of evidence is entry n of certificate.evidence: its members seq and
     act are the same, and SHA-256 of a zero byte and its text is leaf. With
     index seq - 1 its proof (base64, from the leaf up) leads to log.root, as
     RFC 9162 says in section 2.1.3.2.
  5. The entries tell what the certificate says. request is the number in
     request.id, or the entry is of an import or of work orders. request.applied
     has the plan, the time and the counts of runs and applied; request.planned
     the plan and its policy version. bytes.proven, bytes.residue and
     bytes.unproven have the figures of bytes.proof.

What stands in no entry (remains, backups, gate, upstream) rests on the
signature. An entry that names a person does so by a keyed digest that nobody
can undo.

  dsr certificate verify FILE --key PUB   does all this, offline
  dsr certificate --help                  both commands on certificates`;
}
