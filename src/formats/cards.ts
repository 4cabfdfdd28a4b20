const SEPARATOR = '[ \\u00a0\\u2010-\\u2013-]';
/** Groups of digits with one separator between two of them, thirteen digits or more in all. */
const DIGIT_GROUPS = new RegExp(`\\d(?:${SEPARATOR}?\\d){12,}`, 'g');
const SHORTEST = 13;
const LONGEST = 19;
const KEPT = 4;

/**
 * The text with each card number (13 to 19 digits with a right Luhn digit, spaces or dashes between
 * groups) cut to its last four digits; other digits stay.
 */
export function maskCards(text: string): string {
  return text.length < SHORTEST ? text : text.replace(DIGIT_GROUPS, maskRun);
}

interface Group {
  readonly digits: string;
  readonly start: number;
  readonly end: number;
}

function maskRun(run: string): string {
  const groups = [...run.matchAll(/\d+/g)].map(({ 0: digits, index }) => ({
    digits,
    start: index,
    end: index + digits.length,
  }));
  let masked = '';
  let done = 0;
  for (const { start, end } of cardSpans(groups)) {
    masked += run.slice(done, start) + maskSpan(run.slice(start, end));
    done = end;
  }
  return masked + run.slice(done);
}

/** Where card numbers lie, whole groups each; those that overlap are one span. */
function cardSpans(groups: readonly Group[]): readonly { readonly start: number; readonly end: number }[] {
  const spans: { start: number; end: number }[] = [];
  for (const [first, { start }] of groups.entries()) {
    for (const end of cardEnds(groups, first)) {
      const last = spans.at(-1);
      if (last === undefined || last.end <= start) spans.push({ start, end });
      else last.end = Math.max(last.end, end);
    }
  }
  return spans;
}

/** Ends of the card numbers that begin with a group. */
function cardEnds(groups: readonly Group[], first: number): readonly number[] {
  const ends: number[] = [];
  let digits = '';
  // Each group has a digit, so no more of them can matter.
  for (const group of groups.slice(first, first + LONGEST)) {
    digits += group.digits;
    if (digits.length > LONGEST) break;
    if (digits.length >= SHORTEST && isLuhn(digits)) ends.push(group.end);
  }
  return ends;
}

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function maskSpan(span: string): string {
  let left = span.replace(/\D/g, '').length - KEPT;
  return span.replace(/\d/g, (digit) => {
    left -= 1;
    return left >= 0 ? '*' : digit;
  });
}
