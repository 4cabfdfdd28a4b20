import { notFound, refused } from '../base/errors.ts';
import { subjectName } from '../base/ids.ts';
import type { Instant } from '../base/time.ts';
import { tableSource } from '../policy/find.ts';
import type { Ledger } from '../store/ledger.ts';
import type { StaffDecision } from '../store/registers.ts';
import type { Reader, SubjectId, Writer } from '../store/store.ts';
import type { Identifier } from './identifier.ts';
import { partiesOf } from './identities.ts';

export interface Linking {
  readonly subject: SubjectId;
  readonly identifier: Identifier;
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  /** A code; words go to a request file. */
  readonly reason: string;
}

/** Gives an identifier to a person; an address of the network only for a time, which staff or a sign-in proves. */
export async function linkIdentifier(ledger: Ledger, linking: Linking): Promise<StaffDecision> {
  const { identifier, from, to } = linking;
  const isNetwork = ledger.policy.identifiers[identifier.kind]?.strength === 'network';
  if (isNetwork && (from === undefined || to === undefined)) {
    throw refused(
      'window-missing',
      `an identifier of kind ${identifier.kind} is nobody's for good`,
      'give --from TIME and --to TIME',
    );
  }
  if (from !== undefined && to !== undefined && from >= to)
    throw refused('window-empty', '--to is not after --from');
  await ledger.store.read((tx) => requireNoAccount(tx, ledger, identifier));
  return decide(ledger, {
    kind: 'link',
    subject: linking.subject,
    other: undefined,
    identifier,
    from,
    to,
    reason: linking.reason,
  });
}

/** Who has an account is a person already: a slip of the keys must not make it part of another. */
async function requireNoAccount(tx: Reader, { policy, keys }: Ledger, identifier: Identifier): Promise<void> {
  if (policy.identifiers[identifier.kind]?.strength !== 'account') return;
  const rows = await tx.recordsReached([keys.hasher.reach(identifier)]);
  const isAccount = rows.some(({ source: name, fields }) => {
    const source = tableSource(policy, name);
    if (source?.account !== true) return false;
    const named = partiesOf(source, policy, fields).flatMap(({ identifiers }) => identifiers);
    return named.some(
      (one) => one.identifier.kind === identifier.kind && one.identifier.value === identifier.value,
    );
  });
  if (!isAccount) return;
  throw refused(
    'is-an-account',
    `this ${identifier.kind} is that of an account`,
    'two accounts become one person only by dsr subject merge',
  );
}

/** Gives an identifier to a person for good inside an act that says why. */
export async function addLink(
  tx: Writer,
  { now, actor }: Pick<Ledger, 'now' | 'actor'>,
  linking: Pick<Linking, 'subject' | 'identifier' | 'reason'>,
): Promise<StaffDecision> {
  const rest = { other: undefined, from: undefined, to: undefined, decidedAt: now, decidedBy: actor.name };
  return tx.add('decision', { state: 'in-force', kind: 'link', ...linking, ...rest });
}

/** Takes an identifier away from a person. */
export async function unlinkIdentifier(
  ledger: Ledger,
  subject: SubjectId,
  identifier: Identifier,
  reason: string,
): Promise<StaffDecision> {
  return decide(ledger, {
    kind: 'unlink',
    subject,
    other: undefined,
    identifier,
    from: undefined,
    to: undefined,
    reason,
  });
}

/** Declares two subjects to be one person; only staff can. */
export async function mergeSubjects(
  ledger: Ledger,
  subject: SubjectId,
  other: SubjectId,
  reason: string,
): Promise<StaffDecision> {
  if (subject === other) throw refused('same-subject', 'a subject cannot be merged with itself');
  return decide(ledger, {
    kind: 'merge',
    subject,
    other,
    identifier: undefined,
    from: undefined,
    to: undefined,
    reason,
  });
}

/** Undoes a merge, unless something of either was erased since: then nobody can tell them apart. */
export async function undoMerge(
  ledger: Ledger,
  subject: SubjectId,
  other: SubjectId,
  reason: string,
): Promise<StaffDecision> {
  const entry = { act: 'subject.merge-undone', at: ledger.now, actor: ledger.actor, reason, subject };
  return ledger.store.act(entry, async (tx) => {
    await requireUnerased(tx, [subject, other]);
    const merges = await tx.entries('decision', { state: 'in-force' });
    const merge = merges.find(
      (decision) =>
        decision.kind === 'merge' &&
        [decision.subject, decision.other].includes(subject) &&
        [decision.subject, decision.other].includes(other),
    );
    if (merge === undefined) throw notFound('no-such-merge', 'these two were not merged');
    const undone: StaffDecision = { ...merge, state: 'undone' };
    await tx.put('decision', undone);
    tx.facts({ decision: merge.id });
    return undone;
  });
}

type Deciding = Pick<StaffDecision, 'kind' | 'other' | 'identifier' | 'from' | 'to' | 'reason'> & {
  readonly subject: SubjectId;
};

async function decide(ledger: Ledger, deciding: Deciding): Promise<StaffDecision> {
  const entry = {
    act: `subject.${PAST[deciding.kind]}`,
    at: ledger.now,
    actor: ledger.actor,
    reason: deciding.reason,
    subject: deciding.subject,
  };
  return ledger.store.act(entry, async (tx) => {
    const persons = deciding.other === undefined ? [deciding.subject] : [deciding.subject, deciding.other];
    for (const person of persons) await requireKnown(tx, person);
    await requireUnerased(tx, persons);
    const decision = await tx.add('decision', {
      state: 'in-force',
      decidedAt: ledger.now,
      decidedBy: ledger.actor.name,
      ...deciding,
    });
    tx.facts({
      decision: decision.id,
      kind: deciding.identifier?.kind,
      windowed: deciding.from !== undefined,
    });
    return decision;
  });
}

const PAST = { link: 'linked', unlink: 'unlinked', merge: 'merged' } as const;

async function requireKnown(tx: Reader, subject: SubjectId): Promise<void> {
  if ((await tx.subject(subject)) === undefined)
    throw notFound(
      'no-such-subject',
      `there is no subject ${subjectName(subject)}`,
      'dsr subject find ID looks somebody up',
    );
}

async function requireUnerased(tx: Reader, subjects: readonly SubjectId[]): Promise<void> {
  for (const subject of subjects) {
    const erased = (await tx.suppressionsOf(subject)).some(({ reason }) => reason === 'erased');
    if (erased)
      throw refused('already-erased', `${subjectName(subject)} was erased: who is who can no longer change`);
  }
}
