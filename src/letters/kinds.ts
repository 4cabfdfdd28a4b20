/** The letters that a request may need, as the policy file and `dsr request letter` name them. */
export const LETTER_KINDS = [
  'acknowledgement',
  'extension',
  'identity',
  'clarification',
  'code',
  'waiting',
  'answer',
  'partial-answer',
  'refusal',
] as const;

/** One of them. */
export type LetterKind = (typeof LETTER_KINDS)[number];

/** Whether a word names a kind of letter. */
export function isLetterKind(word: string): word is LetterKind {
  return (LETTER_KINDS as readonly string[]).includes(word);
}
