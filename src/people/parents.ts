import { refused } from '../base/errors.ts';
import type { Ledger } from '../store/ledger.ts';
import type { ConsentStep, ParentLink } from '../store/registers.ts';
import type { Reader, SubjectId } from '../store/store.ts';

/** Records who is a parent of a child; whether they prove it is another question. */
export async function linkParent(
  ledger: Ledger,
  child: SubjectId,
  parent: SubjectId,
  reason: string,
): Promise<ParentLink> {
  if (child === parent) throw refused('own-parent', 'a child cannot be its own parent');
  const entry = { act: 'parent.linked', at: ledger.now, actor: ledger.actor, reason, subject: child };
  return ledger.store.act(entry, async (tx) => {
    const links = await tx.entries('parent', { state: 'linked', subject: child });
    const known = links.find((link) => link.parent === parent);
    if (known !== undefined) throw refused('already-linked', 'this parent is linked already');
    return tx.add('parent', { state: 'linked', subject: child, parent, linkedAt: ledger.now, reason });
  });
}

/** Records one step of parental consent under the policy version in force (16 CFR 312.5). */
export async function recordConsent(
  ledger: Ledger,
  child: SubjectId,
  parent: SubjectId,
  step: string,
): Promise<ConsentStep> {
  const steps = ledger.policy.coppa?.allOf ?? [];
  if (!steps.includes(step))
    throw refused(
      'unknown-step',
      'the policy has no such step of consent',
      `its steps are: ${steps.join(', ')}`,
    );
  const entry = { act: 'consent.recorded', at: ledger.now, actor: ledger.actor, subject: child };
  return ledger.store.act(entry, async (tx) => {
    await requireLinked(tx, child, parent);
    tx.facts({ step, policy_version: ledger.policyVersion });
    return tx.add('consent', {
      state: 'given',
      subject: child,
      parent,
      step,
      policyVersion: ledger.policyVersion,
      at: ledger.now,
    });
  });
}

/** Refuses somebody who is not recorded as a parent of the child. */
export async function requireLinked(
  tx: Pick<Reader, 'entries'>,
  child: SubjectId,
  parent: SubjectId,
): Promise<void> {
  const links = await tx.entries('parent', { state: 'linked', subject: child });
  if (links.some((link) => link.parent === parent)) return;
  throw refused(
    'not-a-parent',
    'this person is not linked as a parent of the child',
    'dsr parent link records it',
  );
}

/** Withdraws all consent that a parent gave for a child; returns how many steps ended. */
export async function withdrawConsent(
  ledger: Ledger,
  child: SubjectId,
  parent: SubjectId,
  reason: string,
): Promise<number> {
  const entry = { act: 'consent.withdrawn', at: ledger.now, actor: ledger.actor, reason, subject: child };
  return ledger.store.act(entry, async (tx) => {
    const steps = (await tx.entries('consent', { state: 'given', subject: child })).filter(
      (step) => step.parent === parent,
    );
    if (steps.length === 0) throw refused('no-consent', 'there is no consent of this parent to withdraw');
    for (const step of steps) await tx.put('consent', { ...step, state: 'withdrawn' });
    tx.facts({ steps: steps.length });
    return steps.length;
  });
}
