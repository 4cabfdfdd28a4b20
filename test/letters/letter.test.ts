import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { REGIME_NAMES } from '../../src/law/regimes.ts';
import { elementsOf } from '../../src/letters/elements.ts';
import type { LetterFacts } from '../../src/letters/facts.ts';
import { LETTER_KINDS, type LetterKind } from '../../src/letters/kinds.ts';
import { renderLetter, saidByLedger } from '../../src/letters/letter.ts';
import { REFUSAL_REASONS } from '../../src/letters/reasons.ts';
import { REMEDIES } from '../../src/letters/remedies.ts';
import { letterValues } from '../../src/letters/values.ts';
import type { LetterName, LetterValues } from '../../src/letters/vocabulary.ts';
import type { Request, RequestType } from '../../src/store/registers.ts';
import {
  deletion,
  deletionFacts,
  letterFacts,
  letterOrder,
  letterPolicy,
  letterRequest,
} from './letter-facts.ts';

const BY_HAND = 'opt-out';

/** Facts under which a kind of letter can be written, with all that it may have to say. */
function factsFor(kind: LetterKind, regime: string): LetterFacts {
  const changes = { note: 'in words of staff', reason: 'excessive', proofs: ['a letter'], code: '12345678' };
  if (kind === 'partial-answer') return deletionFacts(regime, changes);
  const waiting = { since: '2026-01-05T09:00:00Z', until: '2026-01-08', plan: '', restriction: 1 };
  if (kind === 'answer') {
    const whole = { ...deletion, remains: [], applied: deletion.applied.slice(0, 1) };
    const request = letterRequest({ type: 'delete', regime, outcome: whole });
    return { ...deletionFacts(regime, changes), request };
  }
  return letterFacts(letterRequest({ type: 'edit', regime, waiting }), changes);
}

const PAIRS = LETTER_KINDS.flatMap((kind) => REGIME_NAMES.map((regime) => [kind, regime] as const));

describe('what a letter may not leave out', () => {
  test.each(PAIRS)('%s under %s: dsr’s own template says all of it', (kind, regime) => {
    expect(() => renderLetter(kind, factsFor(kind, regime), {})).not.toThrow();
  });

  test.each(PAIRS)(
    '%s under %s: a template without any one of them is refused with the rule',
    (kind, regime) => {
      const facts = factsFor(kind, regime);
      const elements = elementsOf(kind, regime);
      const policy = { ...letterPolicy, letters: { [kind]: 'own.txt' } };
      const values = letterValues(kind, facts);
      for (const left of elements) {
        const names = elements
          .flatMap((element) => element.names)
          .filter((name) => !left.names.includes(name));
        const render = () =>
          renderLetter(kind, { ...facts, policy }, { 'own.txt': ['Good day', ...names.map(tag)].join('\n') });
        const isAlone = elements.every(
          (one) => one === left || !one.names.some((name) => left.names.includes(name)),
        );
        if (left.needed === 'there' && !left.names.some((name) => hasValue(values, name)))
          expect(render).not.toThrow();
        else expect(render).toThrow(isAlone ? left.rule : 'leaves out');
      }
    },
  );

  test('every regime has remedies, every rule its source', () => {
    expect(Object.keys(REMEDIES).sort()).toEqual([...REGIME_NAMES].sort());
    for (const { authority } of Object.values(REMEDIES)) expect(authority.source).not.toBe('');
    for (const [kind, regime] of PAIRS)
      for (const { rule, element } of elementsOf(kind, regime)) expect(`${rule}${element}`).toMatch(/\S{3}/);
  });
});

function tag(name: string): string {
  const [list = '', member] = name.split('.');
  return member === undefined ? `{{${list}}}` : `{{#${list}}}{{${member}}}{{/${list}}}`;
}

function hasValue(values: LetterValues, name: string): boolean {
  const [list = '', member = ''] = name.split('.');
  const value = values[list as LetterName];
  if (Array.isArray(value)) return value.some((entry) => entry[member] !== '');
  return typeof value === 'string' && value !== '';
}

const answerOf = (facts: LetterFacts, kind: LetterKind = 'partial-answer') => renderLetter(kind, facts, {});

describe('an answer', () => {
  test('to a deletion says what is done here, ordered upstream and until when, what stays and why', () => {
    expect(answerOf(deletionFacts('gdpr'))).toBe(`  Example Inc.
  privacy@example.org
  415-344-0056

  20 January 2026
  Our reference: R-000007

To the person who turned to us on 5 January 2026

You asked us on 5 January 2026 to delete the personal data that we hold about
you. We answer under the General Data Protection Regulation.

We have complied with your request in part here, and have ordered it of the
systems of our service; it is complete when they have carried that out. What
stays, and why, is said below.

What we have done:
- Your account (users): 1 row erased here
- Your payments (payments): 2 rows cut here to what has to stay
- Our log (access_log): 31 log lines erased here; counts stay, which are
  nobody’s

"Here" means in the system in which we carry out requests. What the systems of
our service have to do is said under what we have ordered.

The files have been rewritten since. We have looked for what was erased, byte
by byte, and found none of it that may not be there.

What we have ordered of the systems of our service:
- Your account (users): 1 entry to be deleted; ordered on 19 January 2026, not
  yet confirmed, to be done by 5 February 2026
- Your payments (payments): 1 entry to be cut to what has to stay; ordered on
  19 January 2026, not yet confirmed, to be done by 5 February 2026

What stays, and why:
- Your payments (payments), 2 rows: id and amount. It stays because a law
  obliges us to keep it (tax) (GDPR Art. 17(3)(b)). Until: 31 December 2032.

What stays is used for that and for nothing else.

Backups that still hold copies; they are not used, and end by themselves:
- backup nightly, until it is replaced after our service has carried out the
  orders

What we keep of your request itself:
- the file of your request: what was asked, done and written, until 24 months
  after your request is closed
- 3 keyed digests of identifiers, so that an old export or backup does not
  bring the data back, until 19 January 2027

We keep a record of your request, of what we did and of what we answered, for
24 months after it is closed. We use it for nothing else.

If you are not content you can complain to us:
- Write to the data protection officer.

You can lodge a complaint with a data protection supervisory authority, above
all where you live, where you work, or where you think that the law was
broken. All of them are listed at
https://www.edpb.europa.eu/about-edpb/about-edpb/members_en

You can also seek a judicial remedy: you may go to the courts of the country
in which we are established, or in which you live.

Example Inc.
`);
  });

  it.each<readonly [string, Partial<LetterFacts>, readonly string[], readonly string[]]>([
    [
      'while an order is open is not complete',
      {},
      ['complied with your request in part here', 'not yet confirmed'],
      ['We have complied with your request.'],
    ],
    [
      'after the last day says so',
      { today: '2026-03-01' },
      ['to be done without delay'],
      ['5 February 2026'],
    ],
    [
      'names who confirmed an order',
      {
        orders: [
          letterOrder({ state: 'confirmed', confirmedBy: 'import' }),
          letterOrder({ state: 'confirmed', confirmedBy: 'staff', source: 'payments' }),
        ],
      },
      ['done, as a later export shows', 'done, as our staff have confirmed'],
      ['and have ordered it'],
    ],
  ])('to a deletion that is open: %s', (_name, changes, present, absent) => {
    const text = answerOf(deletionFacts('gdpr', changes)).replace(/\s+/g, ' ');
    for (const words of present) expect(text).toContain(words);
    for (const words of absent) expect(text).not.toContain(words);
  });

  it.each(['pending', 'scrubbed', 'residue', 'proven'] as const)(
    'says of bytes that are %s no more than that',
    (bytes) => {
      const facts = deletionFacts('gdpr');
      const text = answerOf({ ...facts, request: { ...facts.request, outcome: { ...deletion, bytes } } });
      expect(text.replace(/\s+/g, ' ').includes('found none of it')).toBe(bytes === 'proven');
    },
  );

  test('never says erased without where, and names nobody', () => {
    const text = answerOf(deletionFacts('gdpr')).replace(/\s+/g, ' ');
    for (const [, after = ''] of text.matchAll(/\berased\b(.{6})/g))
      expect([' here', ', byte']).toContain(after.slice(0, after.startsWith(',') ? 6 : 5));
    expect(text).not.toMatch(/S-0/);
  });

  test('to a Californian says whether complied and that a record is kept, and offers the opt-out', () => {
    const text = answerOf(deletionFacts('ccpa')).replace(/\s+/g, ' ');
    expect(text).toContain('We have complied with your request in part');
    expect(text).toContain('We keep a record of your request');
    expect(text).toContain('(Cal. Civ. Code §1798.105(d)(8)). Until: 31 December 2032.');
    expect(text).toContain('You can ask us not to sell or share your personal information');
  });

  it.each<readonly [string, LetterKind, LetterFacts, string]>([
    ['in whole, where something stays', 'answer', deletionFacts('gdpr'), 'answer-in-part'],
    ['in part, where nothing stays', 'partial-answer', factsFor('answer', 'gdpr'), 'answer-in-whole'],
    [
      'to a deletion that was not carried out',
      'answer',
      letterFacts(letterRequest({ type: 'delete' })),
      'not-carried-out',
    ],
    [
      'in part by hand, without a word why',
      'partial-answer',
      letterFacts(letterRequest({ type: BY_HAND })),
      'explanation-missing',
    ],
    [
      'for identity, of an opt-out',
      'identity',
      letterFacts(letterRequest({ type: BY_HAND }), { needsProof: false }),
      'no-proof-needed',
    ],
    ['that refuses without a reason', 'refusal', letterFacts(letterRequest()), 'reason-missing'],
    ['that extends without a reason', 'extension', letterFacts(letterRequest()), 'reason-missing'],
    ['that asks nothing', 'clarification', letterFacts(letterRequest(), { note: ' ' }), 'question-missing'],
    ['with a code that nobody made', 'code', letterFacts(letterRequest()), 'code-missing'],
    ['about a waiting time that there is not', 'waiting', letterFacts(letterRequest()), 'nothing-waits'],
  ])('is refused %s', (_name, kind, facts, code) => {
    expect(() => renderLetter(kind, facts, {})).toThrow(expect.objectContaining({ code }));
  });

  test('to nothing held names what was searched and how fresh it was', () => {
    const outcome = {
      ...{ ...deletion, applied: [], remains: [], bytes: 'not-needed' as const },
      nothingHeld: [{ source: 'users', takenAt: '2026-01-02T00:00:00Z' }, { source: 'payments' }],
    };
    const text = answerOf(letterFacts(letterRequest({ outcome })), 'answer').replace(/\s+/g, ' ');
    expect(text).toContain('hold no personal data under what you gave us');
    expect(text).toContain('Your account (users): as it stood on 2 January 2026');
    expect(text).toContain('Your payments (payments): nothing has been loaded yet');
  });
});

describe('a refusal', () => {
  const denied = (regime: string, changes: Partial<Request> = {}) =>
    letterFacts(letterRequest({ regime, state: 'denied', ...changes }), {
      reason: 'excessive',
      note: 'the fourth this week',
    });

  test('under the GDPR has reasons, facts, the authority and the court', () => {
    const text = renderLetter('refusal', denied('gdpr'), {}).replace(/\s+/g, ' ');
    expect(text).toContain(
      'manifestly excessive, above all because it repeats earlier ones. (GDPR Art. 12(5))',
    );
    expect(text).toContain('On these facts: the fourth this week');
    expect(text).toContain('supervisory authority');
    expect(text).toContain('judicial remedy');
  });

  it.each([
    ['virginia', 'within 60 days.', 'Attorney General of Virginia'],
    ['colorado', 'within 45 days; we can take 60 more', 'Attorney General of Colorado'],
    ['connecticut', 'within 60 days.', 'Attorney General of Connecticut'],
  ])('under the law of %s says how to appeal and by when it is decided', (regime, days, authority) => {
    const text = renderLetter('refusal', denied(regime), {}).replace(/\s+/g, ' ');
    expect(text).toContain(days);
    expect(text).toContain(authority);
  });

  test('that stands after an appeal offers no second one', () => {
    const appeal = {
      ...{ receivedOn: '2026-01-12', dueOn: '2026-03-13' },
      decided: { at: '2026-01-20T09:00:00Z', granted: false },
    };
    const text = renderLetter('refusal', denied('virginia', { appeal }), {}).replace(/\s+/g, ' ');
    expect(text).toContain('your appeal of 12 January 2026, and our decision stands');
    expect(text).not.toContain('You can appeal');
  });

  test('that stands of an answer in part does not deny what was done, nor give the reason of an earlier refusal', () => {
    const step = { at: '2026-01-10T09:00:00Z', actor: 'ada', from: undefined, to: 'closed' } as const;
    const history = [
      { ...step, move: 'deny', to: 'denied', reason: 'no-authority' } as const,
      { ...step, move: 'answer', reason: 'routine' } as const,
      { ...step, move: 'uphold', to: 'denied', reason: 'looked-again' } as const,
    ];
    const decided = { at: '2026-01-20T09:00:00Z', granted: false };
    const appeal = { receivedOn: '2026-01-12', dueOn: '2026-03-13', decided };
    const request = letterRequest({ regime: 'virginia', state: 'denied', type: 'delete', history, appeal });
    const facts = letterFacts(request, { note: 'the law has not changed' });
    const text = renderLetter('refusal', facts, {}).replace(/\s+/g, ' ');
    expect(text).toContain('our decision stands: we do no more than our answer said');
    expect(text).toContain('On these facts: the law has not changed');
    expect(text).toContain('Attorney General of Virginia');
    for (const untrue of ['not complied', 'no proof', 'You can appeal']) expect(text).not.toContain(untrue);
  });

  test('of a correction in Australia has the right to a statement', () => {
    expect(renderLetter('refusal', denied('australia', { type: 'edit' }), {})).toContain(
      'attach a statement',
    );
  });

  test('gives a code that no table has, with what staff wrote', () => {
    const facts = { ...denied('gdpr'), reason: 'wrong-planet' };
    expect(renderLetter('refusal', facts, {})).toContain('The reason: Wrong planet.');
    expect(renderLetter('refusal', facts, {})).toContain('the fourth this week');
  });

  test('keeps words of staff to itself where the law asks for no facts', () => {
    const facts = { ...denied('gdpr'), reason: 'identity-not-verified' };
    expect(renderLetter('refusal', facts, {})).not.toContain('fourth');
  });
});

test('an acknowledgement asks of whoever asks for another person what fits them', () => {
  const asked = (requester: Request['requester']) =>
    renderLetter(
      'acknowledgement',
      letterFacts(
        letterRequest({
          requester,
          verification: { verified: false, method: undefined, matched: 0, needed: 1, tries: 0 },
        }),
      ),
      {},
    ).replace(/\s+/g, ' ');
  expect(asked('self')).toContain('have you sign in to your account');
  expect(asked('agent')).toContain('that you may ask this');
  expect(asked('parent')).not.toContain('sign in');
});

test('under a law without it a restriction names no article of the GDPR', () => {
  const restricted = letterFacts(letterRequest({ type: 'restrict', regime: 'ccpa' }));
  expect(renderLetter('answer', restricted, {})).not.toContain('GDPR');
});

test('every letter is filled, and no line is longer than 78', () => {
  const words = fc.stringMatching(/^[a-z ,.-]{1,300}$/);
  const types: readonly RequestType[] = [
    'access',
    'edit',
    'delete',
    'opt-out',
    'limit',
    'objection',
    'unclear',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...PAIRS),
      words,
      fc.constantFrom(...Object.keys(REFUSAL_REASONS), 'other'),
      fc.constantFrom(...types),
      fc.constantFrom('self', 'agent', 'parent', 'heir', 'household', 'authority'),
      ([kind, regime], note, reason, type, requester) => {
        const facts = factsFor(kind, regime);
        const isAnswer = kind === 'answer' || kind === 'partial-answer';
        const request = { ...facts.request, requester, ...(isAnswer ? {} : { type }) };
        const text = renderLetter(kind, { ...facts, request, note: `x${note}`, reason }, {});
        expect(text).not.toMatch(/\{\{|\}\}|undefined|NaN|\[object/);
        for (const line of text.split('\n')) if (line.length > 78) expect(line.trim()).not.toContain(' ');
      },
    ),
  );
});

test('what the ledger says changes with the state, not with the day or with what staff write', () => {
  const facts = deletionFacts('gdpr');
  const said = saidByLedger('partial-answer', facts);
  expect(saidByLedger('partial-answer', { ...facts, today: '2026-01-21', note: 'more' })).toBe(said);
  expect(saidByLedger('partial-answer', { ...facts, orders: [] })).not.toBe(said);
});
