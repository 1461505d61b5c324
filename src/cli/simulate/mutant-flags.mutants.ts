import { Flags } from '@oclif/core';

/** Flags of the test build. */
export const mutantFlags = {
  mutant: Flags.string({ summary: 'Plant this fault in the product.', helpValue: 'ID' }),
};

/** Switches a planted fault on: the patched places of this build look it up. */
export function plantMutant(flags: object): string | undefined {
  const id = 'mutant' in flags && typeof flags.mutant === 'string' ? flags.mutant : undefined;
  Reflect.set(globalThis, 'iggyctlMutant', id);
  return id;
}
