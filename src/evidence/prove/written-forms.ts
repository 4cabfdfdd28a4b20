import { foldCase } from './keyed-hash.ts';

/** In what writing a value was found. `quoted` is the doubled quote of CSV and SQL. */
export const FORMS = ['utf-8', 'utf-16', 'latin-1', 'json', 'url', 'quoted', 'base64'] as const;

export type Form = (typeof FORMS)[number];

export interface WrittenForm {
  readonly form: Form;
  readonly bytes: Uint8Array;
}

/** Whether ASCII letters of either case are the same in this form. */
export function hasFoldedCase(form: Form): boolean {
  return form !== 'base64';
}

type Spell = (text: string) => string;

const unicodeEscape = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
const asJson: Spell = (text) => JSON.stringify(text).slice(1, -1);
const toAscii: Spell = (text) => text.replace(/[^\u0000-\u007f]/g, unicodeEscape);
const escapeSlash: Spell = (text) => text.replaceAll('/', '\\/');

const JSON_SPELLINGS: readonly Spell[] = [
  asJson,
  (text) => toAscii(asJson(text)),
  (text) => escapeSlash(asJson(text)),
  (text) => toAscii(escapeSlash(asJson(text))),
  // Go keeps <, > and & out of JSON; .NET quotes and plus signs too.
  (text) => asJson(text).replace(/[<>&\u2028\u2029]/g, unicodeEscape),
  (text) =>
    toAscii(
      asJson(text)
        .replace(/\\"/g, '\\u0022')
        .replace(/[<>&'+`]/g, unicodeEscape),
    ),
];

const percent: Spell = (text) => encodeURIComponent(text);
/** As web forms send it: `!'()~` are escaped too. */
const percentAll: Spell = (text) =>
  percent(text).replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
const spaceAsPlus: Spell = (escaped) => escaped.replaceAll('%20', '+');

const URL_SPELLINGS: readonly Spell[] = [
  percent,
  percentAll,
  encodeURI,
  (text) => spaceAsPlus(percent(text)),
  (text) => spaceAsPlus(percentAll(text)),
  (text) => spaceAsPlus(encodeURI(text)),
];

const QUOTED_SPELLINGS: readonly Spell[] = [
  (text) => text.replaceAll('"', '""'),
  (text) => text.replaceAll("'", "''"),
];

/**
 * Every form in which a text is looked for, each once: two that are equal after folding ASCII case are
 * one. Texts with other letters are also looked for in lower and upper case, composed and decomposed.
 */
export function writtenForms(text: string, options: { readonly base64: boolean }): readonly WrittenForm[] {
  const known = new Map<string, WrittenForm>();
  for (const spelling of spellings(text.toWellFormed())) {
    for (const written of formsOf(spelling, options.base64)) {
      const key = Buffer.from(hasFoldedCase(written.form) ? foldCase(written.bytes) : written.bytes);
      const name = key.toString('latin1');
      if (!known.has(name)) known.set(name, written);
    }
  }
  return [...known.values()];
}

function spellings(text: string): ReadonlySet<string> {
  if (isWithin(text, 0x7f)) return new Set([text]);
  const composed = [text, text.normalize('NFC'), text.normalize('NFD')];
  return new Set(composed.flatMap((one) => [one, one.toLowerCase(), one.toUpperCase()]));
}

function* formsOf(text: string, base64: boolean): Generator<WrittenForm> {
  const bytes = Buffer.from(text, 'utf8');
  yield { form: 'utf-8', bytes };
  for (const wide of utf16(text)) yield { form: 'utf-16', bytes: wide };
  if (isWithin(text, 0xff)) yield { form: 'latin-1', bytes: Buffer.from(text, 'latin1') };
  yield* spelled('json', JSON_SPELLINGS, text);
  yield* spelled('url', URL_SPELLINGS, text);
  yield* spelled('quoted', QUOTED_SPELLINGS, text);
  if (base64) for (const inner of base64Inner(bytes)) yield { form: 'base64', bytes: inner };
}

function* spelled(form: Form, spells: readonly Spell[], text: string): Generator<WrittenForm> {
  for (const spell of spells) yield { form, bytes: Buffer.from(spell(text), 'utf8') };
}

/** Little and big endian without an outer zero byte: of an ASCII text both are the same. */
function utf16(text: string): readonly Uint8Array[] {
  const little = Buffer.from(text, 'utf16le');
  const big = Buffer.from(little).swap16();
  return [little.at(-1) === 0 ? little.subarray(0, -1) : little, big.at(0) === 0 ? big.subarray(1) : big];
}

/** What base64 makes of the bytes wherever they stand in a longer content, in both alphabets. */
function base64Inner(bytes: Uint8Array): readonly Uint8Array[] {
  return [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // A character that also holds bits of a neighbour is not theirs: of one byte it is two, of two three.
    const inner = whole.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + bytes.length) * 4) / 3));
    const forUrls = inner.replaceAll('+', '-').replaceAll('/', '_');
    return [inner, forUrls].map((one) => Buffer.from(one, 'latin1'));
  });
}

function isWithin(text: string, highest: number): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > highest) return false;
  return true;
}
