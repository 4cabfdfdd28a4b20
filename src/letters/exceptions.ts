/** A ground on which data stays, as a letter names it: the code of the law and the reason in words. */
export interface ExceptionWords {
  readonly code: string;
  readonly why: string;
}

interface ExceptionRow {
  readonly why: string;
  /** Regime → the exception's place in its law. */
  readonly codes: Readonly<Record<string, string>>;
}

/** What a basis of the policy stands for; the part before a colon counts. Codes of the CCPA were read (law.md §2.2). */
const EXCEPTIONS: Readonly<Record<string, ExceptionRow>> = {
  'legal-obligation': {
    why: 'a law obliges us to keep it',
    codes: {
      gdpr: 'GDPR Art. 17(3)(b)',
      'uk-gdpr': 'UK GDPR Art. 17(3)(b)',
      ccpa: 'Cal. Civ. Code §1798.105(d)(8)',
      virginia: 'Va. Code §59.1-582(A)(1)',
      colorado: 'C.R.S. §6-1-1304(3)(a)',
      connecticut: 'Conn. Gen. Stat. §42-524(a)',
      lgpd: 'LGPD Art. 16 I',
      pipeda: 'PIPEDA Sch. 1 cl. 4.5',
      australia: 'APP 11.2(d)',
      'new-zealand': 'IPP 9',
      coppa: '16 CFR 312.10',
    },
  },
  'legal-claims': {
    why: 'we need it to establish, exercise or defend legal claims',
    codes: {
      gdpr: 'GDPR Art. 17(3)(e)',
      'uk-gdpr': 'UK GDPR Art. 17(3)(e)',
      ccpa: 'Cal. Civ. Code §1798.145(a)',
      virginia: 'Va. Code §59.1-582(A)(4)',
      colorado: 'C.R.S. §6-1-1304(3)(a)',
      connecticut: 'Conn. Gen. Stat. §42-524(a)',
      lgpd: 'LGPD Art. 7 VI',
      coppa: '16 CFR 312.10',
    },
  },
  'legal-hold': {
    why: 'it has to be preserved for a legal proceeding; once that is over we take up your request again by ourselves',
    codes: {
      gdpr: 'GDPR Art. 17(3)(e)',
      'uk-gdpr': 'UK GDPR Art. 17(3)(e)',
      ccpa: 'Cal. Civ. Code §1798.145(a)',
    },
  },
  'another-party': {
    why: 'it belongs to another person too',
    codes: {
      gdpr: 'GDPR Art. 17(3)(a)',
      'uk-gdpr': 'UK GDPR Art. 17(3)(a)',
      ccpa: 'Cal. Civ. Code §1798.145(k)',
    },
  },
  contract: {
    why: 'we need it to carry out a contract with you',
    codes: { gdpr: 'GDPR Art. 17(1)(a)', ccpa: 'Cal. Civ. Code §1798.105(d)(1)' },
  },
  security: {
    why: 'we need it for security and integrity',
    codes: { gdpr: 'GDPR Art. 17(1)(a)', ccpa: 'Cal. Civ. Code §1798.105(d)(2)' },
  },
};

/** Why a group stays, in words, and the exception of the law that lets it; several bases are joined. */
export function exceptionWords(basis: string, regime: string): ExceptionWords {
  const parts = basis.split(/;\s*/).map((part) => wordsOf(part.trim(), regime));
  const joined = (of: (part: ExceptionWords) => string) => [...new Set(parts.map(of))].join('; ');
  return { code: joined(({ code }) => code), why: joined(({ why }) => why) };
}

function wordsOf(basis: string, regime: string): ExceptionWords {
  const [name = '', ...rest] = basis.split(':');
  const row = Object.hasOwn(EXCEPTIONS, name) ? EXCEPTIONS[name] : undefined;
  const detail = rest.join(':').trim();
  if (row === undefined) return { code: `basis: ${basis}`, why: basis.replaceAll('-', ' ') };
  const why = detail === '' ? row.why : `${row.why} (${detail})`;
  return { code: row.codes[regime] ?? `basis: ${name}`, why };
}
