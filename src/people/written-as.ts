import { domainToUnicode } from 'node:url';

/** Every way in which people write an identifier in a text: composed, decomposed, the domain in its own letters. */
export function writtenAs(value: string): readonly string[] {
  const texts = [value, inOwnLetters(value)].flatMap((text) => [
    text,
    text.normalize('NFC'),
    text.normalize('NFD'),
  ]);
  return [...new Set(texts)];
}

/** An address whose domain is spelled in ASCII (RFC 3490), in the letters of its language; all else as it is. */
export function inOwnLetters(value: string): string {
  const at = value.lastIndexOf('@') + 1;
  if (at === 0 || !/(?:^|\.)xn--/.test(value.slice(at))) return value;
  const domain = domainToUnicode(value.slice(at));
  return domain === '' ? value : `${value.slice(0, at)}${domain}`;
}
