const references = ['env://', 'file://', 'keyring://', 'cmd://'];

/**
 * Keys of contexts that hold a secret itself instead of saying where it is. That of a local cluster is no
 * secret: it was made with the cluster, by this program.
 */
export function clearTextSecrets(
  contexts: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): readonly string[] {
  return [...contexts].flatMap(([name, values]) =>
    values['local_cluster'] !== undefined
      ? []
      : ['auth.password', 'auth.token']
          .filter((key) => {
            const value = values[key];
            return (
              typeof value === 'string' && !references.some((prefix) => value.startsWith(prefix))
            );
          })
          .map((key) => `contexts.${name}.${key}`),
  );
}
