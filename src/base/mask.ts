/** `a…@example.org`: enough to recognise one's own value, not enough to learn another's. */
export function maskValue(kind: string, value: string): string {
  if (value === '') return '';
  const first = [...value][0] ?? '';
  if (kind === 'email') {
    const at = value.lastIndexOf('@');
    return at > 0 ? `${first}…${value.slice(at)}` : `${first}…`;
  }
  if (kind === 'phone') return `…${value.slice(-2)}`;
  if (kind === 'ip') return value.includes(':') ? `${value.split(':')[0]}:…` : `${value.split('.')[0]}.….….…`;
  return value.length <= 2 ? '…' : `${first}…`;
}

/** `email:a…@example.org`: an identifier whose value is masked. */
export function maskIdentifier({ kind, value }: { readonly kind: string; readonly value: string }): string {
  return `${kind}:${maskValue(kind, value)}`;
}

const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** Makes foreign text safe for a terminal: control, direction and stray surrogate characters become `\u{..}`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
