import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/policy/parse.ts';
import { problemsOf } from './policy-texts.ts';

// Two lines, so that what a case adds starts on the third.
const HEAD = `controller: { name: A, contact: a@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
`;
const CATEGORY = 'categories: { a: { on_delete: erase } }\n';
const TABLE = 'files: "u*.csv", format: csv, mode: append, key: id, category: a';
const DATED = `${TABLE}, subject: { user_id: id }, date: day`;
const LOG = 'files: "*.log", format: combined, category: a, subject: { username: user }';
const BASE = `${HEAD}${CATEGORY}sources: { t: { ${TABLE}, subject: { user_id: id } } }\n`;

/** A whole file: a category on line 3, then these lines under `sources:` from line 5 on. */
function sources(...lines: readonly string[]): string {
  return `${HEAD}${CATEGORY}sources:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** A whole file: a source on line 3, then these lines under `categories:` from line 5 on. */
function category(source: string, ...lines: readonly string[]): string {
  return `${HEAD}sources: { t: { ${source} } }\ncategories:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

interface Case {
  readonly name: string;
  readonly text: string;
  readonly problems: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'an unknown key names the nearest known one',
    text: sources(
      't:',
      '  files: "u*.csv"',
      '  fromat: csv',
      '  mode: append',
      '  key: id',
      '  category: a',
      '  subject: { user_id: id }',
    ),
    problems: [
      'dsr.yaml:5:3: sources.t: missing key "format"',
      'dsr.yaml:7:5: sources.t: unknown key "fromat"; did you mean "format"?',
    ],
  },
  {
    name: 'an unknown key far from any known one has no suggestion',
    text: `${BASE}quux: 1\n`,
    problems: ['dsr.yaml:5:1: unknown key "quux"'],
  },
  {
    name: 'an unknown key inside a list item',
    text: category(
      DATED,
      'a:',
      '  on_delete: retain',
      '  keep:',
      '    - { fields: [id], basis: tax, for: P7Y, source: law, until: P1Y }',
    ),
    problems: ['dsr.yaml:8:60: categories.a.keep[0]: unknown key "until"'],
  },
  {
    name: 'missing keys are shown at the name of their map',
    text: `${HEAD}${CATEGORY}sources:\n  t:\n    files: "u*.csv"\n    format: csv\n    category: a\n`,
    problems: [
      'dsr.yaml:5:3: sources.t: missing key "mode"',
      'dsr.yaml:5:3: sources.t: missing key "key"',
      'dsr.yaml:5:3: sources.t: missing key "subject" (or "parties"): its rows would be nobody\'s',
    ],
  },
  {
    name: 'missing keys of the file stand at its start',
    text: '# nothing else\nchildren: {}\n',
    problems: [
      'dsr.yaml:2:1: missing key "controller"',
      'dsr.yaml:2:1: missing key "effective"',
      'dsr.yaml:2:1: children: missing key "coppa"',
      'dsr.yaml:2:1: missing key "sources"',
      'dsr.yaml:2:1: missing key "categories"',
    ],
  },
  {
    name: 'text that YAML reads as a number',
    text: sources(`t: { ${TABLE}, subject: { user_id: 2010 } }`),
    problems: ['dsr.yaml:5:94: sources.t.subject.user_id: must be text; write it in quotes'],
  },
  {
    name: 'text that YAML reads as true',
    text: sources(
      `t: { ${TABLE}, subject: { user_id: id }, grounds: { ban: { column: status, in: [true] } } }`,
    ),
    problems: ['dsr.yaml:5:139: sources.t.grounds.ban.in[0]: must be text; write it in quotes'],
  },
  {
    name: 'a value that was left out',
    text: sources(`t: { ${TABLE}, subject: { user_id: id }, birth_date: }`),
    problems: ['dsr.yaml:5:112: sources.t.birth_date: must be a column, or a map with "column" and "format"'],
  },
  {
    name: 'a list where a map is expected',
    text: `${HEAD}${CATEGORY}sources: []\n`,
    problems: ['dsr.yaml:4:10: sources: must be a map'],
  },
  {
    name: 'text where a list is expected',
    text: sources(`t: { ${TABLE}, subject: { user_id: id }, never: password }`),
    problems: ['dsr.yaml:5:107: sources.t.never: must be a list'],
  },
  {
    name: 'text where true or false is expected',
    text: sources(`t: { ${TABLE}, subject: { user_id: id }, payment: "yes" }`),
    problems: ['dsr.yaml:5:109: sources.t.payment: must be true or false'],
  },
  {
    name: 'a word of a closed list',
    text: sources(
      't: { files: "u*.csv", format: csv, mode: snapshop, key: id, category: a, subject: { user_id: id } }',
    ),
    problems: ['dsr.yaml:5:44: sources.t.mode: must be snapshot or append; did you mean "snapshot"?'],
  },
  {
    name: 'an unknown format',
    text: sources(
      't: { files: "u*.csv", format: xml, mode: append, key: id, category: a, subject: { user_id: id } }',
    ),
    problems: [
      'dsr.yaml:5:33: sources.t.format: must be csv, json, ndjson, common, combined, or a map with "type"',
    ],
  },
  {
    name: 'an unknown format in the long form',
    text: sources(
      't: { files: "u*.csv", format: { type: cvs }, mode: append, key: id, category: a, subject: { user_id: id } }',
    ),
    problems: [
      'dsr.yaml:5:41: sources.t.format.type: must be csv, json, ndjson, common or combined; did you mean "csv"?',
    ],
  },
  {
    name: 'a long format without its type',
    text: sources(
      't: { files: "u*.csv", format: { delimiter: ";" }, mode: append, key: id, category: a, subject: { user_id: id } }',
    ),
    problems: ['dsr.yaml:5:25: sources.t.format: missing key "type"'],
  },
  {
    name: 'details of another format',
    text: sources(
      't: { files: "u*.csv", format: { type: json, delimiter: ";" }, mode: append, key: id, category: a, subject: { user_id: id } }',
    ),
    problems: ['dsr.yaml:5:47: sources.t.format: unknown key "delimiter"'],
  },
  {
    name: 'a delimiter of two characters',
    text: sources(
      't: { files: "u*.csv", format: { type: csv, delimiter: "||" }, mode: append, key: id, category: a, subject: { user_id: id } }',
    ),
    problems: ['dsr.yaml:5:57: sources.t.format.delimiter: must be one character'],
  },
  {
    name: 'a delimiter that is the quote',
    text: sources(
      't: { files: "u*.csv", format: { type: csv, delimiter: "\'", quote: "\'" }, mode: append, key: id, category: a, subject: { user_id: id } }',
    ),
    problems: ['dsr.yaml:5:33: sources.t.format: delimiter and quote are the same character'],
  },
  {
    name: 'names that could not be file names',
    text: `${HEAD}categories: { A: { on_delete: erase } }\nsources: { my-table: { ${TABLE}, subject: { user_id: id } } }\n`,
    problems: [
      'dsr.yaml:3:15: categories.A: the name must be lower-case letters, digits and _, starting with a letter',
      'dsr.yaml:4:12: sources.my-table: the name must be lower-case letters, digits and _, starting with a letter',
    ],
  },
  {
    name: 'a recipient and a purpose may have a hyphen, but no capital',
    text: `${BASE}recipients: { card-processor: { role: processor, categories: [a] } }\npurposes: { Ads: { title: Ads, basis: consent } }\n`,
    problems: [
      'dsr.yaml:6:13: purposes.Ads: the name must be lower-case letters, digits, _ and -, starting with a letter',
    ],
  },
  {
    name: 'a glob with a folder',
    text: sources(
      't: { files: "exports/u*.csv", format: csv, mode: append, key: id, category: a, subject: { user_id: id } }',
    ),
    problems: ['dsr.yaml:5:15: sources.t.files: must be a file name, with * and ? but without a folder'],
  },
  {
    name: 'a taken_at without a date',
    text: sources(`t: { ${TABLE}, subject: { user_id: id }, taken_at: users.csv }`),
    problems: [
      'dsr.yaml:5:110: sources.t.taken_at: must be a file name with one date in it, such as users-YYYY-MM-DD.csv',
    ],
  },
  {
    name: 'a taken_at that no file name fits',
    text: sources(`t: { ${TABLE}, subject: { user_id: id }, taken_at: members-YYYYMMDD.csv }`),
    problems: ['dsr.yaml:5:110: sources.t.taken_at: no file of this source has such a name; see "files"'],
  },
  {
    name: 'date formats that cannot be read',
    text: sources(
      `t: { ${TABLE}, subject: { user_id: id }, date: { column: day, format: DD.MM.YY } }`,
      `u: { files: a, format: csv, mode: append, key: id, category: a, subject: { user_id: id }, date: { column: day, format: MM/DD HH:mm } }`,
      `v: { files: b, format: csv, mode: append, key: id, category: a, subject: { user_id: id }, date: { column: day, format: YYYYMD } }`,
      `w: { files: c, format: csv, mode: append, key: id, category: a, subject: { user_id: id }, date: { column: day, format: YYYY-MM-DD mm } }`,
      `x: { files: d, format: csv, mode: append, key: id, category: a, subject: { user_id: id }, date: { column: day, format: YYYY-MM-DD D } }`,
    ),
    problems: [
      'dsr.yaml:5:129: sources.t.date.format: must be iso, epoch, epoch-ms or a pattern of YYYY MM M DD D HH mm ss',
      'dsr.yaml:6:122: sources.u.date.format: has no year',
      'dsr.yaml:7:122: sources.v.date.format: cannot tell where M ends; write MM or put a sign after it',
      'dsr.yaml:8:122: sources.w.date.format: has minutes without hours',
      'dsr.yaml:9:122: sources.x.date.format: has the day twice',
    ],
  },
  {
    name: 'periods that are none',
    text: category(
      DATED,
      'a: { on_delete: erase, expire: 90 days, source: law }',
      'b: { on_delete: erase, expire: P0D, source: law }',
      'c: { on_delete: erase, expire: { after: PT90H, from: date }, source: law }',
      'd: { on_delete: erase, expire: 90, source: law }',
    ),
    problems: [
      'dsr.yaml:5:34: categories.a.expire: must be a period such as P90D, P6M or P7Y',
      'dsr.yaml:6:34: categories.b.expire: must be a period such as P90D, P6M or P7Y',
      'dsr.yaml:7:43: categories.c.expire.after: must be a period such as P90D, P6M or P7Y',
      'dsr.yaml:8:34: categories.d.expire: must be a period such as P90D, or a map with "after" and "from"',
    ],
  },
  {
    name: 'a zone that is none',
    text: BASE.replace('zone: UTC', 'zone: Mars/Olympus'),
    problems: ['dsr.yaml:1:54: controller.zone: must be an IANA time zone such as Europe/Berlin'],
  },
  {
    name: 'a zone that is an offset',
    text: BASE.replace('zone: UTC', 'zone: "+02:00"'),
    problems: ['dsr.yaml:1:54: controller.zone: must be an IANA time zone such as Europe/Berlin'],
  },
  {
    name: 'an unknown regime',
    text: BASE.replace('[gdpr]', '[gdpr, gpdr]'),
    problems: [
      'dsr.yaml:1:75: controller.regimes[1]: must be gdpr, uk-gdpr, ccpa, virginia, colorado, connecticut, lgpd, pipeda, australia, new-zealand or coppa; did you mean "gdpr"?',
    ],
  },
  {
    name: 'a day that is none',
    text: BASE.replace('2026-01-01', '2026-02-30'),
    problems: ['dsr.yaml:2:12: effective: must be a date such as 2026-11-22'],
  },
  {
    name: 'a list in which something stands twice',
    text: sources(`t: { ${TABLE}, subject: { user_id: id }, never: [a, b, a] }`),
    problems: ['dsr.yaml:5:114: sources.t.never[2]: "a" stands here twice'],
  },
  {
    name: '__proto__ as a column',
    text: sources(`t: { ${TABLE}, subject: { user_id: id }, fields: [__proto__] }`),
    problems: [
      'dsr.yaml:5:109: sources.t.fields[0]: must be a column name; __proto__ and control characters cannot be read',
    ],
  },
  {
    name: 'a control character in a column',
    text: sources(`t: { ${TABLE}, subject: { user_id: id }, fields: ["a\\0b"] }`),
    problems: [
      'dsr.yaml:5:109: sources.t.fields[0]: must be a column name; __proto__ and control characters cannot be read',
    ],
  },
  {
    name: 'a field that is no fideslang key',
    text: sources(`t: { ${TABLE}, subject: { user_id: id }, fields: { name: User Name } }`),
    problems: ['dsr.yaml:5:116: sources.t.fields.name: must be a fideslang key such as user.contact.email'],
  },
  {
    name: 'an account source without a subject',
    text: sources(`t: { ${TABLE}, account: true, parties: { author: { user_id: id } } }`),
    problems: ['dsr.yaml:5:3: sources.t: missing key "subject": a row of an account source is one person'],
  },
  {
    name: 'an account source without an account identifier',
    text: sources(`t: { ${TABLE}, account: true, subject: { email: mail, cookie: sid } }`),
    problems: [
      'dsr.yaml:5:89: sources.t.subject: an account source needs an identifier of strength account, such as user_id',
    ],
  },
  {
    name: "rows that would be nobody's",
    text: sources(`t: { ${TABLE} }`),
    problems: ['dsr.yaml:5:3: sources.t: missing key "subject" (or "parties"): its rows would be nobody\'s'],
  },
  {
    name: 'a party without identifiers',
    text: sources(`t: { ${TABLE}, parties: { author: {}, reader: { user_id: reader } } }`),
    problems: ['dsr.yaml:5:93: sources.t.parties.author: names no identifier'],
  },
  {
    name: "the row's own person under parties",
    text: sources(`t: { ${TABLE}, parties: { subject: { user_id: id } } }`),
    problems: [
      'dsr.yaml:5:85: sources.t.parties.subject: the row\'s own person stands under "subject" of the source',
    ],
  },
  {
    name: 'an unknown kind of identifier',
    text: sources(`t: { ${TABLE}, subject: { user_id: id, emial: mail } }`),
    problems: ['dsr.yaml:5:98: sources.t.subject: unknown kind of identifier "emial"; did you mean "email"?'],
  },
  {
    name: 'a birth date and an age',
    text: sources(
      `t: { ${TABLE}, subject: { user_id: id }, birth_date: dob, age: { column: age, as_of: day } }`,
    ),
    problems: ['dsr.yaml:5:117: sources.t.age: a source has a birth_date or an age, not both'],
  },
  {
    name: 'columns that are dropped and used',
    text: sources(
      `t: { ${TABLE}, subject: { user_id: id, email: mail }, never: [mail, pin], ignore: [pin, day], date: day }`,
    ),
    problems: [
      'dsr.yaml:5:121: sources.t.never[0]: the column "mail" is under never and also under subject',
      'dsr.yaml:5:127: sources.t.never[1]: the column "pin" is under never and also under ignore',
      'dsr.yaml:5:147: sources.t.ignore[1]: the column "day" is under ignore and also under date',
    ],
  },
  {
    name: 'a visible column as proof',
    text: sources(
      `t: { ${TABLE}, subject: { user_id: id, email: mail }, visible: [mail], verify: { usable: [mail] } }`,
    ),
    problems: [
      'dsr.yaml:5:149: sources.t.verify.usable[0]: the column "mail" is visible to everybody, so it proves nothing',
    ],
  },
  {
    name: 'an identifier that confirms itself',
    text: sources(`t: { ${TABLE}, subject: { user_id: id, email: { column: mail, confirmed: mail } } }`),
    problems: [
      'dsr.yaml:5:132: sources.t.subject.email.confirmed: must be another column than the identifier itself',
    ],
  },
  {
    name: 'columns of a file without a header',
    text: sources(
      't: { files: "u*.csv", format: { type: csv, columns: [id, mail, age] }, mode: append, key: id, category: a, subject: { user_id: id, email: mial } }',
    ),
    problems: [
      'dsr.yaml:5:60: sources.t.format.columns[1]: the column "mail" is mapped nowhere; put it under fields, never or ignore',
      'dsr.yaml:5:66: sources.t.format.columns[2]: the column "age" is mapped nowhere; put it under fields, never or ignore',
      'dsr.yaml:5:141: sources.t.subject.email: the column "mial" is not among format.columns; did you mean "mail"?',
    ],
  },
  {
    name: 'a source of a category that is not there',
    text: sources(
      't: { files: "u*.csv", format: csv, mode: append, key: id, category: aa, subject: { user_id: id } }',
    ),
    problems: ['dsr.yaml:5:71: sources.t.category: no category is named "aa"; did you mean "a"?'],
  },
  {
    name: 'two sources with the same files',
    text: sources(`t: { ${TABLE}, subject: { user_id: id } }`, `u: { ${TABLE}, subject: { user_id: id } }`),
    problems: ['dsr.yaml:6:15: sources.u.files: the source "t" has the same files'],
  },
  {
    name: 'a table with a key of logs',
    text: sources(`t: { ${TABLE}, subject: { user_id: id }, weak: { ip: addr } }`),
    problems: ['dsr.yaml:5:100: sources.t.weak: is for logs only (format common or combined)'],
  },
  {
    name: 'a log with keys of tables',
    text: sources(`l: { ${LOG}, mode: append, key: id, never: [agent] }`),
    problems: [
      'dsr.yaml:5:84: sources.l.mode: is for tables only (format csv, json or ndjson)',
      'dsr.yaml:5:98: sources.l.key: is for tables only (format csv, json or ndjson)',
      'dsr.yaml:5:107: sources.l.never: is for tables only (format csv, json or ndjson)',
    ],
  },
  {
    name: 'log fields that are none',
    text: sources(
      'l: { files: "*.log", format: common, category: a, subject: { username: usr, cookie: query. }, weak: { ip: agent } }',
    ),
    problems: [
      'dsr.yaml:5:74: sources.l.subject.username: a common log line has host, ident, user, path and query.NAME',
      'dsr.yaml:5:87: sources.l.subject.cookie: a common log line has host, ident, user, path and query.NAME',
      'dsr.yaml:5:109: sources.l.weak.ip: a common log line has host, ident, user, path and query.NAME',
    ],
  },
  {
    name: 'a confirmed log field',
    text: sources(
      'l: { files: "*.log", format: combined, category: a, subject: { username: { column: user, confirmed: ident } } }',
    ),
    problems: [
      'dsr.yaml:5:92: sources.l.subject.username.confirmed: is for tables only (format csv, json or ndjson)',
    ],
  },
  {
    name: 'a log whose address is a person, and whose user is weak',
    text: sources(
      'l: { files: "*.log", format: combined, category: a, subject: { ip: host }, weak: { username: user } }',
    ),
    problems: [
      'dsr.yaml:5:66: sources.l.subject.ip: a kind of strength network alone is nobody; put it under weak',
      'dsr.yaml:5:86: sources.l.weak.username: only kinds of strength network are weak; put it under subject',
    ],
  },
  {
    name: 'a log of nobody',
    text: sources('l: { files: "*.log", format: combined, category: a }'),
    problems: ['dsr.yaml:5:3: sources.l: missing key "subject" (or "weak"): its lines would be nobody\'s'],
  },
  {
    name: 'an expiry without its source, and a source without expiry',
    text: category(DATED, 'a: { on_delete: erase, expire: P90D }', 'b: { on_delete: erase, source: law }'),
    problems: [
      'dsr.yaml:5:3: categories.a: missing key "source": who sets the period of expire',
      'dsr.yaml:6:26: categories.b.source: there is no expire whose period it could explain',
    ],
  },
  {
    name: 'periods that count from a date that is not there',
    text: category(
      `${TABLE}, subject: { user_id: id }`,
      'a:',
      '  on_delete: retain',
      '  expire: P1Y',
      '  source: notice',
      '  keep: [{ fields: [id], basis: tax, for: P7Y, from: end-of-year, source: law }]',
    ),
    problems: [
      'dsr.yaml:7:13: categories.a.expire: the source "t" has no "date" to count from',
      'dsr.yaml:9:56: categories.a.keep[0].from: the source "t" has no "date" to count from',
    ],
  },
  {
    name: 'retain without a rule that always holds',
    text: category(
      DATED,
      'a: { on_delete: retain, keep: [{ fields: [id], when: [ban], basis: claims, for: P3Y, source: law }] }',
    ),
    problems: ['dsr.yaml:5:19: categories.a.on_delete: retain needs a rule under keep that has no "when"'],
  },
  {
    name: 'erase with a rule that always holds',
    text: category(
      DATED,
      'a: { on_delete: erase, keep: [{ fields: [id], basis: claims, for: P3Y, source: law }] }',
    ),
    problems: ['dsr.yaml:5:33: categories.a.keep[0]: missing key "when": without it, on_delete is retain'],
  },
  {
    name: 'a rule that nothing asks for',
    text: category(
      DATED,
      'a: { on_delete: keep, keep: [{ fields: [id], when: [ban], basis: claims, for: P3Y, source: law }] }',
    ),
    problems: ['dsr.yaml:5:25: categories.a.keep: applies only where on_delete is retain or erase'],
  },
  {
    name: 'a person in the key of rows that are to be anonymised',
    text: category(DATED, 'a: { on_delete: anonymise }'),
    problems: [
      'dsr.yaml:5:8: categories.a.on_delete: "subject" stands in the key of "t", so that its rows cannot be anonymised',
    ],
  },
  {
    name: 'a rule without its source',
    text: category(DATED, 'a: { on_delete: retain, keep: [{ fields: [id], basis: claims, for: P3Y }] }'),
    problems: ['dsr.yaml:5:34: categories.a.keep[0]: missing key "source"'],
  },
  {
    name: 'kept fields that nobody stores',
    text: category(
      `${DATED}, never: [pin], fields: [amount]`,
      'a: { on_delete: retain, keep: [{ fields: [id, amuont, pin], basis: tax, for: P7Y, source: law }] }',
    ),
    problems: [
      'dsr.yaml:5:49: categories.a.keep[0].fields[1]: no source of the category stores "amuont"; did you mean "amount"?',
      'dsr.yaml:5:57: categories.a.keep[0].fields[2]: no source of the category stores "pin"',
    ],
  },
  {
    name: 'a ground that is no code',
    text: category(
      DATED,
      'a: { on_delete: erase, keep: [{ fields: [id], when: [Charge Back], basis: claims, for: P3Y, source: law }] }',
    ),
    problems: ['dsr.yaml:5:56: categories.a.keep[0].when[0]: must be lower-case letters, digits and -'],
  },
  {
    name: 'roles that do not fit the sources',
    text: category(
      `${TABLE}, parties: { author: { user_id: a }, reader: { user_id: b } }`,
      'a: { on_delete: { author: erase, raeder: keep } }',
    ),
    problems: [
      'dsr.yaml:5:8: categories.a.on_delete: missing key "reader": a role of the source "t"',
      'dsr.yaml:5:36: categories.a.on_delete.raeder: no source of the category has this role; did you mean "reader"?',
    ],
  },
  {
    name: 'an action that is none',
    text: category(DATED, 'a: { on_delete: earse }', 'b: { on_delete: { subject: delete } }'),
    problems: [
      'dsr.yaml:5:19: categories.a.on_delete: must be erase, anonymise, retain, keep, a map of role → action, or {count_by: […]}; did you mean "erase"?',
      'dsr.yaml:6:30: categories.b.on_delete.subject: must be erase, anonymise, retain, keep or anonymise-author',
    ],
  },
  {
    name: 'counts of a table',
    text: category(DATED, 'a: { on_delete: { count_by: [hour] } }'),
    problems: [
      'dsr.yaml:5:21: categories.a.on_delete.count_by: only log lines are counted, and "t" is a table',
    ],
  },
  {
    name: 'counts by something else',
    text: category(
      LOG,
      'a: { on_delete: { count_by: [hours] } }',
      'b: { on_delete: { count_by: [] } }',
      'c: { on_delete: { count_by: [hour], subject: erase } }',
    ),
    problems: [
      'dsr.yaml:5:32: categories.a.on_delete.count_by[0]: must be hour, path or status; did you mean "hour"?',
      'dsr.yaml:6:31: categories.b.on_delete.count_by: must not be empty',
      'dsr.yaml:7:39: categories.c.on_delete: unknown key "subject"',
    ],
  },
  {
    name: 'a log that is retained',
    text: category(
      LOG,
      'a: { on_delete: retain, keep: [{ fields: [user], basis: tax, for: P7Y, source: law }] }',
    ),
    problems: [
      'dsr.yaml:5:19: categories.a.on_delete: lines of the log "t" are erased or kept; for counts write {count_by: [hour, path, status]}',
      'dsr.yaml:5:27: categories.a.keep: lines of the log "t" have no fields that could stay',
    ],
  },
  {
    name: 'names that other sections do not have',
    text: `${category(DATED, 'a: { on_delete: erase, purposes: [adds] }')}backups: { nightly: { sources: [t, u], keep: P35D } }\npurposes: { ads: { title: Ads, basis: consent } }\nrecipients: { shop: { role: partner, categories: [b] } }\n`,
    problems: [
      'dsr.yaml:5:37: categories.a.purposes[0]: no purpose is named "adds"; did you mean "ads"?',
      'dsr.yaml:6:36: backups.nightly.sources[1]: no source is named "u"; did you mean "t"?',
      'dsr.yaml:8:51: recipients.shop.categories[0]: no category is named "b"; did you mean "a"?',
    ],
  },
  {
    name: 'a consent without steps',
    text: `${BASE}children: { coppa: { under: 13, consent: { within: P14D } } }\n`,
    problems: [
      'dsr.yaml:5:33: children.coppa.consent: missing key "all_of"',
      'dsr.yaml:5:33: children.coppa.consent: missing key "source"',
    ],
  },
  {
    name: 'a consent of no steps, below no age',
    text: `${BASE}children: { coppa: { under: 0, consent: { all_of: [], within: P14D, source: controller } } }\n`,
    problems: [
      'dsr.yaml:5:29: children.coppa.under: must be at least 1',
      'dsr.yaml:5:51: children.coppa.consent.all_of: must not be empty',
    ],
  },
  {
    name: 'kinds of identifiers that cannot be',
    text: `${BASE}identifiers:\n  member_no: { normalise: verbatim }\n  ip: { strength: account }\n  email: { country: US }\n`,
    problems: [
      'dsr.yaml:6:3: identifiers.member_no: missing key "strength"',
      'dsr.yaml:7:19: identifiers.ip.strength: an IP address alone never makes a person; its strength is network',
      'dsr.yaml:8:12: identifiers.email.country: only telephone numbers (normalise: phone) have a country',
    ],
  },
  {
    name: 'a size that is none',
    text: `${BASE}limits: { scrub_at_once_below: 2000000000, points_specific: 1.5, points_categories: 99 }\n`,
    problems: [
      'dsr.yaml:5:32: limits.scrub_at_once_below: must be a size such as 2GB',
      'dsr.yaml:5:61: limits.points_specific: must be a whole number',
      'dsr.yaml:5:85: limits.points_categories: must be at most 10',
    ],
  },
  {
    name: 'keys that stand twice',
    text: sources(`t: { ${TABLE}, subject: { user_id: id } }`, `t: { ${TABLE}, subject: { user_id: id } }`),
    problems: ['dsr.yaml:6:3: the key "t" stands here twice'],
  },
  {
    name: 'keys that every object has',
    text: `${BASE}__proto__: { a: 1 }\nconstructor: 1\n`,
    problems: [
      'dsr.yaml:5:1: the key "__proto__" is not allowed',
      'dsr.yaml:6:1: the key "constructor" is not allowed',
    ],
  },
  {
    name: 'a tag',
    text: `${BASE}transfers: [!!binary aGk=]\n`,
    problems: ['dsr.yaml:5:22: tags such as !!str are not allowed'],
  },
  {
    name: 'an alias of nothing',
    text: `${BASE}transfers: [*us]\n`,
    problems: ['dsr.yaml:5:13: no value before this one is called &us'],
  },
  {
    name: 'an alias inside its own anchor',
    text: `${BASE}transfers: &us [*us]\n`,
    problems: ['dsr.yaml:5:17: no value before this one is called &us'],
  },
  {
    name: 'a list as a key',
    text: `${BASE}? [a]\n: b\n`,
    problems: ['dsr.yaml:5:3: a key must be plain text'],
  },
  {
    name: 'two documents',
    text: `${BASE}---\na: 1\n`,
    problems: ['dsr.yaml:5:1: only one document may stand in the file'],
  },
  {
    name: 'a bracket that is not closed',
    text: `${HEAD}${CATEGORY}sources: { t: { files: a\n`,
    problems: ['dsr.yaml:5:1: the indentation is not right, or a bracket is not closed'],
  },
  {
    name: 'a quote that is not closed, before many lines',
    text: `\n    'controller: {}\n${BASE}`,
    problems: ['dsr.yaml:7:1: a sign is missing: a comma, a colon with a space, a quote or a bracket'],
  },
  {
    name: 'a tab as indentation',
    text: `${HEAD}${CATEGORY}sources:\n\tt: {}\n`,
    problems: ['dsr.yaml:5:1: a tab cannot indent; use spaces'],
  },
  {
    name: 'a colon in bare text',
    text: `${BASE}transfers:\n  - to the US: by use: of it\n`,
    problems: [
      'dsr.yaml:6:16: a list or a map cannot start on the line of its key; put it in brackets, or a text with a colon in quotes',
    ],
  },
  {
    name: 'an empty file',
    text: '# nothing\n',
    problems: ['dsr.yaml:1:1: the file is empty'],
  },
  {
    name: 'a file that is a list',
    text: '- a\n',
    problems: ['dsr.yaml:1:1: the file must be a map with controller, effective, sources and categories'],
  },
];

describe('a policy file that is wrong', () => {
  it.each(CASES)('$name', ({ text, problems }) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it('parses when nothing is wrong, so the cases differ by their mistake alone', () => {
    expect(() => parsePolicy(BASE, 'dsr.yaml')).not.toThrow();
    expect(() =>
      parsePolicy(category(LOG, 'a: { on_delete: { count_by: [hour] } }'), 'dsr.yaml'),
    ).not.toThrow();
  });
});
