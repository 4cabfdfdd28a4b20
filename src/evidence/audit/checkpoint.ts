import { ExitCode, UserError } from '../../base/errors.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { IssuedCheckpoint } from '../../store/registers.ts';
import type { Reader, Writer } from '../../store/store.ts';
import {
  DASH,
  type NoteKey,
  noteKeyOf,
  openNote,
  parseBase64,
  parseNote,
  renderVkey,
  signNote,
  VERBATIM,
} from './note.ts';
import { HASH_LENGTH, LeafTree } from './tree-proof.ts';

/** What a checkpoint says of a log (c2sp.org/tlog-checkpoint). */
export interface CheckpointBody {
  readonly origin: string;
  readonly size: number;
  /** RFC 6962 tree hash of the first `size` entries, hex. */
  readonly root: string;
}

/** A checkpoint as documents of dsr hold it. */
export interface SignedCheckpoint {
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** The signed note, verbatim. */
  readonly note: string;
}

/** The text that is signed. */
export function renderCheckpoint({ origin, size, root }: CheckpointBody): string {
  return `${origin}\n${size}\n${Buffer.from(root, 'hex').toString('base64')}\n`;
}

/** Reads the signed text of a checkpoint; extension lines are refused, as dsr writes none. */
export function parseCheckpoint(text: string): CheckpointBody {
  const [origin = '', decimal = '', encoded = '', ...end] = text.split('\n');
  const size = /^(0|[1-9]\d*)$/.test(decimal) ? Number(decimal) : Number.NaN;
  const root = parseBase64(encoded);
  if (origin === '' || !Number.isSafeInteger(size) || root?.length !== HASH_LENGTH || end.join('\n') !== '')
    throw malformed();
  return { origin, size, root: root.toString('hex') };
}

function malformed(): UserError {
  return new UserError('checkpoint-malformed', 'this is no checkpoint of a log', {
    exit: ExitCode.damaged,
    hint: VERBATIM,
  });
}

/** Opens a checkpoint with the key of its log; throws where the key did not sign it or is of another log. */
export function openCheckpoint(note: string, key: NoteKey): CheckpointBody {
  const body = parseCheckpoint(openNote(note, key));
  if (body.origin === key.name) return body;
  throw new UserError('checkpoint-foreign', 'the checkpoint is of another log than its key', {
    exit: ExitCode.damaged,
  });
}

/** What a checkpoint claims to be, before its signature is verified. */
export function claimOf(note: string): CheckpointBody {
  return parseCheckpoint(parseNote(note).text);
}

/** The checkpoints of a text, in their order: one after the other, as `audit checkpoint --append` leaves them. */
export function splitCheckpoints(text: string): readonly string[] {
  // A note ends with its signatures: what follows them is the next one.
  const notes = text.split(new RegExp(`(?<=^${DASH}.*\\n)(?!${DASH})`, 'm')).filter((note) => note !== '');
  if (notes.length === 0) throw malformed();
  return notes;
}

/** The public key by which others verify what the ledger signs. */
export function ledgerKey(ledger: Pick<Ledger, 'origin' | 'keys'>, origin = ledger.origin): NoteKey {
  return noteKeyOf({ name: origin, seed: ledger.keys.signingSeed });
}

/** The same as text: `dsr.ledger/…+id+key`. */
export function vkeyOf(ledger: Pick<Ledger, 'origin' | 'keys'>): string {
  return renderVkey(ledgerKey(ledger));
}

/**
 * The newest checkpoint of the audit log, signed; inside an act that is the log before the act's own
 * entry. Refuses to sign (exit 20) what does not go on where the last issued checkpoint ended.
 */
export async function signedCheckpoint(tx: Reader, ledger: Ledger): Promise<SignedCheckpoint> {
  const { size, root } = await tx.auditHead();
  const last = (await tx.entries('checkpoint')).at(-1);
  if (last !== undefined) await requireExtension(tx, last, { size, root });
  const signer = { name: ledger.origin, seed: ledger.keys.signingSeed };
  return { size, root, note: signNote(renderCheckpoint({ origin: ledger.origin, size, root }), signer) };
}

/**
 * Signs the newest checkpoint and notes, in the act it belongs to, that it leaves the machine: the next
 * one has to go on from it.
 */
export async function issueCheckpoint(
  tx: Writer,
  ledger: Ledger,
  to: IssuedCheckpoint['to'],
): Promise<SignedCheckpoint> {
  const checkpoint = await signedCheckpoint(tx, ledger);
  const { size, root } = checkpoint;
  await tx.add('checkpoint', { state: 'issued', subject: undefined, at: ledger.now, size, root, to });
  tx.facts({ checkpoint: { size, root, to } });
  return checkpoint;
}

async function requireExtension(
  tx: Reader,
  last: Pick<IssuedCheckpoint, 'size' | 'root'>,
  head: Pick<CheckpointBody, 'size' | 'root'>,
): Promise<void> {
  if (head.size < last.size)
    throw inconsistent(`the audit log has ${head.size} entries, the last checkpoint was of ${last.size}`);
  const root = head.size === last.size ? head.root : await rootAt(tx, last.size);
  if (root !== last.root)
    throw inconsistent(
      `the first ${last.size} entries of the audit log are not those of the last checkpoint`,
    );
}

async function rootAt(tx: Reader, size: number): Promise<string | undefined> {
  const tree = new LeafTree(await tx.auditLeaves(0, size));
  return tree.size === size ? tree.root(size).toString('hex') : undefined;
}

function inconsistent(message: string): UserError {
  return new UserError('log-inconsistent', message, {
    exit: ExitCode.damaged,
    hint: 'nothing was signed; dsr audit verify --since CHECKPOINT says what does not fit',
  });
}
