import { ExitCode } from '../base/errors.ts';
import { requestName } from '../base/ids.ts';
import type { ErasureEnd } from '../evidence/erasure/erasure.ts';
import type { ScrubDelay } from '../evidence/erasure/scrub.ts';
import type { ByteProof, BytesState } from '../store/registers.ts';
import type { CommandContext } from './context.ts';

/** The exit code of a command that erased: 11 and 1 while bytes wait, 6 where something was left or not searched. */
export function exitOfEnd({ packages, delay, proofs }: ErasureEnd): ExitCode {
  if (delay === 'in-use') return ExitCode.busy;
  if (delay === 'disk-trouble') return ExitCode.fault;
  const isLeft = packages.some(({ removed }) => !removed) || proofs.some(({ state }) => state !== 'clean');
  return isLeft ? ExitCode.attention : ExitCode.done;
}

/** What followed an erasure, as JSON. */
export function endMembers({ packages, delay, proofs }: ErasureEnd): Record<string, unknown> {
  return {
    bytes_delay: delay ?? null,
    packages: packages.map(({ folder, removed, foreign }) => ({ folder, removed, foreign })),
    proofs: proofs.map(proofMembers),
  };
}

/** One proof, as JSON: counts alone. */
export function proofMembers(proof: ByteProof): Record<string, unknown> {
  return {
    request: requestName(proof.request),
    state: proof.state,
    at: proof.at,
    epoch: proof.epoch,
    fingerprints: proof.fingerprints,
    searched: proof.searched,
    found: proof.hits,
    places: proof.places,
    not_searched: proof.notSearched,
  };
}

const DELAYS: Readonly<Record<ScrubDelay, string>> = {
  'in-use': 'another process has the ledger open; end it, then run dsr purge',
  'disk-trouble':
    'the disk did not take the clean copy of the ledger: it is full, fails or may not be written; see to that, then run dsr purge',
  large: 'the ledger is large, the next dsr purge scrubs it',
};

/** What keeps erased bytes waiting, in words. */
export function delayWords(delay: ScrubDelay): string {
  return `erased here, bytes pending: ${DELAYS[delay]}`;
}

const STATES: Readonly<Record<BytesState, string | undefined>> = {
  'not-needed': undefined,
  pending: 'erased here, bytes pending',
  scrubbed: 'erased here, bytes scrubbed and not proven',
  proven: 'erased here, bytes proven',
  residue: 'erased here, RESIDUE FOUND',
};

/** How far the bytes of a request are, in words; undefined where none had to go. */
export function bytesWords(bytes: BytesState): string | undefined {
  return STATES[bytes];
}

/** What staff has to see to after an erasure, line by line. */
export function renderEnd(context: CommandContext, { packages, delay, proofs }: ErasureEnd): string[] {
  return [
    ...packages.flatMap(({ folder, removed, foreign }) => [
      removed
        ? `package removed: ${context.shown(folder)}`
        : `PACKAGE NOT REMOVED: ${context.shown(folder)}; remove it by hand, then run dsr purge`,
      ...(foreign > 0 ? [`  ${foreign} things in it are not dsr's and stay`] : []),
    ]),
    ...(delay === undefined ? [] : [delayWords(delay)]),
    ...proofs.map(renderProof),
  ];
}

function renderProof({ request, state, notSearched }: ByteProof): string {
  const name = requestName(request);
  switch (state) {
    case 'clean':
      return `${name}: bytes proven`;
    case 'residue':
      return `${name}: RESIDUE FOUND; dsr prove ${name} shows where`;
    default:
      return `${name}: not proven, could not search ${notSearched.map(({ code }) => code).join(', ')}; dsr prove ${name}`;
  }
}
