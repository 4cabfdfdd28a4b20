import { type Content, MAGIC_BYTES, packingOf, type RandomAccess, Unsearchable } from './content.ts';
import { gunzipped } from './inflate.ts';
import { zipEntries } from './zip.ts';

/** How far a packed file is unpacked; more is `too-large` or `too-deep`. */
export interface UnpackLimits {
  /** Bytes that any file may unpack to. */
  readonly free: number;
  /** Times its size that a file may unpack to. */
  readonly ratio: number;
  /** Packings within one another. */
  readonly depth: number;
  /** Bytes of a zip archive within another packing, which is held in memory. */
  readonly inner: number;
}

export const UNPACK_LIMITS: UnpackLimits = { free: 2 ** 30, ratio: 200, depth: 2, inner: 2 ** 24 };

/** One layer of a file: its own bytes, or what they unpack to. */
export interface Layer {
  readonly kind: 'file' | 'gzip' | 'zip entry';
  /** Entry by entry from outside in: the place of each in the directory of its zip archive, from 0. */
  readonly entries: readonly number[];
}

/** Takes the bytes of one layer after the other, and what could not be had. */
export interface LayerReader {
  begin(layer: Layer): void;
  push(bytes: Uint8Array): void;
  end(): void;
  notSearched(layer: Layer, cause: Unsearchable): void;
}

/** Reads a file layer by layer: as it is, then what it packs, each in constant memory. */
export async function readLayers(
  file: Content & RandomAccess,
  reader: LayerReader,
  limits: UnpackLimits,
): Promise<void> {
  await new Unpacking(file.size, reader, limits).read(file, { kind: 'file', entries: [] }, 0, file);
}

const READ_BYTES = 128 * 1024;

class Unpacking {
  readonly #reader: LayerReader;
  readonly #limits: UnpackLimits;
  readonly #memory = Buffer.alloc(READ_BYTES);
  /** Bytes that may still be unpacked. */
  #left: number;

  constructor(size: number, reader: LayerReader, limits: UnpackLimits) {
    this.#reader = reader;
    this.#limits = limits;
    this.#left = Math.max(limits.free, size * limits.ratio);
  }

  /** Every layer is gone through once for itself, and again for each that it packs. */
  async read(content: Content, layer: Layer, depth: number, file?: RandomAccess): Promise<void> {
    await this.#orTell(layer, async () => {
      const packing = packingOf(await this.#readOne(content, layer, depth));
      if (packing === undefined) return;
      if (packing === 'compressed' || packing === 'encrypted') throw new Unsearchable(packing);
      if (depth === this.#limits.depth) throw new Unsearchable('too-deep');
      if (packing === 'gzip') await this.read(gunzipped(content), { ...layer, kind: 'gzip' }, depth + 1);
      else await this.#readEntries(file ?? (await this.#inMemory(content)), layer, depth + 1);
    });
  }

  /** Hands on the bytes of a layer; gives the first of them. */
  async #readOne(content: Content, layer: Layer, depth: number): Promise<Uint8Array> {
    let head = Buffer.alloc(0);
    this.#reader.begin(layer);
    try {
      for await (const chunk of content.chunks(this.#memory)) {
        if (depth > 0) this.#spend(chunk.length);
        if (head.length < MAGIC_BYTES) head = Buffer.concat([head, chunk.subarray(0, MAGIC_BYTES)]);
        this.#reader.push(chunk);
      }
    } finally {
      this.#reader.end();
    }
    return head;
  }

  async #readEntries(zip: RandomAccess, { entries }: Layer, depth: number): Promise<void> {
    let nth = 0;
    for (const entry of zipEntries(zip)) {
      const layer: Layer = { kind: 'zip entry', entries: [...entries, nth] };
      if (entry instanceof Unsearchable) this.#reader.notSearched(layer, entry);
      else await this.read(entry, layer, depth);
      if (this.#left < 0) return;
      nth += 1;
    }
  }

  async #inMemory(content: Content): Promise<RandomAccess> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of content.chunks()) {
      size += chunk.length;
      if (size > this.#limits.inner) throw new Unsearchable('too-large');
      chunks.push(chunk);
    }
    return inMemory(Buffer.concat(chunks));
  }

  #spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new Unsearchable('too-large');
  }

  async #orTell(layer: Layer, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (cause) {
      if (!(cause instanceof Unsearchable)) throw cause;
      this.#reader.notSearched(layer, cause);
    }
  }
}

function inMemory(bytes: Buffer): RandomAccess {
  return {
    size: bytes.length,
    read(offset, length) {
      if (offset < 0 || offset + length > bytes.length) throw new Unsearchable('damaged');
      return bytes.subarray(offset, offset + length);
    },
  };
}
