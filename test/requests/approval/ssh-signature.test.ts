import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSshKeyLine, type SshKey } from '../../../src/base/ssh-key.ts';
import { APPROVAL_NAMESPACE } from '../../../src/requests/approval/approval-text.ts';
import { isSignedWith, parseSshSignature } from '../../../src/requests/approval/ssh-signature.ts';
import { temporaryFolder } from '../../helpers/ledger-folder.ts';
import { OTHER_NAMESPACE, SIGNED_TEXT, SSH_VECTORS, TOKEN_KEY, WEAK_KEY } from './ssh-vectors.ts';

function keyOf(line: string): SshKey {
  const key = parseSshKeyLine(line);
  if (typeof key === 'string') throw new Error(key);
  return key;
}

/** What `approve` asks of an armored text. */
function isSigned(key: SshKey, armor: string, text = SIGNED_TEXT): boolean {
  const signature = parseSshSignature(armor);
  return signature !== undefined && isSignedWith(key, signature, Buffer.from(text), APPROVAL_NAMESPACE);
}

const [FIRST, ...OTHERS] = SSH_VECTORS.slice(0, 5);
if (FIRST === undefined) throw new Error('there are vectors');

describe.each(SSH_VECTORS)('a signature of ssh-keygen: $name', ({ key: line, fingerprint, armor }) => {
  const key = keyOf(line);

  test('is found true, of this key and text alone', () => {
    expect(key.fingerprint).toBe(fingerprint);
    expect(isSigned(key, armor)).toBe(true);
    expect(isSigned(key, armor, SIGNED_TEXT.replace('R-000001', 'R-000002'))).toBe(false);
    expect(isSigned(key, armor, SIGNED_TEXT.trimEnd())).toBe(false);
    const other = keyOf((fingerprint === FIRST.fingerprint ? OTHERS[0] : FIRST)?.key ?? '');
    expect(isSigned(other, armor)).toBe(false);
  });

  test('is refused whatever single byte of its body is another', () => {
    const from = armor.indexOf('\n') + 1;
    const to = armor.indexOf('\n-----END');
    const flips = fc.record({
      at: fc.integer({ min: from, max: to - 1 }),
      by: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(flips, ({ at, by }) => {
        const bytes = Buffer.from(armor, 'latin1');
        bytes[at] = (bytes[at] ?? 0) ^ by;
        expect(isSigned(key, bytes.toString('latin1'))).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

test('every byte of the body of one, each in eight ways', () => {
  const { armor, key: line } = FIRST;
  const key = keyOf(line);
  const end = armor.indexOf('\n-----END');
  for (let at = armor.indexOf('\n') + 1; at < end; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const bytes = Buffer.from(armor, 'latin1');
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      expect(isSigned(key, bytes.toString('latin1'))).toBe(false);
    }
  }
});

test('cut anywhere, or with anything before or behind it, it is none', () => {
  const { armor } = FIRST;
  for (let length = 0; length < armor.length - 1; length++)
    expect(parseSshSignature(armor.slice(0, length))).toBeUndefined();
  expect(parseSshSignature(armor.trimEnd())).toBeDefined();
  expect(parseSshSignature(armor.replaceAll('\n', '\r\n'))).toBeDefined();
  for (const text of [`${armor}x`, ` ${armor}`, armor + armor, `${armor}\n\n`])
    expect(parseSshSignature(text)).toBeUndefined();
});

test('of another namespace it proves nothing', () => {
  expect(parseSshSignature(OTHER_NAMESPACE)?.namespace).toBe('other');
  expect(isSigned(keyOf(FIRST.key), OTHER_NAMESPACE)).toBe(false);
});

test.each([
  ['a key of a security token', TOKEN_KEY, /security tokens/],
  ['an RSA key of 1024 bits', WEAK_KEY, /fewer than 2048 bits/],
  ['a key whose type says otherwise', FIRST.key.replace('ssh-ed25519', 'ssh-rsa'), /not a public key of SSH/],
  ['a key that ends early', FIRST.key.slice(0, -4), /not a public key of SSH/],
  ['no key', 'ssh-ed25519', /not a public key of SSH/],
])('%s is not taken', (_name, line, why) => {
  expect(parseSshKeyLine(line)).toMatch(why);
});

const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;

describe.skipIf(!hasSshKeygen)('the installed ssh-keygen', () => {
  test.each(['ed25519', 'ecdsa'])('signs with a new %s key what dsr finds true', (type) => {
    const folder = temporaryFolder();
    const path = join(folder, 'key');
    const text = join(folder, 'text');
    writeFileSync(text, SIGNED_TEXT);
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'grace', '-f', path]);
    execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-n', APPROVAL_NAMESPACE, '-f', path, text], {
      stdio: 'ignore',
    });
    const key = keyOf(readFileSync(`${path}.pub`, 'utf8'));
    expect(isSigned(key, readFileSync(`${text}.sig`, 'utf8'))).toBe(true);
    const listed = execFileSync('ssh-keygen', ['-l', '-f', `${path}.pub`], { encoding: 'utf8' });
    expect(listed).toContain(key.fingerprint);
  });
});
