/** The laws that dsr knows a clock of, as policies and flags name them. */
export const REGIME_CODES = [
  'gdpr',
  'uk-gdpr',
  'ccpa',
  'virginia',
  'colorado',
  'connecticut',
  'lgpd',
  'pipeda',
  'australia',
  'new-zealand',
  'coppa',
] as const;
