import type { LetterKind } from './kinds.ts';
import type { LetterName } from './vocabulary.ts';

/** Something that a letter of a kind may not leave out, and the rule that says so. */
export interface LetterElement {
  readonly kinds: readonly LetterKind[];
  /** Undefined: every law, or what dsr promises of itself. */
  readonly regimes?: readonly string[];
  /** In words: what a template leaves out that has none of the names. */
  readonly element: string;
  /** Names of which one has to be said; `remains.until` of each entry of a list. */
  readonly names: readonly (LetterName | `${LetterName}.${string}`)[];
  /** `always`, or only where the letter has something to say under one of the names. */
  readonly needed: 'always' | 'there';
  readonly rule: string;
  readonly verified: boolean;
}

const ANSWERS: readonly LetterKind[] = ['answer', 'partial-answer'];
const GDPRS = ['gdpr', 'uk-gdpr'];
const APPEALS = ['virginia', 'colorado', 'connecticut'];

/** The one table of what letters have to say. */
const LETTER_ELEMENTS: readonly LetterElement[] = [
  {
    ...{ kinds: ['acknowledgement'], regimes: ['ccpa'], names: ['verification'], needed: 'always' },
    ...{ element: 'how whoever asks is verified', rule: '11 CCR §7021(a)', verified: true },
  },
  {
    ...{ kinds: ['acknowledgement'], regimes: ['ccpa'], names: ['due_on'], needed: 'always' },
    ...{ element: 'when to expect an answer', rule: '11 CCR §7021(a)', verified: true },
  },
  ...extensions(),
  {
    ...{ kinds: ['extension'], regimes: ['pipeda'], names: ['authority'], needed: 'always' },
    ...{ element: 'the right to complain about the extension', rule: 'PIPEDA s. 8(4)', verified: true },
  },
  {
    ...{ kinds: ['extension'], regimes: ['new-zealand'], names: ['authority'], needed: 'always' },
    element: 'the right to complain about the extension',
    ...{ rule: 'Privacy Act 2020 (NZ) s. 48', verified: false },
  },
  {
    ...{ kinds: ['identity'], names: ['proofs.line'], needed: 'always' },
    ...{ element: 'what may be shown', rule: 'GDPR Art. 12(6), 11 CCR §7060', verified: false },
  },
  {
    ...{ kinds: ['identity'], names: ['identity_use'], needed: 'always' },
    ...{
      element: 'that the proof is used for that alone and deleted',
      rule: '11 CCR §7060(d), GDPR Art. 5(1)(b)',
    },
    verified: true,
  },
  {
    ...{ kinds: ['identity'], regimes: ['ccpa'], names: ['no_fee'], needed: 'always' },
    ...{ element: 'that verification costs nothing', rule: '11 CCR §7060(e)', verified: true },
  },
  {
    ...{ kinds: ['clarification'], names: ['question'], needed: 'always' },
    ...{ element: 'what has to be known', rule: 'GDPR Rec. 63, UK GDPR Art. 12A', verified: false },
  },
  {
    ...{ kinds: ['code'], names: ['code'], needed: 'always' },
    ...{ element: 'the code', rule: 'dsr: a letter that brings a code holds it', verified: true },
  },
  {
    ...{ kinds: ['waiting'], names: ['waiting_until'], needed: 'always' },
    ...{
      element: 'until when the deletion can be stopped',
      rule: 'the waiting time of the policy',
      verified: true,
    },
  },
  {
    ...{ kinds: ['waiting'], names: ['stop_how'], needed: 'always' },
    ...{ element: 'how the deletion is stopped', rule: 'the waiting time of the policy', verified: true },
  },
  {
    ...{ kinds: [...ANSWERS, 'refusal'], regimes: ['ccpa'], names: ['complied'], needed: 'always' },
    ...{
      element: 'whether the request was complied with',
      rule: '11 CCR §7022(e), §7023(f)',
      verified: true,
    },
  },
  {
    ...{ kinds: [...ANSWERS, 'refusal'], regimes: ['ccpa'], names: ['record_kept'], needed: 'always' },
    ...{ element: 'that a record of the request is kept', rule: '11 CCR §7022(e), §7101', verified: true },
  },
  ...truths(),
  ...reasons(),
  ...remedies(),
];

function extensions(): readonly LetterElement[] {
  const shared = {
    kinds: ['extension'] as const,
    rule: 'GDPR Art. 12(3), 11 CCR §7021(b), Va. Code §59.1-577, PIPEDA s. 8(4)',
    needed: 'always' as const,
    verified: true,
  };
  return [
    { ...shared, names: ['extension_reason'], element: 'the reason of the extension' },
    { ...shared, names: ['due_on'], element: 'the new day of the answer' },
  ];
}

/** Answers never say more than is true: what is not done, and what stays, is in them. */
function truths(): readonly LetterElement[] {
  const shared = { kinds: ANSWERS, needed: 'there' as const, verified: true };
  return [
    {
      ...{ ...shared, names: ['done.line', 'given.line', 'nothing_held', 'complied'] },
      ...{ needed: 'always', element: 'what was done', rule: 'GDPR Art. 12(3)' },
    },
    {
      ...shared,
      names: ['here'],
      element: 'what "here" means',
      rule: 'dsr: erased here is never called erased',
    },
    {
      ...shared,
      names: ['bytes'],
      element: 'what is known of the bytes',
      rule: 'dsr: erased here is never called erased',
    },
    {
      ...{ ...shared, names: ['orders.line'], element: 'what is ordered upstream and until when' },
      rule: 'GDPR Art. 12(3), 11 CCR §7022(b)',
    },
    {
      ...{ ...shared, names: ['backups.line'], element: 'which backups still hold it' },
      rule: '11 CCR §7022(d), GDPR Art. 5(1)(a)',
    },
    {
      ...shared,
      names: ['kept.line'],
      element: 'what is kept of the request itself',
      rule: 'GDPR Art. 13(2)(a), 17',
    },
    {
      ...{ ...shared, names: ['withheld.line'], element: 'what is held but may not be disclosed' },
      rule: '11 CCR §7024(d)',
    },
    { ...shared, names: ['searched.line'], element: 'what was searched', rule: 'GDPR Art. 15(1), 12(1)' },
    {
      ...shared,
      names: ['complaint_steps.line'],
      element: 'where to complain',
      rule: "the controller's notice",
    },
  ];
}

function reasons(): readonly LetterElement[] {
  const stays = { kinds: ANSWERS, needed: 'there' as const, verified: true };
  const rule = 'GDPR Art. 12(4), 11 CCR §7022(f)';
  return [
    { ...stays, names: ['remains.what'], element: 'what stays', rule },
    { ...stays, names: ['remains.why'], element: 'why it stays', rule },
    { ...stays, names: ['remains.exception'], element: 'the exception on which it stays', rule },
    { ...stays, names: ['remains.until'], element: 'until when it stays', rule },
    {
      ...{ kinds: ['partial-answer'], names: ['remains.why', 'explanation'], needed: 'always' },
      ...{ element: 'the reasons for what was not done', rule, verified: true },
    },
    {
      ...{ kinds: ['refusal'], names: ['reason'], needed: 'always' },
      ...{ element: 'the reasons', rule, verified: true },
    },
    {
      ...{ kinds: ['refusal'], names: ['explanation'], needed: 'there' },
      ...{
        element: 'the facts on which it rests',
        rule: 'GDPR Art. 12(5), 11 CCR §7022(f)',
        verified: false,
      },
    },
  ];
}

function remedies(): readonly LetterElement[] {
  const kinds = ['partial-answer', 'refusal'] as const;
  const shared = { kinds, needed: 'always' as const };
  const authority = { names: ['authority'] as const, element: 'the right to complain to the authority' };
  return [
    { ...shared, ...authority, regimes: GDPRS, rule: 'GDPR Art. 12(4)', verified: true },
    { ...shared, ...authority, regimes: ['pipeda'], rule: 'PIPEDA s. 8(7)', verified: false },
    { ...shared, ...authority, regimes: ['australia'], rule: 'APP 12.9, 13.3', verified: true },
    {
      ...shared,
      ...authority,
      regimes: ['new-zealand'],
      rule: 'Privacy Act 2020 (NZ) s. 46',
      verified: false,
    },
    { ...shared, ...authority, regimes: ['lgpd'], rule: 'LGPD Art. 18 §1, 19', verified: false },
    {
      ...shared,
      ...authority,
      regimes: APPEALS,
      rule: 'Va. Code §59.1-577(C), C.R.S. §6-1-1306(3)',
      verified: true,
    },
    {
      ...{ ...shared, regimes: GDPRS, names: ['court'], element: 'the judicial remedy' },
      ...{ rule: 'GDPR Art. 12(4)', verified: true },
    },
    {
      // An appeal that was refused has none after it.
      ...{ ...shared, needed: 'there', regimes: APPEALS, names: ['appeal'], element: 'how to appeal' },
      ...{ rule: 'Va. Code §59.1-577(C), Conn. Gen. Stat. §42-518(d)', verified: true },
    },
    {
      ...{
        ...shared,
        needed: 'there',
        names: ['statement_right'],
        element: 'the right to attach a statement',
      },
      ...{ rule: 'APP 13.3, GDPR Art. 16', verified: true },
    },
  ];
}

/** What a letter of a kind has to say under a regime. */
export function elementsOf(kind: LetterKind, regime: string): readonly LetterElement[] {
  return LETTER_ELEMENTS.filter(
    ({ kinds, regimes }) => kinds.includes(kind) && (regimes === undefined || regimes.includes(regime)),
  );
}
