import { randomInt } from 'node:crypto';
import { refused, UserError } from '../../base/errors.ts';
import { maskIdentifier } from '../../base/mask.ts';
import { epochOf, type Instant, instantOf } from '../../base/time.ts';
import { suppressionHex } from '../../people/digests.ts';
import type { Identifier } from '../../people/identifier.ts';
import { normalise } from '../../people/normalise.ts';
import { kindOf } from '../../policy/find.ts';
import type { SubjectView } from '../../rights/view.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { PartialMatch, Request } from '../../store/registers.ts';
import { requireRole } from '../approval/staff.ts';
import { requireRequest } from '../find.ts';
import { type Drafted, draftLetter } from '../letters/draft-letter.ts';
import { moved } from '../moves.ts';
import { requireIdentityAsked } from './need.ts';
import { type Address, addressesOf, identifierDigest } from './proof.ts';
import { requireTriesLeft } from './tries.ts';
import { codePoint } from './verification.ts';
import { claimedViews } from './verified-view.ts';

/** Where a code is to go: a kind of address, and which where the person has several. */
export interface CodeTarget {
  readonly kind: string;
  /** The address itself, or its number in the list of a refusal. */
  readonly which: string | undefined;
}

/** A code, in the one letter that brings it. */
export interface MadeCode extends Drafted {
  readonly request: Request;
  readonly to: Identifier;
  readonly expiresAt: Instant;
}

const DIGITS = 8;
const HOUR = 3600;

/**
 * Makes a code for an address of the person: only one that the ledger holds, confirmed, in a column that the
 * policy calls usable, never one that the request alone names. The ledger keeps a keyed digest of it.
 */
export async function makeCode(
  ledger: Ledger,
  id: number,
  target: CodeTarget,
  newCode: () => string = randomCode,
): Promise<MadeCode> {
  requireRole(ledger, 'desk');
  const entry = {
    act: 'request.code-made',
    at: ledger.now,
    actor: ledger.actor,
    reason: 'code',
    request: id,
  };
  return ledger.store.act(entry, async (tx) => {
    const request = await requireRequest(tx, id);
    requireIdentityAsked(request, ledger.policy);
    requireTriesLeft(request);
    const sentAt = requireRate(request, ledger);
    const views = await claimedViews(tx, ledger, request);
    const { identifier } = chooseAddress(views, target, ledger);
    const { validHours } = ledger.policy.verification.code;
    const expiresAt = instantOf(epochOf(ledger.now) + validHours * HOUR);
    const code = newCode();
    const sent = {
      digest: codeDigest(ledger, request, code),
      sentAt: [...sentAt, ledger.now],
      expiresAt,
      to: identifierDigest(ledger, identifier),
      kind: identifier.kind,
    };
    const asked = moved(request, 'ask', ledger, 'code');
    const next = { ...asked, verification: { ...asked.verification, code: sent } };
    await tx.put('request', next);
    tx.facts({ kind: identifier.kind, expires_at: expiresAt });
    const drafted = await draftLetter(tx, ledger, next, 'code', { code, codeValidUntil: expiresAt });
    return { request: next, ...drafted, to: identifier, expiresAt };
  });
}

function randomCode(): string {
  return String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
}

/** Bound to the request and to the person whom it is about: moved to somebody else it opens nothing. */
function codeDigest({ keys }: Ledger, { id, subject }: Request, code: string): string {
  return suppressionHex(keys.suppression, { kind: 'dsr:code', value: `${id}:${subject ?? ''}:${code}` });
}

/** When codes were sent within the last day; refuses one more than the policy allows. */
function requireRate({ verification }: Request, { policy, now }: Ledger): readonly Instant[] {
  const { perDay } = policy.verification.code;
  const since = epochOf(now) - 24 * HOUR;
  const isRecent = (at: Instant) => epochOf(at) > since;
  const recent = (verification.code?.sentAt ?? []).filter(isRecent);
  const earlier = (verification.earlier ?? []).flatMap(({ codesSentAt }) => codesSentAt.filter(isRecent));
  if (recent.length + earlier.length < perDay) return recent;
  throw refused(
    'too-many-codes',
    `the policy lets ${perDay} codes go out for one request in a day`,
    'wait, or have it shown another way',
  );
}

function chooseAddress(views: readonly SubjectView[], { kind, which }: CodeTarget, ledger: Ledger): Address {
  const held = views.flatMap((view) => addressesOf(view, ledger));
  const usable = held.filter(({ identifier, column }) => identifier.kind === kind && column !== undefined);
  const chosen = which === undefined ? usable : usable.filter(isChosen(kind, which, ledger));
  const [address, ...others] = chosen;
  if (address === undefined) throw notHeld(kind);
  if (others.length > 0) throw several(kind, chosen);
  return address;
}

function isChosen(kind: string, which: string, { policy }: Ledger) {
  if (/^\d{1,2}$/.test(which)) return (_: Address, index: number) => index === Number(which) - 1;
  const known = kindOf(policy, kind);
  const value = known && normalise(known, which);
  return ({ identifier }: Address) => identifier.value === value;
}

function notHeld(kind: string): UserError {
  return refused(
    'address-not-held',
    `the ledger holds no such ${kind} of theirs that is confirmed and that the policy calls usable`,
    'a code never goes to an address that only the request names',
  );
}

function several(kind: string, addresses: readonly Address[]): UserError {
  return new UserError('which-address', `the person has ${addresses.length} of them`, {
    problems: addresses.map(({ identifier }, index) => ({
      message: `${index + 1}: ${maskIdentifier(identifier)}`,
    })),
    hint: `--to ${kind}:1 takes the first`,
  });
}

/** Whether a code is the one that was sent; one that was used, is too old or whose address went is refused unread. */
export function compareCode(
  ledger: Ledger,
  request: Request,
  views: readonly SubjectView[],
  given: string,
): PartialMatch {
  const { code } = request.verification;
  if (code === undefined) throw refused('no-code', 'no code was made', 'dsr request code makes one');
  const again = 'dsr request code makes another';
  if (code.digest === undefined) throw refused('code-used', 'the code was used already', again);
  if (ledger.now > code.expiresAt) throw refused('code-expired', 'the code is too old', again);
  // A clock that was set back would make a code good for longer.
  if (code.sentAt.some((at) => at > ledger.now))
    throw refused('code-later', 'the code was made at a later time than it is now', again);
  const address = views
    .flatMap((view) => addressesOf(view, ledger))
    .find(({ identifier }) => identifierDigest(ledger, identifier) === code.to);
  if (address?.column === undefined)
    throw refused('address-gone', 'the address to which the code went is not theirs any more', again);
  const isSame = codeDigest(ledger, request, given.replace(/[\s-]/g, '')) === code.digest;
  return isSame
    ? { matched: 1, proved: [code.to], points: [codePoint(address.column)] }
    : { matched: 0, proved: [], points: [] };
}
