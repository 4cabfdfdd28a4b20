import { ExitCode, refused, UserError } from '../base/errors.ts';
import type { Policy, PolicyFiles } from '../policy/types.ts';
import { elementsOf } from './elements.ts';
import type { LetterFacts } from './facts.ts';
import { type Filled, fillTemplate } from './fill.ts';
import type { LetterKind } from './kinds.ts';
import { parseTemplate } from './template.ts';
import { TEMPLATES } from './templates.ts';
import { letterValues } from './values.ts';
import type { LetterName, LetterValues } from './vocabulary.ts';
import { wrapText } from './wrap.ts';

/**
 * The text of a letter, from the controller's template or dsr's own. Everything that it says of a request is
 * made from the facts; a template that leaves out what the regime demands is refused with the rule.
 */
export function renderLetter(kind: LetterKind, facts: LetterFacts, files: PolicyFiles): string {
  const values = letterValues(kind, facts);
  const filled = fillTemplate(nodesOf(templateOf(kind, facts.policy, files)), values);
  requireElements(kind, facts.request.regime, values, filled);
  return wrapText(filled.text);
}

/** Names that are the day's, or come from whoever writes and not from the ledger. */
const WISHED: ReadonlySet<string> = new Set([
  'today',
  'extension_reason',
  'proofs',
  'question',
  'code',
  'code_valid_until',
  'explanation',
  'reason',
  'instead',
]);

/** What the ledger says for a letter, as text to compare: equal as long as it would be written again like this. */
export function saidByLedger(kind: LetterKind, facts: LetterFacts): string {
  const words = '-';
  const wish = { reason: words, note: words, code: words };
  const values = Object.entries(letterValues(kind, { ...facts, ...wish }));
  return JSON.stringify(values.filter(([name]) => !WISHED.has(name)).sort());
}

/** The template of a kind: the controller's, or dsr's own. */
function templateOf(kind: LetterKind, { letters }: Pick<Policy, 'letters'>, files: PolicyFiles): string {
  const name = letters[kind];
  return (name === undefined ? undefined : files[name]) ?? TEMPLATES[kind];
}

function nodesOf(template: string) {
  const { nodes, faults } = parseTemplate(template);
  const [first] = faults;
  if (first === undefined) return nodes;
  throw new UserError('template-invalid', `the template has a fault: ${first.message}`, {
    exit: ExitCode.badInput,
    hint: 'dsr policy check shows where',
  });
}

function requireElements(kind: LetterKind, regime: string, values: LetterValues, { said }: Filled): void {
  const missing = elementsOf(kind, regime).find(
    ({ names, needed }) =>
      !names.some((name) => said.has(name)) &&
      (needed === 'always' || names.some((name) => isThere(name, values))),
  );
  if (missing === undefined) return;
  throw refused(
    'letter-incomplete',
    `the template of this letter leaves out ${missing.element}, which ${missing.rule} demands`,
    `it has to use ${missing.names.map((name) => `{{${name.split('.').at(-1) ?? name}}}`).join(' or ')}`,
  );
}

/** Whether a letter has a value for `authority`, or one entry of a list one for `remains.until`. */
function isThere(name: string, values: LetterValues): boolean {
  const [list = '', member = ''] = name.split('.');
  const value = values[list as LetterName];
  if (Array.isArray(value))
    return value.some((entry: Readonly<Record<string, string>>) => entry[member] !== '');
  return typeof value === 'string' && value.trim() !== '';
}
