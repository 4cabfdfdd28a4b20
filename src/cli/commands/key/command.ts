import { command, group } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const publicKey = command({
  name: 'public',
  summary: 'print the public key, which verifies checkpoints, exports and certificates',
  examples: ['dsr key public > ledger.pub', 'dsr key public --json'],
  exits: LEDGER_EXITS,
  body: () => import('./public.ts'),
});

export const key = group('key', 'the key that the ledger signs with', [publicKey]);
