import { domainToASCII } from 'node:url';
import { normaliseIp } from './ip.ts';

// RFC 5321 §4.5.3.1: octets.
const MAX_LOCAL = 64;
const MAX_DOMAIN = 253;
const MAX_ADDRESS = 254;

/** Nearly every address there is; in a text of up to 64 characters all limits are kept. */
const COMMON = /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-zA-Z\d]+(?:[.-][a-zA-Z\d]+)*$/;
const COMMON_LENGTH = 64;
/** Dots stand anywhere, because mobile providers gave out `a..b@` and `a.@`. */
const PLAIN_LOCAL = /^[\w.!#$%&'*+/=?^`{|}~\-\u0080-\u{10ffff}]+$/u;
const HOST = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.|$))+(?<!\.)$/;

/**
 * An e-mail address by which mail systems would deliver alike: lower case, NFC, the domain in ASCII,
 * needless quotes gone. Plus tags and dots stay, because only the provider knows what they mean.
 * Undefined for what is no address, and for comments and display names around one.
 */
export function normaliseEmail(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length <= COMMON_LENGTH && COMMON.test(trimmed)) return trimmed.toLowerCase();
  return uncommon(trimmed.normalize('NFC'));
}

function uncommon(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  if (at <= 0) return undefined;
  const local = normaliseLocal(address.slice(0, at));
  const domain = normaliseDomain(address.slice(at + 1));
  if (local === undefined || domain === undefined) return undefined;
  const whole = `${local}@${domain}`;
  return Buffer.byteLength(whole) > MAX_ADDRESS ? undefined : whole;
}

function normaliseLocal(written: string): string | undefined {
  const local = lowerCase(written.startsWith('"') ? unquote(written) : plainOrNothing(written));
  return local === undefined || Buffer.byteLength(local) > MAX_LOCAL ? undefined : local;
}

function plainOrNothing(local: string): string | undefined {
  return PLAIN_LOCAL.test(local) ? local : undefined;
}

/** `"ada"` and `"a\da"` mean `ada`; quotes stay around what cannot stand without them. */
function unquote(quoted: string): string | undefined {
  const parts = /^"((?:[^"\\\u0000-\u001f\u007f]|\\[^\u0000-\u001f\u007f])*)"$/u.exec(quoted);
  if (parts === null) return undefined;
  const content = (parts[1] ?? '').replace(/\\(.)/gu, '$1');
  return PLAIN_LOCAL.test(content) ? content : `"${content.replace(/["\\]/g, '\\$&')}"`;
}

/** Lower case in NFC: lower case can leave a letter and a mark that NFC joins. */
function lowerCase(text: string | undefined): string | undefined {
  return text?.toLowerCase().normalize('NFC');
}

function normaliseDomain(written: string): string | undefined {
  if (written.startsWith('[')) return addressLiteral(written);
  if (!/^[a-zA-Z\d.\-\u0080-\u{10ffff}]+$/u.test(written)) return undefined;
  const domain = /[^\u0000-\u007f]/.test(written) ? domainToASCII(written) : written.toLowerCase();
  return HOST.test(domain) && domain.length <= MAX_DOMAIN ? domain : undefined;
}

/** `[192.0.2.1]`, `[ipv6:2001:db8::1]`. */
function addressLiteral(written: string): string | undefined {
  const parts = /^\[(ipv6:)?([^\]]+)\]$/i.exec(written);
  const ip = normaliseIp(parts?.[2] ?? '');
  if (parts === null || ip === undefined) return undefined;
  const isIpv6 = (parts[2] ?? '').includes(':');
  if (isIpv6 !== (parts[1] !== undefined)) return undefined;
  return ip.includes(':') ? `[ipv6:${ip}]` : `[${ip}]`;
}
