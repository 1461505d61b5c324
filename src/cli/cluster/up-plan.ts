import { resolve } from 'node:path';
import type {
  ChaosLevel,
  LocalClusterOptions,
  RecordOptions,
  RunPaths,
} from '../../cluster/index.js';
import { runPathsOf } from '../../cluster/index.js';
import { CliError, usageError } from '../cli-error.js';
import type { Places } from '../config/places.js';
import { readTextIfPresent } from '../config/private-file.js';
import { readSecretFile } from '../secrets/references.js';
import { parseDuration, parseInteger, parseSize } from '../values.js';
import { checkClusterName } from './local-clusters.js';
import { contextNameOf, defaultRootPassword, type LocalContext } from './local-context.js';
import { settingsOfFile, settingsOfFlags } from './settings-file.js';

/** Flags of `cluster up` as they were given. */
export interface UpFlags {
  readonly nodes: number;
  readonly 'data-dir'?: string | undefined;
  readonly ephemeral: boolean;
  readonly fresh: boolean;
  readonly 'port-base': number;
  readonly 'correlated-port-base'?: number | undefined;
  readonly host: string;
  readonly tick: string;
  readonly set: readonly string[];
  readonly settings?: string | undefined;
  readonly seed?: string | undefined;
  readonly chaos: string;
  readonly wait: string;
  readonly 'no-context': boolean;
  readonly 'ready-file'?: string | undefined;
  readonly 'root-username'?: string | undefined;
  readonly 'root-password-file'?: string | undefined;
  readonly 'encryption-key-file'?: string | undefined;
  readonly 'tls-cert'?: string | undefined;
  readonly 'tls-key'?: string | undefined;
  readonly trace?: string | undefined;
  readonly record?: string | undefined;
  readonly 'record-limit': string;
}

/** Everything that is needed to run a cluster in this process. */
export interface UpPlan {
  readonly name: string;
  readonly paths: RunPaths;
  readonly cluster: LocalClusterOptions;
  /** Absent when no context is wanted. */
  readonly context: LocalContext | undefined;
  readonly login: LocalContext['login'];
  readonly host: string;
  readonly readyFile: string | undefined;
  readonly chaos: ChaosLevel;
  /** File for every frame. */
  readonly trace: string | undefined;
  /** Whether everybody knows the root password. */
  readonly hasDefaultRoot: boolean;
}

/** Turns flags into a plan; reads the files they name. @throws CliError E_USAGE, E_CONFIG */
export function planUp(nameArg: string, flags: UpFlags, places: Places): UpPlan {
  const name = checkClusterName(nameArg);
  const { host } = flags;
  if (flags.ephemeral && flags['data-dir'] !== undefined) {
    throw usageError('--ephemeral keeps all files in memory and excludes --data-dir');
  }
  const passwordFile = absolute(flags['root-password-file']);
  const username = flags['root-username'] ?? 'iggy';
  const login = { username, passwordFile };
  const tls = tlsOf(flags);
  const encryptionKey = encryptionKeyOf(flags['encryption-key-file']);
  return {
    name,
    paths: runPathsOf(places.clusterRun(name)),
    cluster: {
      name,
      ...storageOf(name, flags, places),
      ...networkOf(flags),
      ...(flags.record !== undefined && { record: recordOf(flags.record, flags) }),
      ...(tls !== undefined && { tls }),
      ...(encryptionKey !== undefined && { encryptionKey }),
      nodes: flags.nodes,
      fresh: flags.fresh,
      settings: [
        ...(flags.settings === undefined ? [] : settingsOfFile(flags.settings)),
        ...settingsOfFlags(flags.set),
      ],
      root: {
        username,
        password:
          passwordFile === undefined ? defaultRootPassword : readSecretFile(passwordFile).reveal(),
      },
      tickMillis: millis(flags.tick, '--tick', 1, 1000),
      waitMillis: millis(flags.wait, '--wait', 1, 86_400_000),
      ...(flags.seed !== undefined && { seed: seedOf(flags.seed) }),
    },
    context: flags['no-context']
      ? undefined
      : { clusterName: name, host, login, tlsCert: absolute(flags['tls-cert']) },
    login,
    host,
    readyFile: absolute(flags['ready-file']),
    chaos: flags.chaos === 'light' || flags.chaos === 'heavy' ? flags.chaos : 'none',
    trace: absolute(flags.trace),
    hasDefaultRoot: passwordFile === undefined,
  };
}

/** Name of the plan's context, if it makes one. */
export function contextOf({ name, context }: UpPlan): string | undefined {
  return context === undefined ? undefined : contextNameOf(name);
}

function storageOf(
  name: string,
  flags: UpFlags,
  places: Places,
): Pick<LocalClusterOptions, 'ephemeral' | 'dataDir'> {
  if (flags.ephemeral) return { ephemeral: true };
  return { dataDir: absolute(flags['data-dir']) ?? places.clusterData(name) };
}

function networkOf(
  flags: UpFlags,
): Pick<LocalClusterOptions, 'host' | 'portBase' | 'correlatedPortBase'> {
  const correlated = flags['correlated-port-base'];
  return {
    host: flags.host,
    portBase: flags['port-base'],
    ...(correlated !== undefined && { correlatedPortBase: correlated }),
  };
}

const mebibyte = 1024 * 1024;
/** A recording is read as a whole. */
const recordMost = 1024 * mebibyte;

function recordOf(path: string, { 'record-limit': limit }: UpFlags): RecordOptions {
  const limitBytes = parseSize(limit, '--record-limit');
  if (limitBytes >= mebibyte && limitBytes <= recordMost)
    return { path: resolve(path), limitBytes };
  throw usageError(`--record-limit: ${limit} is not between 1MiB and 1GiB`);
}

function tlsOf(flags: UpFlags): { readonly cert: string; readonly key: string } | undefined {
  const { 'tls-cert': cert, 'tls-key': key } = flags;
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw usageError('--tls-cert and --tls-key belong together');
  }
  return { cert: pemOf(cert), key: pemOf(key) };
}

/** The text of the key is in no message, not even when it is wrong. */
function encryptionKeyOf(path: string | undefined): Uint8Array | undefined {
  if (path === undefined) return undefined;
  const text = readSecretFile(resolve(path)).reveal();
  if (/^[A-Za-z0-9+/]{43}=$/.test(text)) return Buffer.from(text, 'base64');
  throw new CliError('E_CONFIG', `${path} holds no key: expected base64 of 32 bytes`, {
    hint: `umask 077; openssl rand -base64 32 > ${path}`,
  });
}

function pemOf(path: string): string {
  const text = readTextIfPresent(path);
  if (text?.includes('-----BEGIN') === true) return text;
  throw new CliError(
    'E_CONFIG',
    text === undefined ? `there is no file ${path}` : `${path} is not a PEM file`,
  );
}

function millis(text: string, flag: string, min: number, max: number): number {
  const value = parseDuration(text, flag) / 1000;
  if (value >= min && value <= max) return Math.round(value);
  throw usageError(`${flag}: ${text} is not between ${min}ms and ${max}ms`);
}

function seedOf(text: string): bigint {
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return BigInt(text);
  return BigInt(parseInteger(text, '--seed', 0, Number.MAX_SAFE_INTEGER));
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}
