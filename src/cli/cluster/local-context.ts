import type { TomlTable } from 'smol-toml';
import type { ReadyRecord } from '../../cluster/index.js';
import { changeConfigFile } from '../config/config-file.js';
import type { Places } from '../config/places.js';

/** How the clients of a local cluster log in. */
interface LocalLogin {
  readonly username: string;
  /** File with the password; absent = the default password. */
  readonly passwordFile?: string | undefined;
}

/** What a context must say about a local cluster. */
export interface LocalContext {
  readonly clusterName: string;
  readonly host: string;
  readonly login: LocalLogin;
  /** Certificate that the client ports present. */
  readonly tlsCert?: string | undefined;
}

/** Password of a root user for which none was given. */
export const defaultRootPassword = 'iggy';

/** Name of the context of a local cluster. */
export function contextNameOf(clusterName: string): string {
  return `local-${clusterName}`;
}

/** Makes the context of a local cluster, or brings it up to date, and makes it the active one. */
export function activateLocalContext(
  places: Places,
  context: LocalContext,
  nodes: ReadyRecord['nodes'],
): void {
  const name = contextNameOf(context.clusterName);
  changeConfigFile(places.configFile, (draft) => {
    draft.contexts[name] = contextTable(context, nodes);
    draft.current_context = name;
  });
}

function contextTable(
  { clusterName, host, login, tlsCert }: LocalContext,
  nodes: ReadyRecord['nodes'],
): TomlTable {
  const { username, passwordFile } = login;
  return {
    description: `local cluster ${clusterName}`,
    servers: nodes.map(({ tcp }) => `${reachableHost(host)}:${tcp}`),
    transport: 'tcp',
    username,
    auth: {
      password: passwordFile === undefined ? defaultRootPassword : `file://${passwordFile}`,
    },
    local_cluster: clusterName,
    ...(tlsCert !== undefined && { tls: { enabled: true, ca: tlsCert } }),
  };
}

/** An address that is bound to every interface is reached through the loopback one. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1';
  return host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
}
