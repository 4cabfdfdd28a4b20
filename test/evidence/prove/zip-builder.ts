import { crc32, deflateRawSync } from 'node:zlib';

/** One entry; what is not said is as a sound archive has it. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
  readonly stored?: boolean;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly zip64?: boolean;
}

/** Builds a zip archive as APPNOTE 6.3 has it, sound or not. */
export function zipOf(
  entries: readonly ZipEntry[],
  options: { zip64?: boolean; prefix?: Buffer } = {},
): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const { name, content, flags = 0 } = entry;
    const method = entry.method ?? (entry.stored === true ? 0 : 8);
    const data = entry.stored === true ? Buffer.from(content) : deflateRawSync(content);
    const nameBytes = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(nameBytes.length, 26);
    const large = Buffer.alloc(entry.zip64 === true ? 28 : 0);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(entry.crc ?? crc32(content), 16);
    central.writeUInt16LE(nameBytes.length, 28);
    central.writeUInt16LE(large.length, 30);
    if (entry.zip64 === true) {
      large.writeUInt16LE(1, 0);
      large.writeUInt16LE(24, 2);
      for (const [i, number] of [content.length, data.length, at].entries())
        large.writeBigUInt64LE(BigInt(number), 4 + i * 8);
      for (const place of [20, 24, 42]) central.writeUInt32LE(0xffffffff, place);
    } else {
      central.writeUInt32LE(data.length, 20);
      central.writeUInt32LE(content.length, 24);
      central.writeUInt32LE(at, 42);
    }
    locals.push(local, nameBytes, data);
    directory.push(central, nameBytes, large);
    at += 30 + nameBytes.length + data.length;
  }
  const central = Buffer.concat(directory);
  const ends = endOf(entries.length, central.length, at, options.zip64 === true);
  return Buffer.concat([options.prefix ?? Buffer.alloc(0), ...locals, central, ...ends]);
}

function endOf(entries: number, bytes: number, at: number, zip64: boolean): readonly Buffer[] {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(zip64 ? 0xffff : entries, 10);
  end.writeUInt32LE(zip64 ? 0xffffffff : bytes, 12);
  end.writeUInt32LE(zip64 ? 0xffffffff : at, 16);
  if (!zip64) return [end];
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  for (const [place, number] of [
    [32, entries],
    [40, bytes],
    [48, at],
  ] as const)
    end64.writeBigUInt64LE(BigInt(number), place);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(at + bytes), 8);
  return [end64, locator, end];
}
