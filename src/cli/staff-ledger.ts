import type { StaffRole } from '../policy/types.ts';
import { requireRole } from '../requests/approval/staff.ts';
import type { Ledger } from '../store/ledger.ts';
import type { CommandContext } from './context.ts';

/** The ledger, opened to write by whom the policy gives the work of a role. */
export async function openLedgerAs(context: CommandContext, role: StaffRole): Promise<Ledger> {
  const ledger = await context.openLedger('write');
  requireRole(ledger, role);
  return ledger;
}
