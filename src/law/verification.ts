/** How sure a law wants whoever answers to be of who asks. */
export type Degree = 'none' | 'reasonable' | 'reasonably-high';

/** What a law asks for before a request of some types is carried out. */
export interface VerificationRule {
  readonly types: readonly string[];
  /** Of an access: how much is asked for; any where left out. */
  readonly level?: 'categories' | 'specific';
  /** Any law where left out. */
  readonly regimes?: readonly string[];
  readonly degree: Degree;
  /** Data points that the law itself names; a policy may ask for more, never for less. */
  readonly points: number;
  /** A declaration under penalty of perjury is signed where no account proves who asks. */
  readonly declaration: boolean;
  /** Whoever is signed in to an account shows their password again. */
  readonly reauthenticate: boolean;
  /** What a request that cannot be verified is evaluated as. */
  readonly fallsTo?: { readonly level: 'categories'; readonly source: string };
  /** Where what is to be corrected proves nobody: the rule that says so. */
  readonly notByWhatChanges?: string;
  readonly source: string;
  /** Whether the rule was read in its own text. */
  readonly verified: boolean;
}

const NEVER = { degree: 'none', points: 0, declaration: false, reauthenticate: false } as const;
const CALIFORNIA = { regimes: ['ccpa'], declaration: false, reauthenticate: true } as const;
const ANY_LAW = { points: 0, declaration: false, reauthenticate: false } as const;
/** Commercially reasonable efforts. */
const UNITED_STATES = {
  ...ANY_LAW,
  regimes: ['virginia', 'colorado', 'connecticut'],
  source: 'Va. Code §59.1-577, C.R.S. §6-1-1306, Conn. Gen. Stat. §42-518',
  verified: false,
} as const;

const BY_TYPE: readonly VerificationRule[] = [
  { ...NEVER, types: ['opt-out', 'limit'], source: '11 CCR §7060(b)', verified: true },
  // Two steps, the request and its confirmation, stand for a proof.
  { ...NEVER, types: ['opt-in'], source: '11 CCR §7028(a)', verified: false },
  { ...NEVER, types: ['objection'], source: 'GDPR Art. 21(2), (3)', verified: true },
  // As easy as it was given; doubts about identity concern Articles 15 to 21 alone.
  { ...NEVER, types: ['consent-withdrawal'], source: 'GDPR Art. 7(3), 12(6)', verified: false },
  { ...NEVER, types: ['complaint'], source: 'GDPR Art. 77(1)', verified: false },
  // Nothing is given or changed until it is known what is asked for.
  { ...NEVER, types: ['unclear'], source: 'GDPR Art. 12(2)', verified: false },
  {
    ...ANY_LAW,
    types: ['parental-review'],
    degree: 'reasonable',
    source: '16 CFR 312.6(a)(3)(i)',
    verified: true,
  },
  {
    ...CALIFORNIA,
    types: ['access'],
    level: 'categories',
    degree: 'reasonable',
    points: 2,
    source: '11 CCR §7062(b), §7061(a)',
    verified: false,
  },
  {
    ...CALIFORNIA,
    types: ['access', 'portability'],
    degree: 'reasonably-high',
    points: 3,
    declaration: true,
    fallsTo: { level: 'categories', source: '11 CCR §7024(a)' },
    source: '11 CCR §7062(c), §7061(a)',
    verified: false,
  },
  {
    ...CALIFORNIA,
    types: ['delete'],
    degree: 'reasonably-high',
    points: 3,
    source: '11 CCR §7062(d), §7061(a)',
    verified: false,
  },
  {
    ...CALIFORNIA,
    types: ['edit'],
    degree: 'reasonable',
    points: 2,
    notByWhatChanges: '11 CCR §7060(h)',
    source: '11 CCR §7062(d), §7061(a)',
    verified: false,
  },
  { ...UNITED_STATES, types: ['access'], level: 'categories', degree: 'reasonable' },
  { ...UNITED_STATES, types: ['access', 'portability', 'delete'], degree: 'reasonably-high' },
  { ...UNITED_STATES, types: ['edit', 'restrict'], degree: 'reasonable' },
  {
    ...ANY_LAW,
    types: ['access'],
    level: 'categories',
    degree: 'reasonable',
    source: 'GDPR Art. 12(6)',
    verified: false,
  },
  {
    ...ANY_LAW,
    types: ['access', 'portability', 'delete'],
    degree: 'reasonably-high',
    source: 'GDPR Art. 12(6)',
    verified: false,
  },
];

/** What stands for every type that no rule names. */
const USUAL: VerificationRule = {
  ...ANY_LAW,
  types: [],
  degree: 'reasonable',
  source: 'GDPR Art. 12(6)',
  verified: false,
};

/** All rules; the first that fits counts, and the last fits all. */
export const VERIFICATION_RULES: readonly VerificationRule[] = [...BY_TYPE, USUAL];

/** What a law asks of whoever makes a request of this type, at this level of an access. */
export function verificationRule(type: string, level: string, regime: string): VerificationRule {
  const isAccess = type === 'access';
  const fits = (rule: VerificationRule) =>
    rule.types.includes(type) &&
    (rule.level === undefined || !isAccess || rule.level === level) &&
    (rule.regimes === undefined || rule.regimes.includes(regime));
  return BY_TYPE.find(fits) ?? USUAL;
}

/** What a verified agent has to bring beside the policy's proofs (11 CCR §7063). */
export const AGENT_RULE = {
  /** Stands alone: neither the consumer's identity nor their confirmation is asked for. */
  alone: 'power-of-attorney',
  source: '11 CCR §7063(a), (b)',
} as const;

/** A household with a member under this age needs the consent of a parent first (11 CCR §7031). */
export const HOUSEHOLD_RULE = { under: 13, proof: 'parental-consent', source: '11 CCR §7031' } as const;
