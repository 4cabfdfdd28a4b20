import { VERIFICATION_RULES, type VerificationRule } from '../../../law/verification.ts';

/** What somebody has to show, by type and law, from the rules as the program has them. */
export function verificationTopic(): string {
  return `Who asks is verified by what type, level and law demand. Each account and each
address is verified on its own: what was not verified is not given, changed or
erased, and the answer says so, masked and counted.

  account      signed in; --account says which of several
  data-points  --match; compared, and only how many matched is told
  code         dsr request code makes one for an address that the ledger holds
  document     one that the policy names under verification: document
  agent        --requester agent; signed permission, and the person themselves or
               --confirmed-directly; a power of attorney stands alone
  parent       the policy's steps of consent
  heir, household, authority   the policy's papers, noted by dsr request attach

Three guesses in all: points and codes. Papers are noted, never kept. Only
columns that the policy calls usable count; what profiles show never does.

The first rule that fits counts (* not read in its own text):
${VERIFICATION_RULES.map(ruleLines).join('\n')}

Points: the law's number, or the policy's limits points_specific (reasonably
high) and points_categories (reasonable) where these are more.`;
}

function ruleLines(rule: VerificationRule): string {
  const { types, level, regimes, degree, points, declaration, reauthenticate, fallsTo, source, verified } =
    rule;
  const who = [
    types.join(', ') || 'anything else',
    ...(level === undefined ? [] : [`(${level})`]),
    ...(regimes === undefined ? [] : [`under ${regimes.join(', ')}`]),
  ].join(' ');
  const what = [
    degree === 'none' ? 'nothing' : degree.replace('-', ' '),
    ...(points === 0 ? [] : [`${points} points`]),
    ...(declaration ? ['a signed declaration'] : []),
    ...(reauthenticate ? ['the password again, where signed in'] : []),
    ...(fallsTo === undefined ? [] : [`else as ${fallsTo.level} (${fallsTo.source})`]),
  ].join(', ');
  return `  ${who}: ${what}\n      ${source}${verified ? '' : ' *'}`;
}
