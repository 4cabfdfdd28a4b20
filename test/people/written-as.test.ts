import { expect, test } from 'vitest';
import { inOwnLetters, writtenAs } from '../../src/people/written-as.ts';

test.each([
  ['jörg@xn--mller-kva.example', 'jörg@müller.example'],
  ['ada@example.org', 'ada@example.org'],
  ['xn--mller-kva', 'xn--mller-kva'],
  ['ada@xn--99999999.example', 'ada@xn--99999999.example'],
])('%s in its own letters is %s', (value, expected) => {
  expect(inOwnLetters(value)).toBe(expected);
});

test('an address is written composed, decomposed, and with either domain', () => {
  const own = 'jörg@müller.example';
  const ways = writtenAs('jörg@xn--mller-kva.example');
  expect(ways).toContain(own);
  expect(ways).toContain(own.normalize('NFD'));
  expect(ways).toContain('jörg@xn--mller-kva.example'.normalize('NFD'));
  expect(writtenAs('ada')).toEqual(['ada']);
});
