import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { ExitCode, UserError } from '../../base/errors.ts';

/** Who signs notes: a name and the 32 bytes that an Ed25519 key is made of (RFC 8032). */
export interface NoteSigner {
  readonly name: string;
  readonly seed: Uint8Array;
}

/** A public key as a vkey names it. */
export interface NoteKey {
  readonly name: string;
  /** The first four bytes of SHA-256 over name, type and key, hex. */
  readonly id: string;
  /** 32 bytes (RFC 8032). */
  readonly publicKey: Uint8Array;
}

// c2sp.org/signed-note: the type of an Ed25519 key.
const ED25519 = Buffer.of(1);
const KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;

// DER up to the raw key: PKCS #8 (RFC 5958) and SubjectPublicKeyInfo (RFC 5280) of Ed25519 (RFC 8410).
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** The public half of a signer. */
export function noteKeyOf({ name, seed }: NoteSigner): NoteKey {
  const der = createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' });
  return noteKey(name, der.subarray(SPKI.length));
}

/** The same bytes under a name: the id of a key is of both. */
export function noteKey(name: string, publicKey: Uint8Array): NoteKey {
  if (!isName(name)) throw new RangeError('a key name has no space and no plus');
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), ED25519, publicKey]), 'hex');
  return { name, id: id.slice(0, 8), publicKey };
}

/** `name+id+key`: the text form of a public key (vkey of c2sp.org/signed-note). */
export function renderVkey({ name, id, publicKey }: NoteKey): string {
  return `${name}+${id}+${Buffer.concat([ED25519, publicKey]).toString('base64')}`;
}

/** Reads an Ed25519 vkey; throws where it is none, or its id is not that of its name and key. */
export function parseVkey(text: string): NoteKey {
  const [name = '', , ...encoded] = text.split('+');
  const bytes = parseBase64(encoded.join('+'));
  if (!isName(name) || bytes?.length !== 1 + KEY_LENGTH || bytes[0] !== ED25519[0]) throw badVkey();
  const key = noteKey(name, bytes.subarray(1));
  if (renderVkey(key) !== text) throw badVkey();
  return key;
}

function badVkey(): UserError {
  return new UserError('key-malformed', 'this is no public key of a signed note', {
    exit: ExitCode.damaged,
    hint: 'dsr key public prints the key of a ledger',
  });
}

/** Signs a text that ends in a line feed; the same text and key give the same note (c2sp.org/signed-note). */
export function signNote(text: string, signer: NoteSigner): string {
  if (!isNoteText(text)) throw new RangeError('a note is lines without control characters');
  const { name, id } = noteKeyOf(signer);
  const signature = sign(null, Buffer.from(text, 'utf8'), privateKey(signer.seed));
  const payload = Buffer.concat([Buffer.from(id, 'hex'), signature]);
  return `${text}\n${DASH}${name} ${payload.toString('base64')}\n`;
}

/** What a note says and who claims to have signed it; nothing of it is verified yet. */
export interface ParsedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  /** Hex. */
  readonly id: string;
  readonly signature: Uint8Array;
}

/** The beginning of a signature line. */
export const DASH = '\u2014 ';

// As Go's x/mod does; the specification asks for 16 at least.
const MOST_SIGNATURES = 100;

/** Takes a note apart; throws where it has not the form of one. */
export function parseNote(note: string): ParsedNote {
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2).split('\n');
  if (end < 0 || !isNoteText(text) || lines.pop() !== '' || lines.length > MOST_SIGNATURES) throw malformed();
  return { text, signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [name = '', encoded = '', ...more] = line.slice(DASH.length).split(' ');
  const bytes = parseBase64(encoded);
  if (!line.startsWith(DASH) || !isName(name) || more.length > 0 || bytes === undefined || bytes.length < 5)
    throw malformed();
  return { name, id: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) };
}

/** What to look for where a note cannot be read. */
export const VERBATIM =
  'it has to be byte for byte as it was given out, with nothing else around it: look for another copy';

function malformed(): UserError {
  return new UserError('note-malformed', 'this is no signed note', {
    exit: ExitCode.damaged,
    hint: VERBATIM,
  });
}

/**
 * The text of a note that this key has signed; throws where it has not, or where a signature that is
 * said to be of this key does not fit. Signatures by others are left alone.
 */
export function openNote(note: string, key: NoteKey): string {
  const { text, signatures } = parseNote(note);
  const own = signatures.filter(({ name, id }) => name === key.name && id === key.id);
  const bytes = Buffer.from(text, 'utf8');
  const isSigned = own.length > 0 && own.every(({ signature }) => fits(bytes, signature, key));
  if (isSigned) return text;
  const message =
    own.length === 0 ? 'the note is not signed with this key' : 'the signature does not fit the note';
  throw new UserError(own.length === 0 ? 'note-unsigned' : 'note-forged', message, {
    exit: ExitCode.damaged,
  });
}

function fits(text: Uint8Array, signature: Uint8Array, key: NoteKey): boolean {
  return signature.length === SIGNATURE_LENGTH && verify(null, text, publicKey(key), signature);
}

function privateKey(seed: Uint8Array): KeyObject {
  if (seed.length !== KEY_LENGTH) throw new RangeError('an Ed25519 seed has 32 bytes');
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
}

function publicKey(key: NoteKey): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI, key.publicKey]), format: 'der', type: 'spki' });
}

/** The bytes of a base64 text in its one right form (RFC 4648 §3.5); undefined for any other. */
export function parseBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

function isName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}+\u0000-\u001f]/u.test(name);
}

function isNoteText(text: string): boolean {
  return text.endsWith('\n') && text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text);
}
