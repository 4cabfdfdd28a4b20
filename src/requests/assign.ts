import { refused, usage } from '../base/errors.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import { moveRequest, type Saying } from './moves.ts';

/** A name as `--actor` has it. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,59}$/u;

/** Gives a request to somebody of staff; where the policy names staff, to one of them. */
export async function assignRequest(ledger: Ledger, id: number, to: string, words: Saying): Promise<Request> {
  const staff = Object.keys(ledger.policy.staff);
  if (!NAME.test(to)) throw usage('--to is no name of staff', 'a name as --actor gives it');
  if (staff.length > 0 && !staff.includes(to))
    throw refused('not-staff', 'the policy names nobody of staff like that', `staff: ${staff.join(', ')}`);
  return moveRequest(ledger, id, { move: 'assign', ...words }, (request) => ({
    ...request,
    assignee: to,
  }));
}
