import { z } from 'zod';
import {
  character,
  code,
  column,
  dateFormat,
  filledList,
  filledRecord,
  forms,
  glob,
  list,
  name,
  quoteCharacter,
  strict,
  takenAt,
  text,
  word,
  wordForms,
} from './schema-values.ts';

export const LOG_FORMATS = ['common', 'combined'] as const;
const FORMATS = ['csv', 'json', 'ndjson', ...LOG_FORMATS] as const;

const encoding = word(['utf-8', 'utf-16', 'latin1'])
  .exactOptional()
  .describe('How the file writes characters; utf-8 where left out.');

const csv = strict({
  type: z.literal('csv').describe('Comma-separated values, as in RFC 4180.'),
  delimiter: character.exactOptional().describe('The character between two cells; a comma where left out.'),
  quote: quoteCharacter
    .exactOptional()
    .describe(
      'The character around a cell that holds the delimiter; " where left out, empty where no cell is quoted.',
    ),
  encoding,
  columns: filledList(column)
    .exactOptional()
    .describe('The names of the columns in their order, for files without a header row.'),
});

const json = strict({
  type: z.literal('json').describe('One JSON document that holds an array of rows.'),
  path: z
    .union([text, z.array(text)], forms('must be member names with dots between them, or a list of them'))
    .exactOptional()
    .describe(
      'Where the array stands: member names with dots, or a list of them; left out where the document is the array.',
    ),
  encoding,
});

const ndjson = strict({ type: z.literal('ndjson').describe('One JSON object per line.'), encoding });
const log = strict({
  type: z.enum(LOG_FORMATS).describe('A web-server log: common or combined log format.'),
  encoding,
});

const format = z.union(
  [word(FORMATS), z.discriminatedUnion('type', [csv, json, ndjson, log])],
  wordForms('must be csv, json, ndjson, common, combined, or a map with "type"', FORMATS),
);

const dateColumn = z.union(
  [
    column,
    strict({
      column: column.describe('The column.'),
      format: dateFormat
        .exactOptional()
        .describe(
          'iso, epoch, epoch-ms, or a pattern of YYYY MM M DD D HH mm ss such as M/D/YYYY; iso where left out.',
        ),
    }),
  ],
  forms('must be a column, or a map with "column" and "format"'),
);

const identifierColumn = z.union(
  [
    column,
    strict({
      column: column.describe('The column that holds the identifier.'),
      confirmed: column
        .exactOptional()
        .describe(
          'The column that says whether the person proved it; an unproven one reaches no other rows.',
        ),
    }),
  ],
  forms('must be a column, or a map with "column" and "confirmed"'),
);

const party = filledRecord(name, identifierColumn, 'names no identifier');

const ground = strict({
  column: column.describe('The column that says it.'),
  in: filledList(z.string()).describe('The values that give the ground, as the file writes them.'),
});

/** One entry of `sources:`. */
export const sourceFile = strict({
  files: z
    .union([glob, filledList(glob)], forms('must be a file name with * and ?, or a list of them'))
    .describe('Which files belong to the source: names with * and ?; .gz may follow.'),
  format: format.describe(
    'How the files are written: csv, json, ndjson, common or combined, or a map with details.',
  ),
  mode: word(['snapshot', 'append'])
    .exactOptional()
    .describe(
      'snapshot: each file is the whole table, and a row that vanishes is taken as deleted; append: files only add rows.',
    ),
  account: z
    .boolean()
    .exactOptional()
    .describe('true where one row is one person with an account; false where left out.'),
  key: z
    .union([column, filledList(column)], forms('must be a column or a list of columns'))
    .exactOptional()
    .describe('The columns that tell one row from every other, in every export.'),
  subject: party.exactOptional().describe("The row's own person: kind of identifier → column."),
  parties: filledRecord(name, party, 'names no role')
    .exactOptional()
    .describe('Rows with several persons: role → kind of identifier → column.'),
  weak: party
    .exactOptional()
    .describe('Logs: identifiers that several persons share, such as an IP address.'),
  category: name.describe('The category that says how long rows stay and what a deletion does.'),
  birth_date: dateColumn.exactOptional().describe('The column of the birth date.'),
  age: strict({
    column: column.describe('The column of the age in years.'),
    as_of: dateColumn.describe('The column of the date on which the age was true.'),
  })
    .exactOptional()
    .describe('For services that hold an age and no birth date.'),
  date: dateColumn.exactOptional().describe('The date that retention counts from.'),
  never: list(column)
    .exactOptional()
    .describe('Columns that are dropped before anything is stored: passwords, card numbers.'),
  ignore: list(column)
    .exactOptional()
    .describe("Columns that are not loaded because they are nobody's data."),
  free_text: list(column).exactOptional().describe('Columns in which people write what they like.'),
  visible: list(column)
    .exactOptional()
    .describe('Columns that the service shows in public; they never prove who somebody is.'),
  verify: strict({ usable: list(column).describe('Columns that count when somebody proves who they are.') })
    .exactOptional()
    .describe('What may serve to verify a request.'),
  payment: z
    .boolean()
    .exactOptional()
    .describe('true where rows may hold card numbers: only the last four digits are stored.'),
  grounds: z
    .record(code, ground)
    .exactOptional()
    .describe('Values that give a ground for keeping fields of this person: code → column and values.'),
  fields: z
    .union(
      [
        z.record(
          column,
          text.regex(
            /^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*$/,
            'must be a fideslang key such as user.contact.email',
          ),
        ),
        list(column),
      ],
      'must be a map of column → fideslang key, or a list of columns',
    )
    .exactOptional()
    .describe('The other columns that are stored: column → fideslang data category, or a list of columns.'),
  origin: text.exactOptional().describe('Where the data comes from, when not from the person.'),
  taken_at: takenAt
    .exactOptional()
    .describe('Where the date of the export stands in the file name: users-YYYY-MM-DD.csv.'),
});

export type SourceFile = z.infer<typeof sourceFile>;
