import type { IdentifierKind } from '../policy/types.ts';

/** Which bytes a field may hold to be its own normal form, also under every escape of a log. */
export type PlainRule = Uint8Array | 'ipv4' | 'never';

const VERBATIM = 'abcdefghijklmnopqrstuvwxyz0123456789-_.@:ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const FOLDED = VERBATIM.toLowerCase();

/** The rule for values of a kind. */
export function plainRule(kind: IdentifierKind): PlainRule {
  switch (kind.normalise) {
    case 'verbatim':
      return byteTable(VERBATIM);
    case 'fold-case':
      return byteTable(FOLDED);
    case 'ip':
      return 'ipv4';
    case 'email':
    case 'phone':
      return 'never';
  }
}

/** Whether a field is certainly its own normal form; false where that needs a closer look. */
export function isPlain(rule: PlainRule, bytes: Uint8Array, from: number, to: number): boolean {
  if (rule === 'never') return false;
  if (rule === 'ipv4') return isDottedQuad(bytes, from, to);
  for (let at = from; at < to; at += 1) if (rule[bytes[at] as number] === 0) return false;
  return true;
}

function byteTable(bytes: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(bytes, 'latin1')) table[byte] = 1;
  return table;
}

/** Four numbers up to 255 without leading zeros. */
function isDottedQuad(bytes: Uint8Array, from: number, to: number): boolean {
  let numbers = 0;
  let at = from;
  while (at < to && numbers < 4) {
    const first = at;
    let value = 0;
    for (let digit = digitAt(bytes, at, to); digit >= 0 && at - first < 3; digit = digitAt(bytes, at, to)) {
      value = value * 10 + digit;
      at += 1;
    }
    if (at === first || value > 255 || (at - first > 1 && bytes[first] === 48)) return false;
    numbers += 1;
    if (numbers < 4 && bytes[at] !== 46) return false;
    if (numbers < 4) at += 1;
  }
  return numbers === 4 && at === to;
}

function digitAt(bytes: Uint8Array, at: number, to: number): number {
  const digit = at < to ? (bytes[at] as number) - 48 : -1;
  return digit <= 9 ? digit : -1;
}
