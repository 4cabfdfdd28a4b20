import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonText } from '../../src/formats/json-value.ts';
import { hasSharedData, SHARED_DATA } from './reading.ts';

const NASTY = join(SHARED_DATA, 'nasty-json');
const SKIPPED = hasSharedData ? '' : ' (skipped: ../shared/data is not here)';

function filesOf(folder: string, prefix = ''): string[] {
  return hasSharedData ? readdirSync(join(NASTY, folder)).filter((name) => name.startsWith(prefix)) : [];
}

function parseFile(folder: string, name: string) {
  return parseJsonText(readFileSync(join(NASTY, folder, name)));
}

describe.skipIf(!hasSharedData)(`JSONTestSuite${SKIPPED}`, () => {
  it('has its files', () => {
    expect(['y_', 'n_', 'i_'].map((prefix) => filesOf('test_parsing', prefix).length)).toEqual([95, 188, 35]);
  });

  it.each(filesOf('test_parsing', 'y_'))('accepts %s', (name) => {
    const text = readFileSync(join(NASTY, 'test_parsing', name), 'utf8');
    expect(parseFile('test_parsing', name)).toMatchObject({ kind: 'value', value: JSON.parse(text) });
  });

  it.each(filesOf('test_parsing', 'n_'))('refuses %s', (name) => {
    expect(parseFile('test_parsing', name).kind).toBe('bad');
  });

  it('survives what may go either way', () => {
    const accepted = filesOf('test_parsing', 'i_').filter(
      (name) => parseFile('test_parsing', name).kind === 'value',
    );
    expect(accepted).toEqual([
      'i_number_double_huge_neg_exp.json',
      'i_number_real_underflow.json',
      'i_number_too_big_neg_int.json',
      'i_number_too_big_pos_int.json',
      'i_number_very_big_negative_int.json',
      'i_structure_UTF-8_BOM_empty_object.json',
    ]);
  });

  const TRANSFORMED: Readonly<Record<string, unknown>> = {
    'number_-9223372036854775808.json': ['-9223372036854775808'],
    'number_-9223372036854775809.json': ['-9223372036854775809'],
    'number_1.0.json': [1],
    'number_1.000000000000000005.json': ['1.000000000000000005'],
    'number_1000000000000000.json': [1000000000000000],
    'number_10000000000000000999.json': ['10000000000000000999'],
    'number_1e-999.json': ['1E-999'],
    'number_1e6.json': [1000000],
    'number_9223372036854775807.json': ['9223372036854775807'],
    'number_9223372036854775808.json': ['9223372036854775808'],
    'object_key_nfc_nfd.json': { '\u00e9': 'NFC', 'e\u0301': 'NFD' },
    'object_key_nfd_nfc.json': { 'e\u0301': 'NFD', '\u00e9': 'NFC' },
    'object_same_key_different_values.json': 'duplicate member',
    'object_same_key_same_value.json': 'duplicate member',
    'object_same_key_unclear_values.json': 'duplicate member',
    'string_1_escaped_invalid_codepoint.json': 'half a character (a lone surrogate)',
    'string_1_invalid_codepoint.json': 'broken utf-8',
    'string_2_escaped_invalid_codepoints.json': 'half a character (a lone surrogate)',
    'string_2_invalid_codepoints.json': 'broken utf-8',
    'string_3_escaped_invalid_codepoints.json': 'half a character (a lone surrogate)',
    'string_3_invalid_codepoints.json': 'broken utf-8',
    'string_with_escaped_NULL.json': 'NUL character',
  };

  it.each(filesOf('test_transform'))('changes nothing of %s unsaid', (name) => {
    const parsed = parseFile('test_transform', name);
    const outcome = parsed.kind === 'bad' ? parsed.reason : (parsed.rowFault ?? parsed.value);
    expect(outcome).toEqual(TRANSFORMED[name]);
  });
});

describe('parseJsonText', () => {
  it.each([
    ['12345678901234567', '12345678901234567'],
    [' -0 ', -0],
    ['0.1', 0.1],
    ['0.30000000000000004', 0.30000000000000004],
    ['0.300000000000000040', 0.30000000000000004],
    ['100000000000000000000e-20', 1],
    ['1E400', 'number out of range'],
    ['1e21', 1e21],
    ['4.9e-324', 5e-324],
    ['5e-324', 5e-324],
    ['0e99999', 0],
    ['', 'not valid JSON'],
  ])('reads %s', (text, expected) => {
    const parsed = parseJsonText(text);
    const isText = text === '4.9e-324';
    expect(parsed.kind === 'bad' ? parsed.reason : parsed.value).toEqual(isText ? '4.9e-324' : expected);
  });

  it('gives any number back exactly, or its text', () => {
    const digits = (most: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: most });
    const number = fc.tuple(
      fc.constantFrom('', '-'),
      digits(20),
      fc.option(digits(20)),
      fc.option(fc.integer({ min: -30, max: 30 })),
    );
    fc.assert(
      fc.property(number, ([sign, whole, fraction, power]) => {
        const text = `${sign}${whole.replace(/^0+(?=\d)/, '')}${fraction === null ? '' : `.${fraction}`}${power === null ? '' : `e${power}`}`;
        const parsed = parseJsonText(text);
        const value = parsed.kind === 'value' ? parsed.value : undefined;
        if (typeof value === 'string') expect(value).toBe(text);
        else expect(exact(String(value))).toEqual(exact(text));
      }),
      { numRuns: 1000 },
    );
  });
});

/** A decimal number as an integer times a power of ten, at a scale that holds all of the test's numbers. */
function exact(text: string): bigint {
  const [mantissa = '', power = '0'] = text.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(Number(power) - fraction.length + 80);
}
