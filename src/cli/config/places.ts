import { homedir, platform, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Environment variables as a plain record; empty ones count as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Value of a variable, or nothing when it is unset or empty. */
export function envValue(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === '' ? undefined : value;
}

/** Where the tool keeps its files; nothing here creates anything. */
export interface Places {
  readonly configFile: string;
  /** Stored sessions, credentials file, previous context. */
  readonly state: string;
  readonly cache: string;
  /** Folder of a local cluster's run files: socket, lock, ready record. */
  clusterRun(name: string): string;
  /** Folder of a local cluster's data. */
  clusterData(name: string): string;
}

/** Finds the places from the environment; relative XDG paths are ignored. */
export function findPlaces(env: Environment, configFlag?: string): Places {
  const home = envValue(env, 'HOME') ?? homeOrTemp();
  const state = join(xdg(env, 'XDG_STATE_HOME') ?? join(home, '.local', 'state'), 'iggyctl');
  const runtime = xdg(env, 'XDG_RUNTIME_DIR');
  return {
    configFile: configFlag ?? envValue(env, 'IGGYCTL_CONFIG') ?? defaultConfig(env, home),
    state,
    cache: join(xdg(env, 'XDG_CACHE_HOME') ?? join(home, '.cache'), 'iggyctl'),
    clusterRun: (name) =>
      runtime === undefined
        ? join(state, 'clusters', name, 'run')
        : join(runtime, 'iggyctl', 'clusters', name),
    clusterData: (name) => join(state, 'clusters', name, 'data'),
  };
}

function defaultConfig(env: Environment, home: string): string {
  const appData = envValue(env, 'APPDATA');
  if (platform() === 'win32' && appData !== undefined) {
    return join(appData, 'iggyctl', 'config.toml');
  }
  return join(xdg(env, 'XDG_CONFIG_HOME') ?? join(home, '.config'), 'iggyctl', 'config.toml');
}

function xdg(env: Environment, name: string): string | undefined {
  const value = envValue(env, name);
  return value !== undefined && isAbsolute(value) ? value : undefined;
}

function homeOrTemp(): string {
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
}
