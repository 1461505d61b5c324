import { Flags } from '@oclif/core';
import { usageError } from '../cli-error.js';

/** Settings of runs by planted fault, put in by the build. */
declare const mutantRuns: Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Flags of the test build. */
export const mutantFlags = {
  mutant: Flags.string({ summary: 'Plant this fault in the product.', helpValue: 'ID' }),
};

/**
 * Switches a planted fault on: the patched places of this build look it up. Flags that are not on
 * the command line get the values that bring about the situation the fault needs.
 * @throws CliError E_USAGE for a fault that is not planted
 */
export function plantMutant(flags: object, argv: readonly string[]): string | undefined {
  const id = 'mutant' in flags && typeof flags.mutant === 'string' ? flags.mutant : undefined;
  Reflect.set(globalThis, 'iggyctlMutant', id);
  if (id === undefined) return undefined;
  const run = mutantRuns[id];
  if (run === undefined) {
    throw usageError(`--mutant: "${id}" is not one of ${Object.keys(mutantRuns).join(', ')}`);
  }
  for (const [name, value] of Object.entries(run)) {
    const isGiven = argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`));
    if (!isGiven) Reflect.set(flags, name, value);
  }
  return id;
}
