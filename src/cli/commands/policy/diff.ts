import { ExitCode } from '../../../base/errors.ts';
import type { Json } from '../../../base/json.ts';
import { diffPolicies, type PolicyChange } from '../../../policy/diff.ts';
import { policyDigest } from '../../../policy/digest.ts';
import { parsePolicy } from '../../../policy/parse.ts';
import type { PolicyFiles, PolicyVersion } from '../../../policy/types.ts';
import type { CommandContext } from '../../context.ts';
import { readPolicyFile } from '../../policy-file.ts';
import { isVersionNumber, requireVersion } from './versions.ts';

export interface DiffInput {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** One of the two policies: a stored version, or a file. */
interface Side {
  readonly version: number | undefined;
  readonly name: string;
  readonly text: string;
  readonly files: PolicyFiles;
}

export async function run(context: CommandContext, input: DiffInput): Promise<ExitCode> {
  const ledger = await context.openLedger('read');
  const versions = await ledger.store.read((tx) => tx.policies());
  const [from, to] = await sidesOf(context, versions, String(ledger.policyVersion), input);
  const changes = diffPolicies(parsePolicy(from.text, from.name), parsePolicy(to.text, to.name));
  context.output.result({ from: sideMembers(from), to: sideMembers(to), changes }, () =>
    [`${from.name} → ${to.name}`, ...renderChanges(changes)].join('\n'),
  );
  return ExitCode.done;
}

/** A lone version is compared with the one in force; a lone file is what the one in force would become. */
async function sidesOf(
  context: CommandContext,
  versions: readonly PolicyVersion[],
  inForce: string,
  { from, to }: DiffInput,
): Promise<readonly [Side, Side]> {
  const side = (words: string | undefined) => sideOf(context, versions, words);
  if (from === undefined) return [await side(inForce), await side(undefined)];
  if (to !== undefined) return [await side(from), await side(to)];
  return isVersionNumber(from)
    ? [await side(from), await side(inForce)]
    : [await side(inForce), await side(from)];
}

async function sideOf(
  context: CommandContext,
  versions: readonly PolicyVersion[],
  words: string | undefined,
): Promise<Side> {
  if (words !== undefined && isVersionNumber(words)) {
    const { version, text, files } = requireVersion(versions, words);
    return { version, name: `version ${version}`, text, files };
  }
  const file = await readPolicyFile(context, words);
  return { version: undefined, name: file.shown, text: file.text, files: file.files };
}

function sideMembers(side: Side): Record<string, unknown> {
  const name = side.version === undefined ? { file: side.name } : { version: side.version };
  return { ...name, digest: policyDigest(side.text, side.files) };
}

function renderChanges(changes: readonly PolicyChange[]): readonly string[] {
  return changes.length === 0 ? ['the same policy'] : changes.map(renderChange);
}

function renderChange(change: PolicyChange): string {
  if (change.kind === 'added') return `+ ${change.path}: ${renderValue(change.new)}`;
  if (change.kind === 'removed') return `- ${change.path}: ${renderValue(change.old)}`;
  return `~ ${change.path}: ${renderValue(change.old)} → ${renderValue(change.new)}`;
}

function renderValue(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
