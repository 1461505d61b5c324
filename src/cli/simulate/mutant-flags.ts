/** Flags of the test build; none here. */
export const mutantFlags = {};

/** Switches a planted fault on; there is none here. */
export function plantMutant(_flags: object, _argv: readonly string[]): string | undefined {
  return undefined;
}
