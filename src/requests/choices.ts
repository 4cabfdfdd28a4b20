// What of a request is one of a few words, as flags, forms and the register have it; loads nothing.

/** Who may ask, for themselves or for another. */
export const REQUESTERS = ['self', 'agent', 'parent', 'heir', 'household', 'authority'] as const;

/** What a parent may choose; each is a request of its own (16 CFR 312.6). */
export const PARENTAL_ACTIONS = ['describe', 'review', 'delete', 'stop'] as const;

/** How much an access asks for. */
export const ACCESS_LEVELS = ['categories', 'specific'] as const;

/** What the requester may be asked for. */
export const CAUSES = ['identity', 'clarification', 'fee'] as const;

/** How whoever asks may show who they are, or for whom they ask. */
export const VERIFICATION_METHODS = [
  'account',
  'data-points',
  'code',
  'document',
  'agent',
  'parent',
  'heir',
  'household',
  'authority',
] as const;
