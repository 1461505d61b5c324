/** The name of a user's status number. */
export function userStatusName(status: number): string {
  if (status === 1) return 'active';
  return status === 2 ? 'inactive' : `unknown(${status})`;
}
