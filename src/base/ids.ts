/** `S-000042`: a person, by a number that says nothing. */
export function subjectName(id: number): string {
  return `S-${String(id).padStart(6, '0')}`;
}

/** `R-000007`: a request; `R-ended` for 0, which stands for one whose file has ended. */
export function requestName(id: number): string {
  return id === 0 ? 'R-ended' : `R-${String(id).padStart(6, '0')}`;
}

/** `H-000003`: a legal hold. */
export function holdName(id: number): string {
  return `H-${String(id).padStart(6, '0')}`;
}

/** `B-000005`: a batch of requests. */
export function batchName(id: number): string {
  return `B-${String(id).padStart(6, '0')}`;
}

/** The number in a name such as `R-000007`; undefined where the text is none with this letter. */
export function parseName(prefix: 'S' | 'R' | 'H' | 'B', text: string): number | undefined {
  const match = new RegExp(`^${prefix}-(\\d{1,12})$`).exec(text);
  return match === null ? undefined : Number(match[1]);
}
