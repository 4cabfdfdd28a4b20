import type { Draft } from './draft.ts';
import { type Finding, ofKey, quoted } from './findings.ts';
import { FORM_PARTS } from './types.ts';
import { didYouMean } from './words.ts';

/** Columns of the web form for what no request has: nothing would ever be read from them. */
export function listIntakeFaults({ intake, kinds }: Draft): Finding[] {
  const known = [...FORM_PARTS, ...Object.keys(kinds)];
  return Object.keys(intake?.columns ?? {})
    .filter((what) => !known.includes(what))
    .map((what) => {
      const message = `${quoted(what)} is neither a part of a request nor a kind of identifier`;
      return ofKey(['intake', 'columns'], what, message + didYouMean(what, known));
    });
}
