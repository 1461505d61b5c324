import { CliError, usageError } from '../cli-error.js';
import { nearest } from '../nearest.js';
import { type ConfigFile, readConfigFile, type Values } from './config-file.js';
import { type Environment, envValue, findPlaces, type Places } from './places.js';
import { findProjectFile, type ProjectFile } from './project-file.js';
import { contextKeys } from './schema.js';

/** A value and where it came from. */
export interface Origin<T> {
  readonly value: T;
  /** `flag`, a variable's name, a file's path, `context NAME` or `default`. */
  readonly origin: string;
}

/** Flags that choose a server and how to talk to it, as they were given. */
export interface ConnectionFlags {
  readonly config?: string | undefined;
  readonly context?: string | undefined;
  readonly server?: string | undefined;
  readonly node?: string | undefined;
  readonly transport?: string | undefined;
  readonly framing?: string | undefined;
  readonly consistency?: string | undefined;
  readonly timeout?: string | undefined;
  readonly output?: string | undefined;
  readonly color?: string | undefined;
  readonly tls?: boolean | undefined;
  readonly 'tls-ca'?: string | undefined;
  readonly 'tls-server-name'?: string | undefined;
  readonly 'tls-insecure'?: boolean | undefined;
}

/** Names of the settings that have the same form at every level. */
export type SettingKey =
  | 'server'
  | 'transport'
  | 'framing'
  | 'consistency'
  | 'timeout'
  | 'output'
  | 'color'
  | 'tls.enabled'
  | 'tls.ca'
  | 'tls.server_name'
  | 'tls.insecure';

const variables: Readonly<Record<SettingKey, string>> = {
  server: 'IGGYCTL_SERVER',
  transport: 'IGGYCTL_TRANSPORT',
  framing: 'IGGYCTL_FRAMING',
  consistency: 'IGGYCTL_CONSISTENCY',
  timeout: 'IGGYCTL_TIMEOUT',
  output: 'IGGYCTL_OUTPUT',
  color: 'IGGYCTL_COLOR',
  'tls.enabled': 'IGGYCTL_TLS',
  'tls.ca': 'IGGYCTL_TLS_CA',
  'tls.server_name': 'IGGYCTL_TLS_SERVER_NAME',
  'tls.insecure': 'IGGYCTL_TLS_INSECURE',
};

const builtIn: Readonly<Record<SettingKey, string>> = {
  server: '127.0.0.1:8090',
  transport: 'tcp',
  framing: 'vsr',
  consistency: 'local',
  timeout: '5s',
  output: 'table',
  color: 'auto',
  'tls.enabled': 'false',
  'tls.ca': '',
  'tls.server_name': '',
  'tls.insecure': 'false',
};

/**
 * Everything a command can be told, with the origin of each value: flag, variable, project file,
 * context, `[defaults]`, built-in default, in this order.
 */
export class Settings {
  readonly places: Places;
  readonly env: Environment;
  readonly config: ConfigFile;
  readonly project: ProjectFile | undefined;
  readonly contextName: Origin<string>;
  readonly #flags: ConnectionFlags;

  /** @throws CliError E_CONFIG when a file is wrong or the context does not exist */
  constructor(flags: ConnectionFlags, env: Environment, directory: string) {
    this.env = env;
    this.places = findPlaces(env, flags.config);
    this.config = readConfigFile(this.places.configFile);
    this.project = findProjectFile(directory, envValue(env, 'HOME') ?? '/');
    this.#flags = flags;
    this.contextName = this.#chooseContext();
  }

  /** Values of the chosen context; empty for the built-in one. */
  get context(): Values {
    return this.config.contexts.get(this.contextName.value) ?? {};
  }

  /** A config file that a flag or the environment names and that is not there. */
  get missingConfig(): string | undefined {
    const { path, exists } = this.config;
    const isNamed = (this.#flags.config ?? envValue(this.env, 'IGGYCTL_CONFIG')) !== undefined;
    return isNamed && !exists ? path : undefined;
  }

  get warnings(): readonly string[] {
    return [...this.config.warnings, ...(this.project?.warnings ?? [])];
  }

  /** One setting as text. @throws CliError E_USAGE, E_CONFIG for a word that it cannot be */
  text(key: SettingKey): Origin<string> {
    const flag = this.#flag(key);
    if (flag !== undefined) return { value: flag, origin: 'flag' };
    const variable = envValue(this.env, variables[key]);
    if (variable !== undefined) return chosenOf(key, { value: variable, origin: variables[key] });
    const project = this.project?.values[key];
    if (project !== undefined) {
      return chosenOf(key, { value: project, origin: this.project?.path ?? '' });
    }
    const field = key === 'server' ? 'servers' : key;
    const chosen = textOf(this.context[field]);
    if (chosen !== undefined) return { value: chosen, origin: `context ${this.contextName.value}` };
    const general = textOf(this.config.defaults[field]);
    if (general !== undefined) return { value: general, origin: this.config.path };
    return { value: builtIn[key], origin: 'default' };
  }

  /** True for `true`, `1`, `yes` and `on`. */
  isOn(key: SettingKey): boolean {
    return ['true', '1', 'yes', 'on'].includes(this.text(key).value.toLowerCase());
  }

  /** Whether a flag, a variable or the project file says which server, over any context. */
  get namesServer(): boolean {
    const { origin } = this.text('server');
    return ['flag', variables.server, this.project?.path].includes(origin);
  }

  /** Servers in the order in which they are tried. */
  get servers(): readonly string[] {
    const { node } = this.#flags;
    if (node?.includes(':')) return [node];
    return this.text('server')
      .value.split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
  }

  /** The node that was asked for with `--node`, and no other. */
  get node(): string | undefined {
    return this.#flags.node;
  }

  #flag(key: SettingKey): string | undefined {
    const flags = this.#flags;
    switch (key) {
      case 'tls.enabled':
        return boolText(flags.tls);
      case 'tls.ca':
        return flags['tls-ca'];
      case 'tls.server_name':
        return flags['tls-server-name'];
      case 'tls.insecure':
        return boolText(flags['tls-insecure']);
      default:
        return flags[key];
    }
  }

  #chooseContext(): Origin<string> {
    const candidates: readonly (readonly [string | undefined, string])[] = [
      [this.#flags.context, 'flag'],
      [envValue(this.env, 'IGGYCTL_CONTEXT'), 'IGGYCTL_CONTEXT'],
      [this.project?.context, this.project?.path ?? ''],
      [this.config.currentContext, this.config.path],
    ];
    for (const [name, origin] of candidates) {
      if (name === undefined) continue;
      if (name !== 'default' && !this.config.contexts.has(name))
        throw unknownContext(name, this.config);
      return { value: name, origin };
    }
    return { value: 'default', origin: 'default' };
  }
}

/** A setting of a command that must work whatever is in the files: flag, variable, default. */
export function withoutFiles(key: SettingKey, flag: string | undefined, env: Environment): string {
  const variable = variables[key];
  const value = envValue(env, variable);
  if (flag !== undefined || value === undefined) return flag ?? builtIn[key];
  return chosenOf(key, { value, origin: variable }).value;
}

/** The error for a context that does not exist. */
function unknownContext(name: string, config: ConfigFile): CliError {
  const known = [...config.contexts.keys()];
  const near = nearest(name, known);
  const list = known.length === 0 ? 'there are none yet' : `known contexts: ${known.join(', ')}`;
  return new CliError('E_CONFIG', `there is no context ${name}; ${list}`, {
    hint: near === undefined ? 'iggyctl context list' : `iggyctl -C ${near} …`,
  });
}

function textOf(value: Values[string] | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'object') return value.length === 0 ? undefined : value.join(',');
  return String(value);
}

/** Flags are checked by the parser and the config file when it is read; nobody else looks here. */
function chosenOf(key: SettingKey, found: Origin<string>): Origin<string> {
  const { value, origin } = found;
  // What transports there are is a question of support, not of form.
  const choices = key === 'transport' ? undefined : contextKeys[key]?.choices;
  if (choices === undefined || choices.includes(value)) return found;
  const message = `${origin}: "${value}" is not one of ${choices.join(', ')}`;
  throw origin === variables[key] ? usageError(message) : new CliError('E_CONFIG', message);
}

function boolText(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
