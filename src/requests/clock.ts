import { dueOn } from '../law/regimes.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import { noticed } from './moves.ts';

/** Makes days of clocks, with the calendars of the policy at hand. */
export interface Deadlines {
  /** The request with the days that the law makes of its clock. */
  reckoned(request: Request): Request;
}

/** The deadlines of a ledger's policy; loads its calendars, so it is asked for before an act. */
export async function deadlinesOf(_ledger: Ledger): Promise<Deadlines> {
  return {
    reckoned: (request) => noticed({ ...request, dueOn: dueOn(request.regime, request.receivedOn) }),
  };
}
