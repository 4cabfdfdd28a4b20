/** Reads the wire form of SSH (RFC 4251 §5); throws a `RangeError` where the bytes end early. */
export class SshReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  bytes(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('the bytes end early');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE();
  }

  string(): Buffer {
    return this.bytes(this.uint32());
  }

  text(): string {
    return this.string().toString('latin1');
  }

  /** A positive number, its bytes without leading zeros; any other form of one is refused. */
  mpint(): Buffer {
    const written = this.string();
    const [first = 0, second = 0] = written;
    const isPadded = first === 0 && second >= 0x80;
    if (written.length === 0 || first >= 0x80 || (first === 0 && !isPadded))
      throw new RangeError('this is not a positive number in its shortest form');
    return isPadded ? written.subarray(1) : written;
  }
}

/** A string of the wire: its length, then its bytes. */
export function sshString(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The bytes of canonical base64; undefined where the text is anything else. */
export function fromStrictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined;
}
