import { describe, expect, test } from 'vitest';
import {
  type FixtureRow,
  guestAnchor,
  id,
  MemoryPeople,
  policyOf,
  reachingOf,
  rowsOf,
  sharedOf,
} from './helpers/memory-people.ts';

const user = (key: string, fields: FixtureRow['fields']): FixtureRow => ({
  source: 'users',
  key,
  fields: { id: key, email_ok: '1', ...fields },
});
const row = (source: string, key: string, fields: FixtureRow['fields']): FixtureRow => ({
  source,
  key,
  fields: { n: key, ...fields },
});

describe('an account', () => {
  test('is one person with the rows that its identifiers own', async () => {
    const people = new MemoryPeople([
      user('1', { name: 'Ada', email: 'ada@example.org' }),
      user('2', { name: 'bob', email: 'bob@example.org' }),
      row('newsletter', 'a', { email: 'ADA@example.org' }),
      row('orders', 'b', { user: '1', email: 'bob@example.org', email_ok: '1' }),
      row('orders', 'c', { user: '2', email: 'ada@example.org' }),
    ]);
    const ada = await people.person('username:ada');
    expect(rowsOf(ada)).toEqual(['newsletter/a subject', 'orders/b subject', 'users/1 subject']);
    expect(reachingOf(ada)).toEqual(['user_id:1', 'username:ada', 'email:ada@example.org']);
    expect(ada.identifiers.map(({ via, sources }) => [via, ...sources])).toEqual([
      ['account-row', 'orders', 'users'],
      ['account-row', 'users'],
      ['account-row', 'newsletter', 'users'],
    ]);
    // Order c is Bob's by his user id and names her address.
    expect(ada.hiddenRows).toBe(1);
    expect(sharedOf(ada)).toEqual(['email:bob@example.org']);
  });

  test('gets what stands beside its own identifiers, to a fixed point', async () => {
    const people = new MemoryPeople([
      user('1', { email: 'ada@example.org' }),
      row('sessions', 'a', { user: '1', sid: 'c1' }),
      row('sessions', 'b', { sid: 'c1', address: '192.0.2.1' }),
      row('orders', 'c', { user: '1', email: 'ada@home.example', email_ok: 'yes' }),
      row('newsletter', 'd', { email: 'ada@home.example', sid: 'c2' }),
      row('sessions', 'e', { sid: 'c2' }),
    ]);
    const ada = await people.person('cookie:c2');
    expect(rowsOf(ada)).toHaveLength(6);
    expect(ada.identifiers.find(({ identifier }) => identifier.value === 'c2')).toMatchObject({
      via: 'beside',
      sources: ['newsletter', 'sessions'],
    });
    expect(ada.events).toEqual([
      { source: 'access', identifier: id('cookie:c1') },
      { source: 'access', identifier: id('cookie:c2') },
    ]);
  });

  test('has each row once for each role that is theirs', async () => {
    const people = new MemoryPeople([
      user('1', {}),
      user('2', {}),
      row('messages', 'a', { from: '1', to: '2' }),
      row('messages', 'b', { from: '1', to: '1' }),
      user('3', { parent_email: 'mum@example.org' }),
    ]);
    expect(rowsOf(await people.person('user_id:1'))).toEqual([
      'messages/a author',
      'messages/b author',
      'messages/b recipient',
      'users/1 subject',
    ]);
    expect(rowsOf(await people.person('email:mum@example.org'))).toEqual(['users/3 parent']);
    expect(sharedOf(await people.person('user_id:3'))).toEqual([]);
  });

  test('of a restricted row is still theirs, and a retained row is given to whom it is kept for', async () => {
    const people = new MemoryPeople([{ ...user('1', { email: 'ada@example.org' }), state: 'restricted' }]);
    const number = await people.number('user_id:1');
    people.addRow({ ...row('orders', 'a', { user: '1' }), retainedFor: number });
    people.addRow({ ...row('orders', 'b', { user: '1' }), retainedFor: number + 1 });
    const ada = await people.person(number);
    expect(rowsOf(ada)).toEqual(['orders/a subject', 'users/1 subject']);
    expect(ada.records.map(({ record }) => record.state)).toEqual(['restricted', 'retained']);
  });

  test('is found by its number after every other identifier of it has changed', async () => {
    const people = new MemoryPeople([user('1', { name: 'ada', email: 'ada@example.org' })]);
    const number = await people.number('username:ada');
    people.removeRow('users', '1');
    people.addRow(user('1', { name: 'lovelace', email: 'al@example.org' }));
    expect(reachingOf(await people.person(number))).toEqual([
      'user_id:1',
      'username:lovelace',
      'email:al@example.org',
    ]);
    expect((await people.person('username:lovelace')).subject).toBe(number);
  });

  test('without an identifier in its key is found by its number too', async () => {
    const policy = policyOf(`
  members: { files: "m*", format: csv, mode: snapshot, account: true, key: [club, number], category: all,
    subject: { user_id: code, email: email } }`);
    const people = new MemoryPeople([], policy);
    const member = (email: string): FixtureRow => ({
      source: 'members',
      key: '["x","7"]',
      fields: { club: 'x', number: '7', code: null, email },
    });
    people.addRow(member('ada@example.org'));
    const number = await people.number('email:ada@example.org');
    people.removeRow('members', '["x","7"]');
    people.addRow(member('new@example.org'));
    expect(reachingOf(await people.person(number))).toEqual(['email:new@example.org']);
  });
});

describe('an identifier on two accounts', () => {
  const shared = () =>
    new MemoryPeople([
      user('1', { name: 'ada', email: 'family@example.org' }),
      user('2', { name: 'bob', email: 'family@example.org' }),
      row('newsletter', 'a', { email: 'family@example.org', sid: 'c' }),
    ]);

  test('stops the search and shows both', async () => {
    const outcome = await shared().find('email:family@example.org');
    expect(outcome.kind === 'candidates' && outcome.candidates.map(rowsOf)).toEqual([
      ['users/1 subject'],
      ['users/2 subject'],
    ]);
  });

  test('reaches neither, and says so', async () => {
    const ada = await shared().person('user_id:1');
    expect(rowsOf(ada)).toEqual(['users/1 subject']);
    expect(ada.shared).toEqual([
      { identifier: id('email:family@example.org'), strength: 'contact', rows: 1 },
    ]);
    expect(ada.identifiers.at(-1)).toMatchObject({
      identifier: id('email:family@example.org'),
      reaches: false,
    });
  });

  test('reaches the one to whom staff linked it, and no other', async () => {
    const people = shared();
    const ada = await people.number('user_id:1');
    people.decide({ kind: 'link', subject: ada, identifier: id('email:family@example.org') });
    expect(rowsOf(await people.person('email:family@example.org'))).toEqual([
      'newsletter/a subject',
      'users/1 subject',
    ]);
    expect(rowsOf(await people.person(ada))).toEqual(['newsletter/a subject', 'users/1 subject']);
    expect(rowsOf(await people.person('cookie:c'))).toContain('users/1 subject');
    expect(rowsOf(await people.person('user_id:2'))).toEqual(['users/2 subject']);
    expect(sharedOf(await people.person('user_id:2'))).toEqual(['email:family@example.org']);
  });

  test('linked from another account brings its rows, and neither the account nor its number', async () => {
    const people = new MemoryPeople([user('1', {}), user('2', {}), row('orders', 'a', { user: '2' })]);
    const [ada, bob] = [await people.number('user_id:1'), await people.number('user_id:2')];
    people.decide({ kind: 'link', subject: ada, identifier: id('user_id:2') });
    const person = await people.person(ada);
    expect(rowsOf(person)).toEqual(['orders/a subject', 'users/1 subject']);
    expect(person.subjects).toEqual([ada]);
    expect(rowsOf(await people.person(bob))).toEqual(['users/2 subject']);
  });

  test('falls to the other when staff take it from one', async () => {
    const people = shared();
    const ada = await people.number('user_id:1');
    people.decide({ kind: 'unlink', subject: ada, identifier: id('email:family@example.org') });
    expect(rowsOf(await people.person('email:family@example.org'))).toEqual([
      'newsletter/a subject',
      'users/2 subject',
    ]);
    const first = await people.person(ada);
    expect(rowsOf(first)).toEqual(['users/1 subject']);
    expect(first.identifiers.map(({ identifier }) => identifier.kind)).toEqual(['user_id', 'username']);
    expect(first.shared).toEqual([]);
  });

  test('is nobody else’s once the two are merged, whichever way they were', async () => {
    const people = shared();
    const [ada, bob] = [await people.number('user_id:1'), await people.number('user_id:2')];
    people.decide({ kind: 'merge', subject: bob, other: ada });
    const whole = await people.person('email:family@example.org');
    expect(whole.subject).toBe(ada);
    expect(whole.subjects).toEqual([ada, bob]);
    expect(rowsOf(whole)).toEqual(['newsletter/a subject', 'users/1 subject', 'users/2 subject']);
    expect(await people.person(bob)).toEqual(whole);
    people.decisions[0] = { ...people.decisions[0]!, state: 'undone' };
    expect((await people.find('email:family@example.org')).kind).toBe('candidates');
  });

  test('beside both, as a cookie of one computer, reaches neither', async () => {
    const people = new MemoryPeople([
      user('1', {}),
      user('2', {}),
      row('sessions', 'a', { user: '1', sid: 'c' }),
      row('sessions', 'b', { user: '2', sid: 'c' }),
      row('sessions', 'c', { sid: 'c' }),
    ]);
    expect(rowsOf(await people.person('user_id:1'))).toEqual(['sessions/a subject', 'users/1 subject']);
    expect((await people.person('user_id:1')).events).toEqual([]);
    expect((await people.find('cookie:c')).kind).toBe('candidates');
  });
});

describe('an unproved e-mail', () => {
  test('reaches no other rows, not even by way of an order', async () => {
    const people = new MemoryPeople([
      user('1', { name: 'eve', email: 'ada@example.org', email_ok: '0' }),
      row('orders', 'a', { user: '1', email: 'ada@example.org', email_ok: '1' }),
      row('newsletter', 'b', { email: 'ada@example.org' }),
    ]);
    const eve = await people.person('username:eve');
    expect(rowsOf(eve)).toEqual(['orders/a subject', 'users/1 subject']);
    expect(eve.identifiers.at(-1)).toMatchObject({ identifier: id('email:ada@example.org'), reaches: false });
    const outcome = await people.find('email:ada@example.org');
    expect(outcome.kind === 'candidates' && outcome.candidates.map(rowsOf)).toEqual([
      ['orders/a subject', 'users/1 subject'],
      ['newsletter/b subject'],
    ]);
  });

  test('does not take the address from the account that proved it', async () => {
    const people = new MemoryPeople([
      user('1', { email: 'ada@example.org', email_ok: 'true' }),
      user('2', { email: 'ada@example.org', email_ok: '' }),
      row('newsletter', 'a', { email: 'ada@example.org' }),
    ]);
    expect(rowsOf(await people.person('user_id:1'))).toEqual(['newsletter/a subject', 'users/1 subject']);
    expect(rowsOf(await people.person('user_id:2'))).toEqual(['users/2 subject']);
  });

  test('typed into a form is not the account’s beside it, and gives nobody the phone beside it', async () => {
    const people = new MemoryPeople([
      user('1', { email: 'ada@example.org' }),
      row('orders', 'a', { user: '1', email: 'typed@example.org', email_ok: 'no' }),
      row('newsletter', 'b', { email: 'typed@example.org' }),
      row('orders', 'c', { email: 'ada@example.org', phone: '+14155550100', email_ok: 'no' }),
      row('newsletter', 'd', { phone: '+14155550100' }),
    ]);
    const ada = await people.person('user_id:1');
    expect(rowsOf(ada)).toEqual(['orders/a subject', 'orders/c subject', 'users/1 subject']);
    expect(ada.shared).toEqual([]);
    expect(rowsOf(await people.person('email:typed@example.org'))).toEqual(['newsletter/b subject']);
    expect(rowsOf(await people.person('phone:+14155550100'))).toEqual(['newsletter/d subject']);
  });
});

describe('a person without account', () => {
  test('is known by the strongest identifier of their rows', async () => {
    const people = new MemoryPeople([
      row('newsletter', 'a', { email: 'guest@example.org', phone: '+14155550100' }),
      row('newsletter', 'b', { phone: '+14155550100' }),
    ]);
    const guest = await people.person('phone:+14155550100');
    expect(guest.anchor).toEqual(guestAnchor('email:guest@example.org'));
    expect(guest.identifiers.map(({ via }) => via)).toEqual(['anchor', 'beside']);
    expect(rowsOf(guest)).toEqual(['newsletter/a subject', 'newsletter/b subject']);
  });

  test('keeps their number when an account with their e-mail appears, and the account finds it', async () => {
    const people = new MemoryPeople([row('newsletter', 'a', { email: 'guest@example.org' })]);
    const number = await people.number('email:guest@example.org');
    people.addRow({ ...row('orders', 'b', {}), retainedFor: number });
    people.addRow(user('1', { email: 'guest@example.org' }));
    const account = await people.person('user_id:1');
    expect(account.subject).toBeUndefined();
    expect(account.subjects).toEqual([number]);
    expect(rowsOf(account)).toEqual(['newsletter/a subject', 'orders/b subject', 'users/1 subject']);
    expect(await people.person(number)).toEqual(account);
  });

  test('keeps the number of an account that is gone', async () => {
    const people = new MemoryPeople([user('1', {}), row('orders', 'a', { user: '1' })]);
    const number = await people.number('user_id:1');
    people.removeRow('users', '1');
    expect((await people.person('user_id:1')).subjects).toEqual([number]);
    expect(rowsOf(await people.person(number))).toEqual(['orders/a subject']);
  });

  test('is no part of a merge that was made before they became an account', async () => {
    const people = new MemoryPeople([row('newsletter', 'a', { email: 'guest@example.org' }), user('2', {})]);
    const [guest, bob] = [await people.number('email:guest@example.org'), await people.number('user_id:2')];
    people.decide({ kind: 'merge', subject: guest, other: bob });
    expect(rowsOf(await people.person(bob))).toEqual(['newsletter/a subject', 'users/2 subject']);
    people.addRow(user('1', { email: 'guest@example.org' }));
    expect(rowsOf(await people.person(bob))).toEqual(['users/2 subject']);
    expect(rowsOf(await people.person(guest))).toEqual(['newsletter/a subject', 'users/1 subject']);
  });

  test('who was linked to another takes along what staff took from them', async () => {
    const people = new MemoryPeople([
      row('sessions', 'a', { user: '1' }),
      row('newsletter', 'b', { email: 'guest@example.org' }),
    ]);
    const [first, guest] = [await people.number('user_id:1'), await people.number('email:guest@example.org')];
    people.decide({ kind: 'unlink', subject: guest, identifier: id('user_id:1') });
    people.decide({ kind: 'link', subject: first, identifier: id('email:guest@example.org') });
    for (const start of [first, guest, 'user_id:1', 'email:guest@example.org']) {
      expect(rowsOf(await people.person(start))).toEqual(['newsletter/b subject']);
    }
  });

  test('does not exist by an address or by a cookie that only stands beside another’s', async () => {
    const people = new MemoryPeople([
      row('sessions', 'a', { address: '192.0.2.1' }),
      row('sessions', 'b', { user: '1', sid: 'c', address: '192.0.2.1' }),
    ]);
    expect(await people.find('ip:192.0.2.1')).toEqual({
      kind: 'nobody',
      anchor: undefined,
      events: [{ source: 'access', identifier: id('ip:192.0.2.1') }],
    });
    expect(rowsOf(await people.person('cookie:c'))).toEqual(['sessions/b subject']);
    expect((await people.person('cookie:c')).anchor).toEqual(guestAnchor('user_id:1'));
  });

  test('may be known to logs alone: then a linked identifier leads there', async () => {
    const people = new MemoryPeople([]);
    const outcome = await people.find('username:carl');
    expect(outcome).toMatchObject({
      kind: 'nobody',
      events: [{ source: 'access', identifier: id('username:carl') }],
    });
    if (outcome.kind !== 'nobody' || outcome.anchor === undefined) throw new Error('no anchor');
    const number = people.addSubject(outcome.anchor);
    people.decide({ kind: 'link', subject: number, identifier: id('username:carl') });
    expect((await people.person(number)).events).toEqual(outcome.events);
    expect((await people.person('username:carl')).subject).toBe(number);
  });
});

describe('an address', () => {
  const [from, to] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];

  test('is a person’s within a linked window, in logs alone', async () => {
    const people = new MemoryPeople([user('1', {}), row('sessions', 'a', { address: '192.0.2.1' })]);
    const ada = await people.number('user_id:1');
    people.decide({ kind: 'link', subject: ada, identifier: id('ip:192.0.2.1'), from, to });
    const person = await people.person(ada);
    expect(rowsOf(person)).toEqual(['users/1 subject']);
    expect(person.events).toEqual([
      { source: 'access', identifier: id('ip:192.0.2.1'), window: { from, to } },
    ]);
    expect(person.identifiers.at(-1)).toMatchObject({ via: 'staff-link', window: { from, to } });
    people.decide({ kind: 'unlink', subject: ada, identifier: id('ip:192.0.2.1') });
    expect((await people.person(ada)).events).toEqual([]);
  });

  test('linked without a window, or with half of one, reaches nothing', async () => {
    const people = new MemoryPeople([user('1', {}), row('sessions', 'a', { address: '192.0.2.1' })]);
    const ada = await people.number('user_id:1');
    people.decide({ kind: 'link', subject: ada, identifier: id('ip:192.0.2.1') });
    people.decide({ kind: 'link', subject: ada, identifier: id('ip:192.0.2.1'), from });
    const person = await people.person(ada);
    expect(rowsOf(person)).toEqual(['users/1 subject']);
    expect(person.events).toEqual([]);
  });
});

describe('an erased person', () => {
  test('is found by the digest of their identifier, with what is kept for them', async () => {
    const people = new MemoryPeople([user('1', { email: 'ada@example.org' })]);
    const ada = await people.number('user_id:1');
    people.removeRow('users', '1');
    people.suppress(ada, id('email:ada@example.org'));
    people.addRow({ ...row('orders', 'a', { user: '1' }), retainedFor: ada });
    const found = await people.person('email:ada@example.org');
    expect(found).toMatchObject({ subject: ada, subjects: [ada], erased: true, identifiers: [] });
    expect(rowsOf(found)).toEqual(['orders/a subject']);
    expect(await people.person(ada)).toEqual(found);
  });

  test('is named, and not joined, when somebody signs up anew with their e-mail', async () => {
    const people = new MemoryPeople([user('1', { email: 'ada@example.org' })]);
    const before = await people.number('user_id:1');
    people.removeRow('users', '1');
    people.suppress(before, id('email:ada@example.org'));
    people.addRow({ ...row('orders', 'a', {}), retainedFor: before });
    people.addRow(user('2', { email: 'ada@example.org' }));
    const now = await people.person('email:ada@example.org');
    expect(now).toMatchObject({ subject: undefined, erased: false, erasedBefore: [before] });
    expect(rowsOf(now)).toEqual(['users/2 subject']);
  });

  test('of two that were erased under one identifier, both are shown', async () => {
    const people = new MemoryPeople([user('1', {}), user('2', {})]);
    for (const key of ['1', '2']) {
      people.suppress(await people.number(`user_id:${key}`), id('email:family@example.org'));
    }
    people.removeRow('users', '1');
    people.removeRow('users', '2');
    expect(await people.find('email:family@example.org')).toMatchObject({ kind: 'candidates', more: 0 });
  });

  test('is not who uses their browser now: its later lines are asked for like those of any other', async () => {
    const people = new MemoryPeople([user('1', {})]);
    people.suppress(await people.number('user_id:1'), id('cookie:c1'));
    people.removeRow('users', '1');
    expect(await people.find('cookie:c1')).toMatchObject({
      kind: 'nobody',
      events: [{ source: 'access', identifier: id('cookie:c1') }],
    });
  });

  test('stopped by a parent is not erased', async () => {
    const people = new MemoryPeople([user('1', {})]);
    const child = await people.number('user_id:1');
    people.suppress(child, id('user_id:1'), 'parental-stop');
    expect(await people.person('user_id:1')).toMatchObject({
      subject: child,
      erased: false,
      erasedBefore: [],
    });
  });
});

describe('limits', () => {
  const many = (email: string) =>
    Array.from({ length: 30 }, (_, i) => user(String(i + 1), { email, name: `u${i + 1}` }));

  test('an e-mail on many accounts is shared, and shows twenty candidates', async () => {
    const people = new MemoryPeople(many('none@example.org'));
    expect(sharedOf(await people.person('user_id:7'))).toEqual(['email:none@example.org']);
    expect(await people.find('email:none@example.org')).toMatchObject({ kind: 'candidates', more: 10 });
  });

  test('a contact in more rows than are read is shared; an account in more is refused', async () => {
    const people = new MemoryPeople([...many('none@example.org'), row('orders', 'a', { user: '1' })]);
    const outcome = await people.find('user_id:7', 10);
    expect(outcome.kind === 'person' && outcome.person.shared).toEqual([
      { identifier: id('email:none@example.org'), strength: 'contact', rows: undefined },
    ]);
    await expect(people.find('user_id:1', 1)).rejects.toMatchObject({ code: 'too-many-rows', exit: 4 });
    await expect(people.find('email:none@example.org', 10)).rejects.toMatchObject({ code: 'too-many-rows' });
  });

  test('a number that nobody has is nobody', async () => {
    expect(await new MemoryPeople([]).find(9)).toEqual({ kind: 'nobody', anchor: undefined, events: [] });
    expect(await new MemoryPeople([]).find('badge:7')).toMatchObject({ kind: 'nobody', anchor: undefined });
  });
});
