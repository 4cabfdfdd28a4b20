import { usage } from '../../../base/errors.ts';
import { subjectName } from '../../../base/ids.ts';
import { maskValue } from '../../../base/mask.ts';
import type { Identifier } from '../../../people/identifier.ts';
import { parseIdentifier } from '../../../people/identifier-text.ts';
import type { Policy } from '../../../policy/types.ts';
import type { StaffDecision } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';

/** An identifier where a subject id would not do. */
export function requireIdentifier(words: string, policy: Policy): Identifier {
  const who = parseIdentifier(words, policy);
  if ('subject' in who)
    throw usage('this needs an identifier such as email:ada@example.org', 'dsr help identifiers');
  return who;
}

/** Shows a decision that was taken. */
export function decisionResult(context: CommandContext, decision: StaffDecision): void {
  const { identifier, subject, other } = decision;
  const masked =
    identifier === undefined
      ? undefined
      : { kind: identifier.kind, value: maskValue(identifier.kind, identifier.value) };
  const document = {
    decision: {
      id: decision.id,
      kind: decision.kind,
      state: decision.state,
      subject: subject === undefined ? null : subjectName(subject),
      other: other === undefined ? null : subjectName(other),
      identifier: masked ?? null,
      from: decision.from ?? null,
      to: decision.to ?? null,
      reason: decision.reason,
    },
  };
  context.output.result(document, () => {
    const what = masked === undefined ? subjectName(other ?? 0) : `${masked.kind} ${masked.value}`;
    return `${decision.state === 'undone' ? 'undone: ' : ''}${decision.kind} ${subjectName(subject ?? 0)} ${what}`;
  });
}
