import { assertNever } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import type { IdentifierKind } from '../policy/types.ts';
import { normaliseEmail } from './email.ts';
import { normaliseIp } from './ip.ts';
import { normalisePhone } from './phone.ts';

/**
 * The form of a cell under which equal identifiers are equal text; undefined where the cell holds no
 * usable identifier. Applied to its own result it changes nothing.
 */
export function normalise(kind: IdentifierKind, raw: Json): string | undefined {
  const text = typeof raw === 'string' ? raw : textOf(raw);
  if (text === undefined || text === '' || !text.isWellFormed()) return undefined;
  switch (kind.normalise) {
    case 'verbatim':
      return text.trim() === '' ? undefined : text;
    case 'fold-case':
      return foldCase(text);
    case 'email':
      return normaliseEmail(text);
    case 'phone':
      return normalisePhone(text, kind.country);
    case 'ip':
      return normaliseIp(text);
    default:
      return assertNever(kind.normalise);
  }
}

function textOf(raw: Json): string | undefined {
  if (typeof raw !== 'number') return undefined;
  // Beyond 2^53 two numbers of a file may have become one.
  if (Number.isInteger(raw)) return Number.isSafeInteger(raw) ? String(raw) : undefined;
  const text = String(raw);
  return /^-?\d+\.\d+$/.test(text) ? text : undefined;
}

function foldCase(text: string): string | undefined {
  // Lower case can leave a letter and a mark that NFKC joins again.
  const folded = isAscii(text) ? text.toLowerCase() : text.normalize('NFKC').toLowerCase().normalize('NFKC');
  const trimmed = folded.trim();
  return trimmed === '' ? undefined : trimmed;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
