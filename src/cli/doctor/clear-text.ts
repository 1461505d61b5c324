import type { Values } from '../config/config-file.js';

const references = ['env://', 'file://', 'keyring://', 'cmd://'];

/** Keys of contexts that hold a secret itself instead of saying where it is. */
export function clearTextSecrets(contexts: ReadonlyMap<string, Values>): readonly string[] {
  return [...contexts].flatMap(([name, values]) =>
    ['auth.password', 'auth.token']
      .filter((key) => {
        const value = values[key];
        return typeof value === 'string' && !references.some((prefix) => value.startsWith(prefix));
      })
      .map((key) => `contexts.${name}.${key}`),
  );
}
