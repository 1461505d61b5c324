import type { Settings } from '../config/settings.js';

const keys = [
  ...(['server', 'transport', 'framing', 'consistency', 'timeout', 'output', 'color'] as const),
  ...(['tls.enabled', 'tls.ca', 'tls.server_name', 'tls.insecure'] as const),
];

/** One effective setting. */
export interface ConfigEntry {
  readonly [key: string]: string | null;
  readonly key: string;
  readonly value: string | null;
  readonly origin: string;
}

/** Every effective setting with where it comes from; none of them is a secret. */
export function configEntries(settings: Settings): readonly ConfigEntry[] {
  const { value: context, origin } = settings.contextName;
  const entries = keys.map((key) => {
    const { value, origin: from } = settings.text(key);
    return { key, value: value === '' ? null : value, origin: from };
  });
  return [{ key: 'context', value: context, origin }, ...entries];
}
