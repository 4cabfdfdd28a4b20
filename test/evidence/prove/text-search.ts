import type { ByteSearch } from '../../../src/evidence/prove/raw-search.ts';

/** Finds texts as they are; `fields` are identifiers that are looked for as whole fields alone. */
export function textSearch(texts: readonly string[], fields: readonly string[] = []): ByteSearch {
  const patterns = texts.map((text) => Buffer.from(text, 'utf8'));
  return {
    scan: (bytes, onHit) => {
      const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      for (const [request, pattern] of patterns.entries()) {
        for (let offset = all.indexOf(pattern); offset >= 0; offset = all.indexOf(pattern, offset + 1))
          onHit({ request, form: 'utf-8', value: undefined, offset, length: pattern.length });
      }
    },
    fieldRequests: (name, text) => (fields.includes(`${name}:${text}`) ? [0] : []),
  };
}
