/** A kind of data whose value an answer may never hold, and what is said of it instead. */
export interface NeverDisclosed {
  /** A fideslang data category; those below it count too. */
  readonly category: string;
  /** What is held, with particularity: 11 CCR §7024(d). */
  readonly type: string;
  readonly rule: string;
}

const RULE = '11 CCR §7024(d)';

/** Regime → what never leaves the house, however well the requester is verified; the closest category counts. */
const NEVER: Readonly<Record<string, readonly NeverDisclosed[]>> = {
  ccpa: [
    ...of('user.government_id', {
      '': 'a government-issued identification number',
      birth_certificate: 'a birth certificate number',
      drivers_license_number: "a driver's licence number",
      immigration: 'an immigration document number',
      national_identification_number: 'a Social Security or other national identification number',
      passport_number: 'a passport number',
      vehicle_registration: 'a vehicle registration number',
    }),
    ...of('user.financial', {
      '': 'a financial account number',
      bank_account: 'a bank account number',
      credit_card: 'a payment card number',
    }),
    ...of('user.health_and_medical', {
      genetic: 'unique genetic data',
      insurance_beneficiary_id: 'a health insurance number',
      record_id: 'a medical identification number',
    }),
    ...of('user.authorization', {
      '': 'data that opens an account',
      biometric: 'unique biometric data that opens an account',
      credentials: 'an account password, or a security question or answer',
      password: 'an account password',
    }),
    ...of('user.biometric', {
      '': 'unique biometric data',
      fingerprint: 'a fingerprint',
      health: 'unique biometric data on health',
      retinal: 'a scan of the retina',
      voice: 'a voiceprint',
    }),
  ],
};

function of(category: string, types: Readonly<Record<string, string>>): readonly NeverDisclosed[] {
  return Object.entries(types).map(([part, type]) => ({
    category: part === '' ? category : `${category}.${part}`,
    type,
    rule: RULE,
  }));
}

/** What keeps a value of a data category out of every answer under a law; undefined where nothing does. */
export function neverDisclosed(regime: string, category: string | undefined): NeverDisclosed | undefined {
  if (category === undefined || !Object.hasOwn(NEVER, regime)) return undefined;
  const fitting = (NEVER[regime] ?? []).filter(
    (row) => category === row.category || category.startsWith(`${row.category}.`),
  );
  return fitting.toSorted((a, b) => b.category.length - a.category.length)[0];
}
