import { badInput, type Problem } from '../base/errors.ts';
import { isHolidayFile, parseHolidays } from '../law/holiday-file.ts';
import { listUnknownCalendars } from '../law/public-holidays.ts';
import { listTemplateProblems } from '../letters/check.ts';
import { type Path, quoted, renderPath } from './findings.ts';
import { findPlace, readYaml } from './tree.ts';
import type { Policy, PolicyFiles } from './types.ts';

/** A policy with its text and the files that it names, and how messages call each of them. */
export interface PolicyTexts {
  readonly policy: Policy;
  readonly text: string;
  readonly shown: string;
  readonly files: PolicyFiles;
  readonly shownOf: (file: string) => string;
}

/** The files beside the policy file that a policy names: templates of letters, holidays; each once. */
export function filesNamedIn(policy: Policy): readonly string[] {
  const calendars = Object.values(policy.controller.holidays).filter(isHolidayFile);
  return [...new Set([...calendars, ...Object.values(policy.letters)])].sort();
}

/** Refuses what cannot be what the policy takes it for: files with broken lines, calendars that nobody has. */
export async function requireSound(texts: PolicyTexts): Promise<void> {
  const problems = [...(await listUnknown(texts)), ...listBrokenLines(texts), ...listTemplates(texts)];
  if (problems.length === 0) return;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  throw badInput('policy-invalid', `${texts.shown} has ${count}`, { problems });
}

function listBrokenLines({ policy, files, shownOf }: PolicyTexts): readonly Problem[] {
  const names = new Set(Object.values(policy.controller.holidays).filter(isHolidayFile));
  return [...names].flatMap((name) =>
    parseHolidays(files[name] ?? '').problems.map((problem) => ({ file: shownOf(name), ...problem })),
  );
}

function listTemplates({ policy, files, shownOf }: PolicyTexts): readonly Problem[] {
  return listTemplateProblems(policy, files).map(({ file, ...problem }) => ({
    file: shownOf(file),
    ...problem,
  }));
}

/** Countries and regions that the package of public holidays does not know, at their places in the policy file. */
async function listUnknown({ policy, text, shown }: PolicyTexts): Promise<readonly Problem[]> {
  const { holidays } = policy.controller;
  const codes = Object.values(holidays).filter((name) => !isHolidayFile(name));
  const unknown = new Set(await listUnknownCalendars([...new Set(codes)]));
  if (unknown.size === 0) return [];
  const { root, position } = readYaml(text);
  return Object.entries(holidays)
    .filter(([, code]) => unknown.has(code))
    .map(([regime, code]) => {
      const path: Path = ['controller', 'holidays', regime];
      // A single calendar for all stands at `holidays` itself.
      const { place, found } = findPlace(root, path);
      const message = `${renderPath(found)}: no calendar of public holidays is known for ${quoted(code)}`;
      return { file: shown, ...position(place.offset), message };
    });
}
