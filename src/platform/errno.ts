/** The errno name of a failed system call, `EUNKNOWN` for anything else. */
export function errnoOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return 'EUNKNOWN';
}

/** The process, or the whole machine, has no file descriptors left. */
export function isOutOfDescriptors(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'EMFILE' || code === 'ENFILE';
}
