import { refused, usage } from '../../base/errors.ts';
import { REQUEST_TYPES } from '../../policy/types.ts';
import type { RequestType } from '../../store/registers.ts';

/** In which order the rights of one mail are carried out: a copy is given before what it shows is changed or gone. */
const ORDER: readonly RequestType[] = [
  'opt-out',
  'limit',
  'consent-withdrawal',
  'objection',
  'restrict',
  'opt-in',
  'access',
  'portability',
  'edit',
  'complaint',
  'delete',
  'parental-review',
  'unclear',
];

/** Types that are a mail of their own: a parent speaks for another, and of the unclear nobody knows what it is. */
const ALONE: readonly RequestType[] = ['parental-review', 'unclear'];

/** Reads `access,delete`: each once, in the order in which they are worked on. */
export function parseTypes(words: string, what: string): readonly RequestType[] {
  const names = words.split(',').map((word) => word.trim());
  if (names.some((name) => !ORDER.some((type) => type === name)))
    throw usage(`${what} must be one of: ${REQUEST_TYPES.join(', ')}`, 'several of one mail: access,delete');
  return orderTypes(names as readonly RequestType[]);
}

/** The types of one mail in the order in which they are worked on; refuses what cannot come together. */
export function orderTypes(types: readonly RequestType[]): readonly RequestType[] {
  const ordered = ORDER.filter((type) => types.includes(type));
  const alone = ordered.find((type) => ALONE.includes(type));
  if (alone !== undefined && ordered.length > 1)
    throw refused('type-stands-alone', `a request of the type ${alone} is opened by itself`);
  return ordered;
}
