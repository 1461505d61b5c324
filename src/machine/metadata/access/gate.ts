import type { MetadataState } from '../state/metadata-state.js';
import { rootUserId } from '../state/user-table.js';
import { type AccessRule, type AccessScope, isAllowed } from './rules.js';

/**
 * The decision taken when an operation commits, on every replica, from the replicated acting user.
 * Root passes without looking at its rights.
 */
export function passesGate(
  state: MetadataState,
  userId: number,
  rule: AccessRule,
  scope?: AccessScope,
): boolean {
  return userId === rootUserId || isAllowed(state.users.get(userId)?.grants, rule, scope);
}
