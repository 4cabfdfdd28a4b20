/** `S-000042`: a person, by a number that says nothing. */
export function subjectName(id: number): string {
  return `S-${String(id).padStart(6, '0')}`;
}

/** `R-000007`: a request. */
export function requestName(id: number): string {
  return `R-${String(id).padStart(6, '0')}`;
}

/** `H-000003`: a legal hold. */
export function holdName(id: number): string {
  return `H-${String(id).padStart(6, '0')}`;
}

export function parseName(prefix: 'S' | 'R' | 'H', text: string): number | undefined {
  const match = new RegExp(`^${prefix}-(\\d{1,12})$`).exec(text);
  return match === null ? undefined : Number(match[1]);
}
