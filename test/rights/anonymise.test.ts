import { describe, expect, it } from 'vitest';
import { strikeOut, tellingValues } from '../../src/rights/anonymise.ts';

describe('what names a person is struck out of a text', () => {
  const values = tellingValues([
    { kind: 'email', value: 'jörg@xn--mller-kva.example' },
    { kind: 'username', value: 'jörg.müller' },
    { kind: 'user_id', value: '42' },
  ]);
  it.each([
    ['an address whose domain is in its own letters', 'write to Jörg@Müller.example!', 'write to [erased]!'],
    ['one whose domain is in ASCII', 'write to jörg@xn--mller-kva.example!', 'write to [erased]!'],
    ['a name with its accents apart', 'dear jörg.müller,'.normalize('NFD'), 'dear [erased],'],
    ['but no short number', 'room 42', 'room 42'],
    ['and nothing inside a longer word', 'jörg.müllerin', 'jörg.müllerin'],
  ])('%s', (_, text, expected) => {
    expect(strikeOut(text, values)).toBe(expected);
  });
});
