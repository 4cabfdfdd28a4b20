import type { Row } from './row.ts';

/** Columns that hold codes of the program, never what somebody's row said. */
const CODE_COLUMNS = new Set(['kind', 'state', 'reason', 'expires_on', 'since', 'until']);

const JSON_COLUMNS = new Set(['body', 'entry', 'counts']);

/** Members of registers and audit entries that hold codes, names of the policy, or staff. */
const CODE_MEMBERS = new Set([
  ...[
    'act',
    'action',
    'actor',
    'approver',
    'basis',
    'category',
    'channel',
    'code',
    'confirmedBy',
    'decidedBy',
  ],
  ...['field', 'fields', 'from', 'keep', 'kind', 'kinds', 'login', 'method', 'placedBy', 'plannedBy'],
  ...['purpose', 'reason', 'regime', 'releasedBy', 'requester', 'right', 'role', 'source', 'state', 'step'],
  ...['sudo', 'to', 'type', 'verdict', 'why'],
]);

/** Members under which stand columns and values of somebody's row, whatever a column is called. */
const ROW_MEMBERS = new Set(['change', 'changes', 'edits']);

/**
 * Whether what was found in a row is a word of the program, of its policy or of its staff: a code column, a
 * member's name, or the value of a member that holds codes. A value such as `verified` or `messages` that
 * only one person's row held stands in every ledger all the same.
 */
export function isOwnWord(row: Row, at: number): boolean {
  const span = row.columnAt(at);
  if (span === undefined) return false;
  if (CODE_COLUMNS.has(span.column)) return true;
  if (!JSON_COLUMNS.has(span.column)) return false;
  const place = jsonPlace(row.record.toString('latin1', span.from, span.to), at - span.from);
  if (place === undefined || place.members.some((member) => ROW_MEMBERS.has(member))) return false;
  return place.isName || CODE_MEMBERS.has(place.members.at(-1) ?? '');
}

interface JsonPlace {
  /** Names of the members that the place lies in, outermost first. */
  readonly members: readonly string[];
  readonly isName: boolean;
}

/** Where in a JSON text a place is; undefined outside its strings. */
function jsonPlace(json: string, at: number): JsonPlace | undefined {
  // Per open bracket: the name of the member being read; of a list, none.
  const names: (string | undefined)[] = [];
  for (const { 0: token, 1: text = '', index } of json.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\]]/g)) {
    if (index > at) return undefined;
    if (token === '{' || token === '[') names.push(undefined);
    else if (token === '}' || token === ']') names.pop();
    else {
      const isName = token.endsWith(':');
      const around = isName ? names.slice(0, -1) : names;
      if (at < index + token.length) return { members: around.filter((name) => name !== undefined), isName };
      if (isName) names[names.length - 1] = text;
    }
  }
  return undefined;
}
