import { execute, settings } from '@oclif/core';

/**
 * Runs a command line through oclif, and ends the process with its exit status.
 *
 * @param root - any file URL inside the package, from which oclif finds package.json and the manifest.
 */
export async function main(argv: readonly string[], root: string): Promise<void> {
  // Otherwise oclif would look for TypeScript sources whenever NODE_ENV is "test" or "development".
  settings.enableAutoTranspile = false;
  await execute({ args: [...argv], dir: root });
}
