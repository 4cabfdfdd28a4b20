import { pipeline, Readable } from 'node:stream';
import { createGunzip, type Gunzip, type InflateRaw, type ZlibOptions } from 'node:zlib';
import { type Content, Unsearchable } from './content.ts';

const CHUNK_BYTES = 16 * 1024;

/** What a gzip content unpacks to, all its members one after the other. */
export function gunzipped(content: Content): Content {
  return { chunks: () => inflated(content, createGunzip) };
}

/** Unpacks in constant memory; damage, and bytes after the end, are `Unsearchable`. */
export async function* inflated(
  content: Content,
  create: (options: ZlibOptions) => Gunzip | InflateRaw,
): AsyncGenerator<Uint8Array> {
  const inflate = create({ chunkSize: CHUNK_BYTES });
  let given = 0;
  const counted = async function* () {
    for await (const chunk of content.chunks()) {
      given += chunk.length;
      yield chunk;
    }
  };
  // Errors reach the loop below; the callback only keeps them from being unhandled.
  pipeline(Readable.from(counted(), { objectMode: true, highWaterMark: 1 }), inflate, () => {});
  try {
    yield* inflate as AsyncIterable<Buffer>;
  } catch (cause) {
    throw isZlibError(cause) ? new Unsearchable('damaged', { cause }) : cause;
  }
  // Node takes a zero byte after a member for padding and drops all that follows.
  if (inflate.bytesWritten < given) throw new Unsearchable('damaged');
}

function isZlibError(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_');
}
