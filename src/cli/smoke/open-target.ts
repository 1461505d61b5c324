import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientOptions, IggyClient } from '../../client/index.js';
import { LocalCluster } from '../../cluster/index.js';
import type { Settings } from '../config/settings.js';
import { clientOptions } from '../connect/client-options.js';
import type { FoundCredentials } from '../connect/credentials.js';
import { Secret } from '../secrets/secret.js';
import type { ProgramRun, SmokeTarget } from './step.js';

const patienceMillis = 20_000;

/** A target, and how to leave it as it was. */
export interface OpenTarget extends SmokeTarget {
  /** Removes what is left of the run unless it is to be kept; stops a cluster of its own. */
  readonly close: (options: { readonly keep: boolean }) => Promise<void>;
}

/** Starts a cluster in memory for one run. */
export async function openOwnCluster(nodes: number, settings: Settings): Promise<OpenTarget> {
  const cluster = await LocalCluster.start({
    ...{ nodes, portBase: 0, ephemeral: true },
    settings: [{ name: 'cluster.heartbeat_timeout', value: '2s', origin: 'smoke' }],
  });
  try {
    const servers = cluster.readyRecord().nodes.map(({ tcp }) => `127.0.0.1:${tcp}`);
    const credentials = { username: 'iggy', password: new Secret('iggy') };
    const found = { method: 'password', source: 'flag', origin: 'flag', ...credentials } as const;
    const options: ClientOptions = {
      ...{ servers, heartbeatMillis: 0, timeoutMillis: 20_000 },
      credentials: { username: 'iggy', password: 'iggy' },
    };
    return await open({ options, found, cluster, settings, servers });
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Uses the server that the settings name. */
export async function openTarget(
  settings: Settings,
  found: FoundCredentials,
  retries: number,
): Promise<OpenTarget> {
  const { timeoutMillis = 0, ...rest } = clientOptions(settings, { credentials: found, retries });
  // A topic that is made after a failover may have to choose its leader first.
  const options = { ...rest, timeoutMillis: Math.max(timeoutMillis, patienceMillis) };
  return await open({ options, found, cluster: undefined, settings, servers: settings.servers });
}

interface TargetParts {
  readonly options: ClientOptions;
  readonly found: FoundCredentials;
  readonly cluster: LocalCluster | undefined;
  readonly settings: Settings;
  readonly servers: readonly string[];
}

async function open({
  options,
  found,
  cluster,
  settings,
  servers,
}: TargetParts): Promise<OpenTarget> {
  const prefix = `smoke-${randomBytes(3).toString('hex')}-`;
  const client = await IggyClient.connect(options);
  const home = mkdtempSync(join(tmpdir(), 'iggyctl-smoke-'));
  const env = environment(settings, found, servers, home);
  return {
    ...{ client, options, cluster, prefix },
    run: (args, input) => runProgram(args, input, env),
    close: async ({ keep }) => {
      try {
        if (!keep && cluster === undefined) await removeAll(client, prefix);
        await client.close({ timeoutMillis: 2000 });
      } finally {
        await cluster?.stop();
        rmSync(home, { recursive: true, force: true });
      }
    },
  };
}

/** Streams and tokens of this run that a failed step left. */
async function removeAll(client: IggyClient, prefix: string): Promise<void> {
  for (const { name } of await client.streams.list()) {
    if (name.startsWith(prefix)) await client.streams.delete(name);
  }
  for (const { name } of await client.tokens.list()) {
    if (name.startsWith(prefix)) await client.tokens.delete(name);
  }
}

/** The same server and login for command lines, without anything of the user's own files. */
function environment(
  settings: Settings,
  found: FoundCredentials,
  servers: readonly string[],
  home: string,
): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^IGGY(CTL)?_/.test(name));
  const login =
    found.method === 'token'
      ? { IGGYCTL_TOKEN: found.token.reveal() }
      : { IGGYCTL_USERNAME: found.username, IGGYCTL_PASSWORD: found.password.reveal() };
  return {
    ...Object.fromEntries(own),
    ...login,
    IGGYCTL_SERVER: servers.join(','),
    IGGYCTL_TRANSPORT: settings.text('transport').value,
    IGGYCTL_TLS: settings.text('tls.enabled').value,
    IGGYCTL_TLS_CA: settings.text('tls.ca').value,
    IGGYCTL_TLS_SERVER_NAME: settings.text('tls.server_name').value,
    IGGYCTL_TLS_INSECURE: settings.text('tls.insecure').value,
    IGGYCTL_CONFIG: join(home, 'config.toml'),
    IGGYCTL_TIMEOUT: '20s',
    IGGYCTL_NO_INPUT: '1',
    XDG_STATE_HOME: join(home, 'state'),
    XDG_CACHE_HOME: join(home, 'cache'),
  };
}

function runProgram(
  args: readonly string[],
  input: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<ProgramRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [process.argv[1] ?? '', ...args], { env });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => {
      stdout += String(data);
    });
    child.stderr.on('data', (data) => {
      stderr += String(data);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
