import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import {
  findSource,
  kindOf,
  requireSource,
  sourcesOfCategory,
  strongestFirst,
  tableSource,
} from '../../src/policy/find.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { SKETCH } from './policy-texts.ts';

const policy = parsePolicy(SKETCH, 'dsr.yaml');

describe('sources', () => {
  it('are found by name, and tables apart from logs', () => {
    expect(requireSource(policy, 'users').name).toBe('users');
    expect(tableSource(policy, 'users')?.name).toBe('users');
    expect(tableSource(policy, 'access_log')).toBeUndefined();
    expect(sourcesOfCategory(policy, 'messages').map(({ name }) => name)).toEqual(['messages']);
    expect(sourcesOfCategory(policy, 'none')).toEqual([]);
  });

  it('are never something that every object has', () => {
    expect(findSource(policy, 'constructor')).toBeUndefined();
    expect(kindOf(policy, 'constructor')).toBeUndefined();
  });

  it('are listed where the name is unknown, without repeating what was typed', () => {
    const error = (() => {
      try {
        return requireSource(policy, 'ada@example.org');
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({
      code: 'unknown-source',
      exit: 5,
      message: 'the policy has no source of that name',
      hint: 'sources: users, messages, payments, access_log',
    });
  });
});

describe('strongestFirst', () => {
  it('orders by strength, equals as they came, unknown kinds last', () => {
    const columns = ['ip', 'nobody', 'cookie', 'username', 'phone', 'user_id', 'email'].map((kind) => ({
      kind,
      column: kind,
    }));
    expect(strongestFirst(columns, policy).map(({ kind }) => kind)).toEqual([
      'username',
      'user_id',
      'phone',
      'email',
      'cookie',
      'ip',
      'nobody',
    ]);
  });
});
