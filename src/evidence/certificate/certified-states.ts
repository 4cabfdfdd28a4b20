/** The states of an erasure, in the order in which it reaches them. */
export const CERTIFIED_STATES = [
  'erased here',
  'bytes proven',
  'ordered upstream',
  'confirmed upstream',
  'closed',
] as const;
