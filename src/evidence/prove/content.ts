/** Why something was not searched, or not to its end. */
export type UnsearchedCode =
  | 'symlink'
  | 'special'
  | 'missing'
  | 'unreadable'
  | 'too-large'
  | 'too-deep'
  | 'encrypted'
  | 'compressed'
  | 'damaged';

/** Ends the search of one content, for a reason that the report gives. */
export class Unsearchable extends Error {
  readonly code: UnsearchedCode;

  constructor(code: UnsearchedCode, options?: ErrorOptions) {
    super(`not searched: ${code}`, options);
    this.name = 'Unsearchable';
    this.code = code;
  }
}

/** Bytes that can be gone through more than once. */
export interface Content {
  /** One chunk after the other; into that memory, where each is done with before the next is asked for. */
  chunks(into?: Buffer): AsyncIterable<Uint8Array>;
}

/** Bytes that can be read anywhere. */
export interface RandomAccess {
  readonly size: number;
  /** Exactly these bytes; throws `Unsearchable` where there are not so many. */
  read(offset: number, length: number): Buffer;
}

/** What packs something, as far as its first bytes tell. */
export type Packing = 'gzip' | 'zip' | 'compressed' | 'encrypted';

/** Bytes that `packingOf` looks at. */
export const MAGIC_BYTES = 24;

const MAGIC: readonly (readonly [packing: Packing, magic: Buffer])[] = [
  ['gzip', Buffer.of(0x1f, 0x8b, 0x08)],
  ['zip', Buffer.from('PK\x03\x04', 'latin1')],
  ['compressed', Buffer.from('BZh', 'latin1')],
  ['compressed', Buffer.from('\xfd7zXZ\0', 'latin1')],
  ['compressed', Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1')],
  ['compressed', Buffer.from('Rar!\x1a\x07', 'latin1')],
  ['compressed', Buffer.from('\x28\xb5\x2f\xfd', 'latin1')],
  ['compressed', Buffer.from('\x04\x22\x4d\x18', 'latin1')],
  ['compressed', Buffer.from('%PDF-', 'latin1')],
  ['encrypted', Buffer.from('age-encryption.org/v1', 'latin1')],
  ['encrypted', Buffer.from('-----BEGIN AGE ENCRYPTED', 'latin1')],
  ['encrypted', Buffer.from('-----BEGIN PGP MESSAGE--', 'latin1')],
];

/** Knows gzip, zip, and what it cannot look into: bzip2, xz, 7z, rar, zstd, lz4, PDF, age, PGP. */
export function packingOf(head: Uint8Array): Packing | undefined {
  const startsWith = (magic: Buffer) => Buffer.compare(head.subarray(0, magic.length), magic) === 0;
  return MAGIC.find(([, magic]) => startsWith(magic))?.[0];
}
