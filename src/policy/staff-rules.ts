import { parseSshKeyLine } from '../base/ssh-key.ts';
import { isByHand } from '../letters/rights-words.ts';
import type { Draft } from './draft.ts';
import { type Finding, ofName, ofValue } from './findings.ts';

/** What cannot work in the staff of a policy file, and in what it asks of them. */
export function listStaffFaults(draft: Draft): Finding[] {
  return [...listKeyFaults(draft), ...listEyesFaults(draft)];
}

/** A key that verifies nothing, and one that is said to be of two people. */
function listKeyFaults({ staff }: Draft): Finding[] {
  const seen = new Set<string>();
  return [...staff].flatMap(([name, { keys = [] }]) =>
    keys.flatMap((line, i) => {
      const path = ['staff', name, 'keys', i];
      const key = parseSshKeyLine(line);
      if (typeof key === 'string') return [ofValue(path, key)];
      if (seen.has(key.fingerprint)) return [ofValue(path, 'the key stands under staff twice')];
      seen.add(key.fingerprint);
      return [];
    }),
  );
}

/** Four eyes on what has no plan, and such that nobody has: then nothing could ever be carried out. */
function listEyesFaults({ staff, fourEyes, names }: Draft): Finding[] {
  const all = names('staff');
  if (fourEyes === undefined) return [];
  const unplanned = fourEyes.types.findIndex((type) => isByHand(type));
  if (unplanned >= 0)
    return [ofValue(['four_eyes', 'types', unplanned], 'requests of this type have no plan to approve')];
  if (all === undefined || all.size !== staff.size) return [];
  const approvers = [...staff.values()].filter(({ roles }) => roles.includes('approver'));
  if (fourEyes.signed === true && approvers.every(({ keys = [] }) => keys.length === 0))
    return [ofName(['four_eyes', 'signed'], 'no approver under staff has a key to sign with')];
  if (staff.size > 0 && approvers.length === 0)
    return [ofName(['four_eyes'], 'nobody under staff is an approver')];
  return [];
}
