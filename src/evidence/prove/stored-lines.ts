import { zstdDecompressSync } from 'node:zlib';
import { LogScanner } from '../../formats/log-scanner.ts';
import type { ReachHasher } from '../../people/digests.ts';
import { type LineOwner, LineOwners } from '../../people/line-owner.ts';
import type { LogSource, Policy } from '../../policy/types.ts';

const LINE_FEED = 10;
const RETURN = 13;
// As much as the writer of blocks ever puts into one.
const MAX_BLOCK = 32 << 20;
// More than nearly every block holds: it is unpacked into memory of its own.
const ONE_PIECE = 1 << 20;

/**
 * Unpacks the lines of a block for as long as `use` takes, each ending in a line feed; false where they cannot
 * be unpacked. Then the memory is given back at once: the collector would let a hundred megabytes gather.
 */
export function useLines(body: Uint8Array, use: (lines: Buffer) => void): boolean {
  const lines = unpack(body);
  if (lines === undefined) return false;
  use(lines);
  const { buffer } = lines;
  // A smaller one is memory that others share.
  if (buffer.byteLength >= ONE_PIECE && buffer instanceof ArrayBuffer) buffer.transfer(0);
  return true;
}

function unpack(body: Uint8Array): Buffer | undefined {
  try {
    return zstdDecompressSync(body, { maxOutputLength: MAX_BLOCK, chunkSize: ONE_PIECE });
  } catch {
    return undefined;
  }
}

/** Where the line begins and ends that a byte lies in; its line feed and carriage return left out. */
export function lineAround(lines: Buffer, at: number): { readonly from: number; readonly to: number } {
  const from = at === 0 ? 0 : lines.lastIndexOf(LINE_FEED, at - 1) + 1;
  const end = lines.indexOf(LINE_FEED, at);
  const to = end < 0 ? lines.length : end;
  return { from, to: to > from && lines[to - 1] === RETURN ? to - 1 : to };
}

/** Says whose a stored line is, as the policy has it. */
export class StoredLineOwners {
  readonly #sources: ReadonlyMap<
    string,
    { readonly owners: LineOwners; readonly scanners: readonly LogScanner[] }
  >;

  constructor(policy: Policy, hasher: ReachHasher) {
    const logs = Object.values(policy.sources).filter((source): source is LogSource => source.type === 'log');
    this.#sources = new Map(
      logs.map((source) => [
        source.name,
        { owners: new LineOwners(source, policy, hasher), scanners: scannersOf(source) },
      ]),
    );
  }

  /** Undefined where the line fits no format, or the policy has no such log. */
  ownerOf(source: string, lines: Buffer, from: number, to: number): LineOwner | undefined {
    const known = this.#sources.get(source);
    const scanner = known?.scanners.find((one) => one.scan(lines, from, to) === undefined);
    return scanner && known?.owners.ownerOf(scanner, lines);
  }
}

/** A policy may have named the other format when the line came. */
function scannersOf({ format: { type } }: LogSource): readonly LogScanner[] {
  return [new LogScanner(type), new LogScanner(type === 'common' ? 'combined' : 'common')];
}
