import { canonicalJson } from '../../base/json.ts';

/** The namespace of signatures on approvals: `ssh-keygen -Y sign -n dsr-approval`. */
export const APPROVAL_NAMESPACE = 'dsr-approval';

/**
 * What an approver signs: one line in the form of RFC 8785 and a line feed, of exactly this plan, of exactly
 * this ledger.
 */
export function approvalText(origin: string, request: string, plan: string): string {
  return `${canonicalJson({ approve: request, ledger: origin, plan, version: 1 })}\n`;
}
