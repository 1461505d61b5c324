import { join } from 'node:path';
import { parse, type TomlTable } from 'smol-toml';
import { CliError } from '../cli-error.js';
import { type Environment, envValue } from '../config/places.js';
import { readTextIfPresent } from '../config/private-file.js';
import { Secret } from '../secrets/secret.js';

/** A context of the official command line, with its secrets taken out. */
export interface OfficialContext {
  readonly name: string;
  readonly table: TomlTable;
  readonly secret: { readonly kind: 'password' | 'token'; readonly value: Secret } | undefined;
}

const addresses: Readonly<Record<string, string>> = {
  tcp: 'tcp_server_address',
  ws: 'websocket_server_address',
  http: 'http_api_url',
  quic: 'quic_server_address',
};

/** Reads the contexts of the official command line; its file is never changed. */
export function readOfficialContexts(env: Environment): {
  readonly path: string;
  readonly contexts: readonly OfficialContext[];
} {
  const home = envValue(env, 'IGGY_HOME') ?? join(envValue(env, 'HOME') ?? '.', '.iggy');
  const path = join(home, 'contexts.toml');
  const text = readTextIfPresent(path);
  if (text === undefined) throw new CliError('E_CONFIG', `there is no file ${path}`);
  const contexts = Object.entries(parse(text)).flatMap(([name, table]) =>
    typeof table === 'object' && !Array.isArray(table) && !(table instanceof Date)
      ? [converted(name, table)]
      : [],
  );
  return { path, contexts };
}

function converted(name: string, from: TomlTable): OfficialContext {
  const text = (key: string) => (typeof from[key] === 'string' ? from[key] : undefined);
  const transport = text('transport') ?? 'tcp';
  const server = text(addresses[transport] ?? 'tcp_server_address');
  const username = text('username');
  const domain = text('tcp_tls_domain');
  const password = text('password');
  const token = text('token');
  const kind = token === undefined ? 'password' : 'token';
  const value = token ?? password;
  return {
    name,
    table: {
      ...(server === undefined ? {} : { servers: [server.replace(/^https?:\/\//, '')] }),
      transport,
      ...(username === undefined ? {} : { username }),
      ...(from['tcp_tls_enabled'] === true
        ? { tls: { enabled: true, ...(domain === undefined ? {} : { server_name: domain }) } }
        : {}),
    },
    secret: value === undefined ? undefined : { kind, value: new Secret(value) },
  };
}
