import type { Request } from '../store/registers.ts';

/** Whether the answer to a request is a package of files. */
export function isPackaged({ type, parental }: Pick<Request, 'type' | 'parental'>): boolean {
  return (
    type === 'access' ||
    type === 'portability' ||
    parental?.action === 'describe' ||
    parental?.action === 'review'
  );
}

/** Whether the package names kinds of data and gives none of it (16 CFR 312.6(a)(1), 11 CCR §7024(a)). */
export function isDescription({
  type,
  level,
  parental,
}: Pick<Request, 'type' | 'level' | 'parental'>): boolean {
  return parental?.action === 'describe' || (type === 'access' && level === 'categories');
}
