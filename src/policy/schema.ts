import { z } from 'zod';
import { REGIME_CODES } from '../law/regime-codes.ts';
import { LETTER_KINDS } from '../letters/kinds.ts';
import { fourEyes, intake, protocols, staffMember, verification, waiting } from './schema-desk.ts';
import { sourceFile } from './schema-sources.ts';
import {
  code,
  column,
  country,
  date,
  filledList,
  filledRecord,
  label,
  list,
  name,
  period,
  role,
  size,
  strict,
  text,
  word,
  wordForms,
  zone,
} from './schema-values.ts';

const calendar = z
  .string()
  .regex(
    /^(?:[A-Z]{2}(?:-[A-Z0-9]{1,3})?|[\w][\w.-]*\.(?:csv|txt))$/,
    'must be a country or region such as US or DE-BY, or a file such as office.csv',
  );

const periodSource = word(['notice', 'law', 'controller']);

const controller = strict({
  name: text.describe('The name of the service or company, as its notice writes it.'),
  contact: text.describe('The address to which people write about their data.'),
  phone: text.exactOptional().describe('The telephone number for such questions.'),
  post: text.exactOptional().describe('The postal address for such questions.'),
  zone: zone.describe('The IANA time zone in which dates of duties are counted: America/Los_Angeles.'),
  regimes: filledList(word(REGIME_CODES)).describe('The laws that apply.'),
  holidays: z
    .union(
      [calendar, z.partialRecord(word(['default', ...REGIME_CODES]), calendar)],
      'must be a country or region such as US or DE-BY, a file such as office.csv, or a map of regime → one of these',
    )
    .exactOptional()
    .describe('Whose public holidays move a due date: a country or region (US, DE-BY), or a file of dates.'),
  complaint: z
    .array(text)
    .exactOptional()
    .describe('The steps of a complaint, in order, as the notice names them.'),
});

const coppa = strict({
  under: z.int().min(1).max(18).describe('The age below which a parent must consent.'),
  consent: strict({
    all_of: filledList(name).describe("The steps of a parent's consent; all of them count."),
    within: period.describe('How long the steps may take before the data is erased.'),
    source: periodSource.describe('Who says so: notice, law or controller.'),
  }).describe('What makes a consent complete.'),
});

const identifierKind = strict({
  strength: word(['account', 'contact', 'device', 'network'])
    .exactOptional()
    .describe('How much it proves: account, contact, device or network; a new kind needs it.'),
  normalise: word(['verbatim', 'fold-case', 'email', 'phone', 'ip'])
    .exactOptional()
    .describe('How values become comparable; verbatim for a new kind where left out.'),
  country: country.exactOptional().describe('The country of telephone numbers without a prefix: US.'),
});

const keepRule = strict({
  fields: filledList(column).describe('The columns that stay.'),
  when: list(code)
    .exactOptional()
    .describe('Grounds of which one must hold for this person; always where left out.'),
  basis: text.describe('The legal basis: "legal-obligation: tax".'),
  for: period.describe('How long they stay: P7Y.'),
  from: word(['deletion', 'date', 'end-of-year'])
    .exactOptional()
    .describe(
      "What the period counts from: the deletion, the row's date, or the end of that date's year; deletion where left out.",
    ),
  source: periodSource.describe('Who sets the period: notice, law or controller.'),
});

const ACTIONS = ['erase', 'anonymise', 'retain', 'keep'] as const;

const onDelete = z.union(
  [
    word(ACTIONS),
    strict({
      count_by: filledList(word(['hour', 'path', 'status'])).describe(
        'Logs: the line goes, and a count by these stays.',
      ),
    }),
    filledRecord(role, word([...ACTIONS, 'anonymise-author']), 'names no role'),
  ],
  wordForms('must be erase, anonymise, retain, keep, a map of role → action, or {count_by: […]}', ACTIONS),
);

const category = strict({
  title: text.exactOptional().describe('What people call it, for letters and reports.'),
  on_delete: onDelete.describe(
    "What a deletion does to a row: one action, an action for each role, or counts of a log's lines.",
  ),
  keep: z
    .array(keepRule)
    .exactOptional()
    .describe('What a deletion leaves of a row, on what basis and until when.'),
  expire: z
    .union(
      [
        period,
        strict({
          after: period.describe('The period.'),
          from: word(['date', 'end-of-year'])
            .exactOptional()
            .describe("The row's date, or the end of its year; date where left out."),
        }),
      ],
      'must be a period such as P90D, or a map with "after" and "from"',
    )
    .exactOptional()
    .describe('When every row ends, asked for or not.'),
  source: periodSource.exactOptional().describe('Who sets the period of expire: notice, law or controller.'),
  purposes: list(label).exactOptional().describe('What the data is used for: names of purposes.'),
});

const purpose = strict({
  title: text.describe('The purpose in words that people understand.'),
  basis: text.describe('The legal basis of the purpose.'),
});

const recipient = strict({
  role: text.describe('What the recipient is: processor, controller, authority, …'),
  categories: filledList(name).describe('The categories of data that the recipient gets.'),
  since: date.exactOptional().describe('Since when.'),
  agreement: z.boolean().exactOptional().describe('Whether there is an agreement; false where left out.'),
});

const backup = strict({
  sources: filledList(name).exactOptional().describe('The sources that are in it; all where left out.'),
  keep: period.describe('How long each copy is kept.'),
});

const points = z.int().min(1).max(10);

const templateFile = z
  .string()
  .regex(/^[\w][\w.-]*\.txt$/, 'must be the name of a text file beside the policy file, such as refusal.txt');

const limits = strict({
  plan_valid: period.exactOptional().describe('How long a plan may be run; P14D where left out.'),
  scrub_at_once_below: size
    .exactOptional()
    .describe('Ledgers above this size are scrubbed by the next purge, not at once; 2GB where left out.'),
  rejects_kept: period
    .exactOptional()
    .describe('How long rows that were set aside stay; P90D where left out.'),
  request_file_kept: period
    .exactOptional()
    .describe('How long the file of an ended request stays; P24M where left out.'),
  digests_kept: period
    .exactOptional()
    .describe('How long digests keep an erased person out, at least; P3Y where left out.'),
  backups_kept: period
    .exactOptional()
    .describe('How long a backup of the ledger stays, where --keep does not say; P35D where left out.'),
  points_specific: points
    .exactOptional()
    .describe('Data points that an access to specific pieces needs; 3 where left out.'),
  points_categories: points
    .exactOptional()
    .describe('Data points that an access to categories needs; 2 where left out.'),
  batch_at_most: z
    .int()
    .min(1)
    .max(1_000_000)
    .exactOptional()
    .describe('How many requests one batch carries out without a larger --max; 500 where left out.'),
});

/** The grammar of the policy file, short forms included; it fills in nothing. */
export const policyFile = strict(
  {
    controller: controller.describe('Who is responsible for the data.'),
    effective: date.describe('The day from which this policy holds.'),
    children: strict({ coppa: coppa.describe('16 CFR 312: children and the consent of a parent.') })
      .exactOptional()
      .describe('What holds for children.'),
    identifiers: z
      .record(name, identifierKind)
      .exactOptional()
      .describe(
        'Kinds of identifiers beside user_id, username, email, phone, cookie and ip, or changes to these.',
      ),
    sources: z
      .record(name, sourceFile)
      .describe('The tables and logs of the service, known through their exports.'),
    categories: z
      .record(name, category)
      .describe('What happens to the data: how long it stays, and what a deletion does.'),
    purposes: z.record(label, purpose).exactOptional().describe('What data is used for, and on what basis.'),
    recipients: z.record(label, recipient).exactOptional().describe('Whom data is given to.'),
    transfers: z
      .array(text)
      .exactOptional()
      .describe('Statements on transfers to other countries, for access answers.'),
    backups: z
      .record(label, backup)
      .exactOptional()
      .describe('Backups of the systems upstream: an erased person is in them until the newest is over.'),
    limits: limits.exactOptional().describe('Limits of the program.'),
    deadlines: z
      .partialRecord(word(REGIME_CODES), period)
      .exactOptional()
      .describe("The controller's own time for an answer: shorter than the law's, or where it names none."),
    staff: z
      .record(
        z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@+-]{0,63}$/u, 'must be a name as --actor takes it'),
        staffMember,
      )
      .exactOptional()
      .describe('Who works with the ledger, and what each may do.'),
    four_eyes: fourEyes.exactOptional().describe('What takes a second person.'),
    waiting: waiting.exactOptional().describe('How long a deletion waits, so that it can be stopped.'),
    verification: verification.exactOptional().describe('What whoever asks for another has to show.'),
    letters: z
      .partialRecord(word(LETTER_KINDS), templateFile)
      .exactOptional()
      .describe("Templates of letters in place of dsr's own: kind → file beside the policy file."),
    intake: intake.exactOptional().describe("How the rows of a web form's CSV become requests."),
    protocols: protocols.exactOptional().describe('Protocols by which others send requests.'),
  },
  {
    error: ({ code }) =>
      code === 'invalid_type'
        ? 'the file must be a map with controller, effective, sources and categories'
        : undefined,
  },
);

export type PolicyFile = z.infer<typeof policyFile>;
export type CategoryFile = z.infer<typeof category>;
export type IdentifierKindFile = z.infer<typeof identifierKind>;
