/** The expression that is true while `simulate run --mutant ID` names the fault. */
export const on = (id) => `(globalThis.iggyctlMutant === '${id}')`;
