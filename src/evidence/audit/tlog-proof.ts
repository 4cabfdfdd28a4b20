import { ExitCode, UserError } from '../../base/errors.ts';
import { openCheckpoint } from './checkpoint.ts';
import { type NoteKey, parseBase64 } from './note.ts';
import { HASH_LENGTH, leafHash, verifyInclusion } from './tree-proof.ts';

/** That an entry is in a log: what others verify with the log's public key alone (c2sp.org/tlog-proof). */
export interface TlogProof {
  /** From 0: one less than the entry's number. */
  readonly index: number;
  /** The sibling of the leaf first. */
  readonly hashes: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
}

const HEADER = 'c2sp.org/tlog-proof@v1';

// A tree of 2^53 leaves has no longer path.
const MOST_HASHES = 53;

/** The proof as a `.tlog-proof` file holds it. */
export function renderTlogProof({ index, hashes, checkpoint }: TlogProof): string {
  const lines = hashes.map((hash) => `${Buffer.from(hash).toString('base64')}\n`);
  return `${HEADER}\nindex ${index}\n${lines.join('')}\n${checkpoint}`;
}

/** Reads a proof; an `extra` line, which no signature covers, is passed over. */
export function parseTlogProof(text: string): TlogProof {
  const end = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  const [place = '', ...encoded] = isExtra(lines[0]) ? lines.slice(1) : lines;
  const index = /^index (0|[1-9]\d*)$/.test(place) ? Number(place.slice('index '.length)) : Number.NaN;
  const hashes = encoded.map(parseBase64).filter((bytes) => bytes?.length === HASH_LENGTH);
  if (header !== HEADER || !Number.isSafeInteger(index) || encoded.length > MOST_HASHES) throw malformed();
  if (hashes.length !== encoded.length) throw malformed();
  return { index, hashes: hashes.filter((bytes) => bytes !== undefined), checkpoint: text.slice(end + 2) };
}

function isExtra(line: string | undefined): boolean {
  return line?.startsWith('extra ') === true && parseBase64(line.slice('extra '.length)) !== undefined;
}

function malformed(): UserError {
  return new UserError('proof-malformed', 'this is no proof of an entry in a log', {
    exit: ExitCode.damaged,
  });
}

/** Where in its log an entry is found to be; throws where the proof does not show it, or the key did not sign it. */
export function verifyTlogProof(
  text: string,
  entry: Uint8Array,
  key: NoteKey,
): { readonly index: number; readonly size: number; readonly root: string } {
  const { index, hashes, checkpoint } = parseTlogProof(text);
  const { size, root } = openCheckpoint(checkpoint, key);
  const leaf = leafHash(entry);
  if (verifyInclusion({ index, size, leaf, root: Buffer.from(root, 'hex'), proof: hashes }))
    return { index, size, root };
  throw new UserError('proof-wrong', 'the proof does not show that the entry is in the log', {
    exit: ExitCode.damaged,
  });
}
