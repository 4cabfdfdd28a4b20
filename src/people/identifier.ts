/** A normalised value that points to a person. */
export interface Identifier {
  readonly kind: string;
  readonly value: string;
}
