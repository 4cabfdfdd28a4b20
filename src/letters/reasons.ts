/** Why a request is refused, as the person is told. */
export interface RefusalReason {
  readonly text: string;
  /** Regime → where it gives this reason. */
  readonly sources: Readonly<Record<string, string>>;
  /** The law asks for the facts, or for what the controller relies on: staff have to write them. */
  readonly needsFacts?: true;
}

const BURDEN = {
  gdpr: 'GDPR Art. 12(5)',
  'uk-gdpr': 'UK GDPR Art. 12(5)',
  ccpa: 'Cal. Civ. Code §1798.145(h)(3)',
  virginia: 'Va. Code §59.1-577(B)(3)',
  colorado: 'C.R.S. §6-1-1306(2)(c)',
};

const UNVERIFIED: RefusalReason = {
  text: 'We could not verify that you are the person whose data this is, or may act for them. We gave and changed nothing, so that nobody can reach the data of another.',
  sources: {
    gdpr: 'GDPR Art. 12(2), 12(6)',
    'uk-gdpr': 'UK GDPR Art. 12(2), 12(6)',
    ccpa: '11 CCR §7022(a), §7024(a)',
    virginia: 'Va. Code §59.1-577(B)(4)',
    colorado: 'C.R.S. §6-1-1306(2)(d)',
    connecticut: 'Conn. Gen. Stat. §42-518(c)(4)',
    coppa: '16 CFR 312.6(a)(3)(i)',
  },
};

const UNFOUNDED: RefusalReason = {
  text: 'Your request is manifestly unfounded.',
  sources: BURDEN,
  needsFacts: true,
};

const EXCESSIVE: RefusalReason = {
  text: 'Your request is manifestly excessive, above all because it repeats earlier ones.',
  sources: BURDEN,
  needsFacts: true,
};

/** Reason code → words. What a regime has no rule for is given without one. */
export const REFUSAL_REASONS: Readonly<Record<string, RefusalReason>> = {
  'identity-not-verified': UNVERIFIED,
  'not-verified': UNVERIFIED,
  'not-verifiable': UNVERIFIED,
  'no-authority': {
    text: 'We have seen no proof that you may act for the person whose data this is.',
    sources: { ccpa: '11 CCR §7063', coppa: '16 CFR 312.6(a)(3)(i)' },
  },
  'no-match': {
    text: 'We found nobody by what you gave us.',
    sources: { ccpa: '11 CCR §7062', gdpr: 'GDPR Art. 11(2)', 'uk-gdpr': 'UK GDPR Art. 11(2)' },
  },
  'suspected-fraud': {
    text: 'We believe in good faith, and have written down why, that this request does not come from the person whose data this is.',
    sources: { ccpa: '11 CCR §7026(e), §7027(f), §7060' },
    needsFacts: true,
  },
  unfounded: UNFOUNDED,
  'manifestly-unfounded': UNFOUNDED,
  excessive: EXCESSIVE,
  'manifestly-excessive': EXCESSIVE,
  'too-many-requests': {
    text: 'You have asked for the same as often as the law lets you within twelve months.',
    sources: {
      ccpa: 'Cal. Civ. Code §1798.130(b)',
      virginia: 'Va. Code §59.1-577(B)(3)',
      colorado: 'C.R.S. §6-1-1306(2)(c)',
      connecticut: 'Conn. Gen. Stat. §42-518(c)(3)',
    },
  },
  'outside-regime': {
    text: 'The law that you rely on does not cover you, or does not cover us.',
    sources: { gdpr: 'GDPR Art. 3', 'uk-gdpr': 'UK GDPR Art. 3', ccpa: 'Cal. Civ. Code §1798.140(d), (i)' },
    needsFacts: true,
  },
  'not-a-consumer': {
    text: 'The law that you rely on gives this right to consumers, and we find that you are none under it.',
    sources: { ccpa: 'Cal. Civ. Code §1798.140(i)' },
    needsFacts: true,
  },
  exempt: {
    text: 'The data that you asked for is exempt.',
    sources: { ccpa: 'Cal. Civ. Code §1798.145, §1798.146', gdpr: 'GDPR Art. 23' },
    needsFacts: true,
  },
  'legal-obligation': {
    text: 'A law obliges us to keep the data.',
    sources: {
      gdpr: 'GDPR Art. 17(3)(b)',
      'uk-gdpr': 'UK GDPR Art. 17(3)(b)',
      ccpa: 'Cal. Civ. Code §1798.105(d)(8)',
    },
    needsFacts: true,
  },
  'legal-claims': {
    text: 'We need the data to establish, exercise or defend legal claims.',
    sources: {
      gdpr: 'GDPR Art. 17(3)(e)',
      'uk-gdpr': 'UK GDPR Art. 17(3)(e)',
      ccpa: 'Cal. Civ. Code §1798.145(a)',
    },
    needsFacts: true,
  },
  'third-party-rights': {
    text: 'It would harm the rights of other people.',
    sources: {
      gdpr: 'GDPR Art. 15(4), 20(4)',
      'uk-gdpr': 'UK GDPR Art. 15(4), 20(4)',
      ccpa: 'Cal. Civ. Code §1798.145(k)',
      pipeda: 'PIPEDA s. 9(1)',
      australia: 'APP 12.3',
    },
    needsFacts: true,
  },
  accurate: {
    text: 'We have looked into it, and find the data more likely than not to be accurate.',
    sources: {
      ccpa: '11 CCR §7023(b)',
      gdpr: 'GDPR Art. 16',
      'uk-gdpr': 'UK GDPR Art. 16',
      australia: 'APP 13.3',
    },
    needsFacts: true,
  },
  'compelling-grounds': {
    text: 'We have compelling grounds for the use of the data, which weigh more than your interests.',
    sources: { gdpr: 'GDPR Art. 21(1)', 'uk-gdpr': 'UK GDPR Art. 21(1)' },
    needsFacts: true,
  },
  'impossible-or-disproportionate': {
    text: 'It is impossible, or would take an effort out of all proportion.',
    sources: { ccpa: '11 CCR §7022(b)(3), §7024(h)' },
    needsFacts: true,
  },
};

/** A reason in words, with where the law gives it; of a code that no table has, the code itself. */
export function refusalWords(
  code: string,
  regime: string,
): { readonly text: string; readonly source: string } {
  const known = Object.hasOwn(REFUSAL_REASONS, code) ? REFUSAL_REASONS[code] : undefined;
  if (known === undefined) return { text: `${capital(code.replaceAll('-', ' '))}.`, source: '' };
  return { text: known.text, source: known.sources[regime] ?? '' };
}

function capital(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

/** Whether a code refuses because nobody was verified. */
export function isForIdentity(code: string): boolean {
  return Object.hasOwn(REFUSAL_REASONS, code) && REFUSAL_REASONS[code] === UNVERIFIED;
}

/** Whether a law gives a reason that tables of other laws have. */
export function givesReason(regime: string, code: string): boolean {
  return Object.hasOwn(REFUSAL_REASONS, code) && REFUSAL_REASONS[code]?.sources[regime] !== undefined;
}

/** Whether staff's words on a refusal go into its letter: the facts that it rests on, or all that there is to say. */
export function takesFacts(code: string): boolean {
  return !Object.hasOwn(REFUSAL_REASONS, code) || demandsFacts(code);
}

/** Whether a refusal is none without the facts that it rests on (GDPR Art. 12(5), 11 CCR §7022(f), §7026(e)). */
export function demandsFacts(code: string): boolean {
  return Object.hasOwn(REFUSAL_REASONS, code) && REFUSAL_REASONS[code]?.needsFacts === true;
}
