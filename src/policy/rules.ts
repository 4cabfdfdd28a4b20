import { listCategoryFaults } from './category-rules.ts';
import type { Draft } from './draft.ts';
import { type Finding, missingKey, ofName, ofValue, quoted } from './findings.ts';
import { listIntakeFaults } from './intake-rules.ts';
import { BUILT_IN_KINDS } from './kinds.ts';
import { listSourceFaults } from './source-rules.ts';
import { listStaffFaults } from './staff-rules.ts';
import { didYouMean } from './words.ts';

/** Everything in a policy file of the right shape that cannot work. */
export function listRuleFaults(draft: Draft): Finding[] {
  return [
    ...listKindFaults(draft),
    ...listSourceFaults(draft),
    ...listCategoryFaults(draft),
    ...listRecipientFaults(draft),
    ...listBackupFaults(draft),
    ...listStaffFaults(draft),
    ...listIntakeFaults(draft),
  ];
}

function listKindFaults({ identifiers, kinds }: Draft): Finding[] {
  return [...identifiers].flatMap(([name, own]) => {
    const path = ['identifiers', name];
    const faults: Finding[] = [];
    if (!Object.hasOwn(BUILT_IN_KINDS, name) && own.strength === undefined)
      faults.push(missingKey(path, 'strength'));
    const { normalise, strength } = kinds[name] ?? {};
    if (own.country !== undefined && normalise !== 'phone') {
      faults.push(ofName([...path, 'country'], 'only telephone numbers (normalise: phone) have a country'));
    }
    if (normalise === 'ip' && strength !== 'network') {
      faults.push(
        ofValue([...path, 'strength'], 'an IP address alone never makes a person; its strength is network'),
      );
    }
    return faults;
  });
}

function listRecipientFaults({ recipients, names }: Draft): Finding[] {
  const known = names('categories');
  if (known === undefined) return [];
  return [...recipients].flatMap(([name, { categories }]) =>
    categories.flatMap((category, i) =>
      known.has(category)
        ? []
        : [
            ofValue(
              ['recipients', name, 'categories', i],
              `no category is named ${quoted(category)}${didYouMean(category, known)}`,
            ),
          ],
    ),
  );
}

function listBackupFaults({ backups, names }: Draft): Finding[] {
  const known = names('sources');
  if (known === undefined) return [];
  return [...backups].flatMap(([name, { sources = [] }]) =>
    sources.flatMap((source, i) =>
      known.has(source)
        ? []
        : [
            ofValue(
              ['backups', name, 'sources', i],
              `no source is named ${quoted(source)}${didYouMean(source, known)}`,
            ),
          ],
    ),
  );
}
