import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import { parseIdentifier, renderIdentifier } from '../../src/people/identifier-text.ts';
import { SITE } from './helpers/memory-people.ts';

describe('an identifier on the command line', () => {
  test.each([
    ['email:Ada@Example.org', { kind: 'email', value: 'ada@example.org' }],
    ['user_id:42', { kind: 'user_id', value: '42' }],
    ['username:A:B', { kind: 'username', value: 'a:b' }],
    ['cookie: x', { kind: 'cookie', value: ' x' }],
    ['ip:2001:DB8::1', { kind: 'ip', value: '2001:db8::1' }],
    ['S-000042', { subject: 42 }],
    [' S-7 ', { subject: 7 }],
  ])('%s', (text, expected) => {
    const parsed = parseIdentifier(text, SITE);
    expect(parsed).toEqual(expected);
    if ('kind' in parsed) expect(parseIdentifier(renderIdentifier(parsed), SITE)).toEqual(parsed);
  });

  test.each([
    ['ada@example.org', 'that is no identifier'],
    ['mail:ada@example.org', 'that is no identifier'],
    ['__proto__:ada@example.org', 'that is no identifier'],
    ['email:ada', 'the value is no email'],
    ['phone:ada', 'the value is no phone'],
    ['ip:ada', 'the value is no ip'],
    ['cookie:', 'the value is no cookie'],
    ['S-ada', 'that is no identifier'],
  ])('%s is refused and not repeated', (text, message) => {
    const error = errorOf(() => parseIdentifier(text, SITE));
    expect(error).toMatchObject({ code: 'usage', exit: 2, message });
    expect(`${error.message} ${error.hint}`).not.toContain('ada');
    if (message.startsWith('that'))
      expect(error.hint).toContain('user_id, username, email, phone, cookie, ip');
  });
});

function errorOf(run: () => unknown): UserError {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
