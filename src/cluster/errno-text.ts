/** The errno name of a failed system call, or its message. */
export function errnoText(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
