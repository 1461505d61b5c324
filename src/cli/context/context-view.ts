import type { ConfigFile, Values } from '../config/config-file.js';
import type { Settings } from '../config/settings.js';
import type { Fields, ListColumn } from '../output/result.js';

function textOf(value: Values[string] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** A context as it is shown; secrets are never part of it. */
export function contextFields(name: string, values: Values, active: string) {
  const { servers = ['127.0.0.1:8090'] } = values;
  const hasToken = values['auth.token'] !== undefined;
  return {
    name,
    active: name === active,
    description: textOf(values['description']),
    servers: typeof servers === 'object' ? servers : [],
    transport: textOf(values['transport']) ?? 'tcp',
    username: textOf(values['username']),
    auth: hasToken ? 'token' : values['auth.password'] === undefined ? 'none' : 'password',
    tls: {
      enabled: values['tls.enabled'] === true,
      ca: textOf(values['tls.ca']),
      server_name: textOf(values['tls.server_name']),
      insecure: values['tls.insecure'] === true,
    },
    confirm: values['confirm'] === true,
    local_cluster: textOf(values['local_cluster']),
  } satisfies Fields;
}

export type ContextFields = ReturnType<typeof contextFields>;

/** All contexts, the built-in one first unless the file defines it. */
export function allContexts({ config, contextName }: Settings): readonly ContextFields[] {
  const active = contextName.value;
  const own = [...config.contexts].map(([name, values]) => contextFields(name, values, active));
  if (config.contexts.has('default')) return own;
  return [contextFields('default', config.defaults, active), ...own];
}

export const contextColumns: readonly ListColumn<ContextFields>[] = [
  { key: 'name', title: 'Name' },
  { key: 'active', title: 'Active' },
  { key: 'servers', title: 'Server', cell: ({ servers }) => servers.join(',') },
  { key: 'transport', title: 'Transport' },
  { key: 'username', title: 'User' },
  { key: 'auth', title: 'Auth' },
  { key: 'local_cluster', title: 'Local cluster' },
];

/** What a value looks like when it is shown with its origin; secrets are masked. */
export function shownValue(key: string, value: Values[string]): string {
  if (key.startsWith('auth.')) return '********';
  return typeof value === 'object' ? value.join(',') : String(value);
}

/** Where the secret behind a reference is: `keyring`, `env`, `file`, `program` or the file itself. */
export function originOf(key: string, value: Values[string], { path }: ConfigFile): string {
  const scheme = key.startsWith('auth.') ? /^(\w+):\/\//.exec(String(value))?.[1] : undefined;
  if (scheme === undefined) return path;
  return scheme === 'cmd' ? 'program' : scheme;
}
