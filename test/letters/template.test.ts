import { describe, expect, it, test } from 'vitest';
import { fillTemplate } from '../../src/letters/fill.ts';
import { LETTER_KINDS } from '../../src/letters/kinds.ts';
import { parseTemplate } from '../../src/letters/template.ts';
import { TEMPLATES } from '../../src/letters/templates.ts';
import type { LetterValues } from '../../src/letters/vocabulary.ts';
import { wrapText } from '../../src/letters/wrap.ts';

function filled(template: string, values: LetterValues): string {
  const { nodes, faults } = parseTemplate(template);
  expect(faults).toEqual([]);
  return fillTemplate(nodes, values).text;
}

describe('a template', () => {
  it.each<readonly [string, string, LetterValues, string]>([
    ['puts a value in', 'to {{contact}}.', { contact: 'a@b.c' }, 'to a@b.c.'],
    ['has nothing for a value that is not there', '[{{phone}}]', {}, '[]'],
    ['has a condition', '{{?phone}}call {{phone}}{{/phone}}', { phone: '1' }, 'call 1'],
    ['leaves a condition out', '{{?phone}}call{{/phone}}', {}, ''],
    ['has words where something is missing', '{{^phone}}write{{/phone}}', {}, 'write'],
    ['asks for the law', '{{?law_ccpa}}CA{{/law_ccpa}}', { law_ccpa: true }, 'CA'],
    ['repeats a list', '{{#done}}({{line}}){{/done}}', { done: [{ line: 'a' }, { line: 'b' }] }, '(a)(b)'],
    ['knows whether a list has entries', '{{?done}}x{{/done}}{{^done}}y{{/done}}', { done: [] }, 'y'],
    ['takes a line with a tag alone away', 'a\n{{?phone}}\nb\n{{/phone}}\nc', { phone: '1' }, 'a\nb\nc'],
    ['never reads a value as a template', '{{contact}}', { contact: '{{phone}}' }, '{{phone}}'],
    ['keeps a value on one line', '{{question}}', { question: 'a\n\n- b\u0007' }, 'a - b'],
    ['keeps what follows a value in its direction', '{{question}}!', { question: 'a\u202eb\u2066' }, 'a b!'],
  ])('%s', (_name, template, values, text) => {
    expect(filled(template, values)).toBe(text);
  });

  it.each<readonly [string, string, readonly (readonly [number, number, string])[]]>([
    [
      'a name that no letter knows',
      'a\n  {{contakt}}',
      [[2, 3, 'no letter knows the name contakt; did you mean "contact"?']],
    ],
    ['a section that is left open', '{{?phone}}', [[1, 1, '{{…phone}} is never closed by {{/phone}}']]],
    [
      'sections that cross',
      '{{?phone}}{{?post}}{{/phone}}',
      [
        [1, 20, '{{/post}} has to come first'],
        [1, 1, '{{…phone}} is never closed by {{/phone}}'],
        [1, 11, '{{…post}} is never closed by {{/post}}'],
      ],
    ],
    ['nothing in it', ' \n', [[1, 1, 'nothing stands in it']]],
    ['an end without a beginning', 'x{{/phone}}', [[1, 2, '{{/phone}} closes nothing']]],
    [
      'an expression',
      '{{phone + 1}}',
      [[1, 1, 'a tag is {{name}}, {{?name}}, {{^name}}, {{#name}} or {{/name}}']],
    ],
    [
      'a brace that stands alone',
      'a {{ b',
      [[1, 3, 'a tag is {{name}}, {{?name}}, {{^name}}, {{#name}} or {{/name}}']],
    ],
    ['a list as a value', '{{done}}', [[1, 1, 'done is a list: write {{#done}} … {{/done}}']]],
    ['a value as a list', '{{#phone}}{{/phone}}', [[1, 1, 'phone is no list: write {{?phone}}']]],
    ['a condition as a value', '{{law_gdpr}}', [[1, 1, 'law_gdpr is a condition: write {{?law_gdpr}}']]],
    ['an entry outside its list', '{{until}}', [[1, 1, 'no letter knows the name until']]],
    ['a name of every object', '{{constructor}}', [[1, 1, 'no letter knows the name constructor']]],
  ])('is refused with %s', (_name, template, faults) => {
    expect(
      parseTemplate(template).faults.map(({ line, column, message }) => [line, column, message]),
    ).toEqual(faults);
  });

  test('that is hostile is refused', () => {
    for (const text of [
      '{{'.repeat(200_000),
      '{{?phone}}'.repeat(50_000),
      `${' '.repeat(500_000)}{{?phone}}`,
    ]) {
      expect(parseTemplate(text).faults.length).toBeGreaterThan(0);
    }
  });

  test('of dsr itself has no fault', () => {
    for (const kind of LETTER_KINDS)
      expect([kind, parseTemplate(TEMPLATES[kind]).faults]).toEqual([kind, []]);
  });
});

describe('the text of a letter', () => {
  test('is wrapped at 78, lists hang, verses stay, empty lines are one', () => {
    const long = Array.from({ length: 30 }, () => 'word').join(' ');
    expect(wrapText(`  Example\n  Street 1\n\n\n\n${long}\nend\n- ${long}\n- b\n`)).toBe(
      `${[
        '  Example',
        '  Street 1',
        '',
        'word word word word word word word word word word word word word word word',
        'word word word word word word word word word word word word word word word end',
        '- word word word word word word word word word word word word word word word',
        '  word word word word word word word word word word word word word word word',
        '- b',
      ].join('\n')}\n`,
    );
  });
});
