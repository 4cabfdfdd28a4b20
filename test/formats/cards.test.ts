import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskCards } from '../../src/formats/cards.ts';

describe('maskCards', () => {
  it.each([
    ['sixteen digits', '4111111111111111', '************1111'],
    ['spaces between groups', 'card 4111 1111 1111 1111, thanks', 'card **** **** **** 1111, thanks'],
    ['dashes between groups', '5500-0055-5555-5559', '****-****-****-5559'],
    [
      'a no-break space and a no-break hyphen',
      '4111\u00a01111\u20111111 1111',
      '****\u00a0****\u2011**** 1111',
    ],
    ['fifteen digits', '378282246310005', '***********0005'],
    ['thirteen digits', '4222222222222', '*********2222'],
    ['nineteen digits', '6011000990139424000'.slice(0, 16), '************9424'],
    ['two cards', '4111111111111111/5500005555555559', '************1111/************5559'],
    [
      'two cards with a space between',
      '4111111111111111 5500005555555559',
      '************1111 ************5559',
    ],
    ['letters beside it', 'Visa4111111111111111x', 'Visa************1111x'],
    ['an order number before it', 'order 12 4111 1111 1111 1111', 'order 12 **** **** **** 1111'],
    ['a date after it', '4111 1111 1111 1111 12/09', '**** **** **** 1111 12/09'],
  ])('keeps the last four digits of a number with %s', (_, text, masked) => {
    expect(maskCards(text)).toBe(masked);
  });

  it.each([
    ['a wrong last digit', '4111111111111112'],
    ['twelve digits', '411111111117'],
    ['twenty digits', '41111111111111111111'],
    ['a card within more digits', '9941111111111111111199'],
    ['two separators', '4111  1111  1111  1111'],
    ['dots', '4111.1111.1111.1111'],
    ['a phone number', '+44 20 7946 0018'],
    ['a date and time', '2004-01-05 12:13:14'],
    ['nothing', ''],
  ])('leaves %s alone', (_, text) => {
    expect(maskCards(text)).toBe(text);
  });

  it('never shows more than four digits of a card in a row, and keeps everything else', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 12, maxLength: 18 });
    const letters = fc.string({ unit: fc.constantFrom('a', '.', ',', '€'), maxLength: 5 });
    fc.assert(
      fc.property(letters, digits, letters, (before, body, after) => {
        const card = body + luhnDigit(body);
        const masked = maskCards(before + card + after);
        expect(masked).toBe(before + '*'.repeat(card.length - 4) + card.slice(-4) + after);
        expect(maskCards(masked)).toBe(masked);
      }),
    );
  });

  it('comes to an end with texts of digits alone', () => {
    for (const text of ['1 '.repeat(200_000), '1'.repeat(400_000)])
      expect(maskCards(text)).toHaveLength(text.length);
  });
});

function luhnDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, char, index) => {
    const digit = Number(char) * (index % 2 === 0 ? 2 : 1);
    return total + (digit > 9 ? digit - 9 : digit);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}
