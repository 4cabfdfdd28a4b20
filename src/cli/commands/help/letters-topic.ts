import { REGIME_NAMES } from '../../../law/regimes.ts';
import { elementsOf, type LetterElement } from '../../../letters/elements.ts';
import { isLetterKind, LETTER_KINDS } from '../../../letters/kinds.ts';
import { REMEDIES } from '../../../letters/remedies.ts';
import { TEMPLATES } from '../../../letters/templates.ts';
import { VOCABULARY } from '../../../letters/vocabulary.ts';

/** How a controller writes letters of its own, with every name that a template may use. */
export function lettersTopic(): string {
  const names = Object.entries(VOCABULARY).map(([name, shape]) => {
    const members = 'members' in shape ? ` (list: ${shape.members?.join(', ') ?? ''})` : '';
    return `  ${name.padEnd(17)} ${shape.says}${members}`;
  });
  return [
    'dsr writes letters from templates of its own. The policy file can name others, files beside it:',
    '',
    '  letters: { refusal: refusal.txt }',
    '',
    `Kinds: ${LETTER_KINDS.join(', ')}.`,
    'dsr help letters KIND prints its template to begin with, and what each law has it say.',
    '',
    'A template is text: {{name}} puts a value in, {{?name}} … {{/name}} stands where there is one,',
    '{{^name}} … {{/name}} where there is none, {{#name}} … {{/name}} once for each entry of a list.',
    'Lines are joined into paragraphs and wrapped at 78; "- " begins an entry, two blanks keep a line.',
    'dsr policy check finds slips, and what a law of the controller demands and the template leaves out.',
    '',
    'Names:',
    ...names,
  ].join('\n');
}

/** `letters refusal`: the template of a kind as dsr has it, and what may not be left out of it; undefined for other words. */
export function letterKindTopic([first, kind, ...rest]: readonly string[]): string | undefined {
  if (first !== 'letters' || kind === undefined || rest.length > 0 || !isLetterKind(kind)) return undefined;
  const elements = new Set(REGIME_NAMES.flatMap((regime) => elementsOf(kind, regime)));
  return [
    TEMPLATES[kind].trimEnd(),
    '',
    `What a letter of kind ${kind} may not leave out:`,
    ...[...elements].map(demandLine),
    '',
    'Where {{authority}} sends people, by law:',
    ...Object.entries(REMEDIES).map(
      ([regime, { authority }]) => `  ${regime}: ${authority.source}${mark(authority.verified)}`,
    ),
  ].join('\n');
}

function demandLine({ element, names, regimes, rule, verified }: LetterElement): string {
  const tags = names.map((name) => `{{${name.split('.').at(-1) ?? ''}}}`).join(' or ');
  const under = regimes === undefined ? '' : `, under ${regimes.join(', ')}`;
  return `  ${tags}: ${element} (${rule}${mark(verified)})${under}`;
}

/** What was not read in its source is to be checked before it is relied on. */
function mark(verified: boolean): string {
  return verified ? '' : ', not verified';
}
