import { encodeUtf8 } from '../base/index.js';
import { AesGcmCipher, cipherKeyBytes } from '../platform/index.js';
import type { PasswordHashing } from '../ports/index.js';
import type { RecordOptions } from './cluster-recording.js';
import { ClusterOptionError } from './errors.js';
import type { NodePorts } from './node-listeners.js';
import type { LocalClusterOptions } from './options.js';
import type { ClusterSettings } from './settings.js';

/** Options with everything that was left out filled in. */
export interface CheckedOptions {
  readonly name: string;
  readonly nodes: number;
  readonly directory: string | undefined;
  readonly isFresh: boolean;
  readonly host: string;
  readonly portBase: number;
  readonly correlatedPortBase: number | undefined;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** Absent = messages are kept as they come. */
  readonly cipher: AesGcmCipher | undefined;
  readonly root: { readonly username: string; readonly password: string };
  readonly tickMillis: number;
  readonly waitMillis: number;
  readonly maxConnections: number;
  readonly record: RecordOptions | undefined;
  readonly hashing: PasswordHashing | undefined;
}

const largestCluster = 7;
const portMax = 65_535;

/** @throws CLUSTER_OPTION_INVALID */
export function checkOptions(options: LocalClusterOptions): CheckedOptions {
  const nodes = options.nodes ?? 3;
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > largestCluster) {
    throw new ClusterOptionError('nodes', `a local cluster has 1 to ${largestCluster} nodes`);
  }
  const isEphemeral = options.ephemeral === true;
  if (isEphemeral === (options.dataDir !== undefined)) {
    throw new ClusterOptionError('dataDir', 'give a directory, or say ephemeral, but not both');
  }
  const portBase = options.portBase ?? 8090;
  checkPorts('portBase', portBase, nodes);
  if (options.correlatedPortBase !== undefined) {
    checkPorts('correlatedPortBase', options.correlatedPortBase, nodes);
  }
  const root = options.root ?? { username: 'iggy', password: 'iggy' };
  checkLength('root.username', root.username, 50);
  checkLength('root.password', root.password, 100);
  const name = options.name ?? 'dev';
  if (name === '' || name.length > 255) {
    throw new ClusterOptionError('name', 'a name has 1 to 255 characters');
  }
  return {
    name,
    nodes,
    directory: options.dataDir,
    isFresh: options.fresh === true,
    host: options.host ?? '127.0.0.1',
    portBase,
    correlatedPortBase: options.correlatedPortBase,
    tls: options.tls,
    cipher: cipherOf(options.encryptionKey),
    root,
    tickMillis: options.tickMillis ?? 10,
    waitMillis: options.waitMillis ?? 30_000,
    maxConnections: options.maxConnections ?? 16_384,
    record: options.record,
    hashing: options.hashing,
  };
}

/** Ports a node asks for; 0 stays 0. */
export function portsOf(
  node: number,
  options: CheckedOptions,
  settings: ClusterSettings,
): NodePorts {
  const at = (base: number | undefined) =>
    base === undefined ? undefined : base === 0 ? 0 : base + node;
  return {
    tcp: options.portBase === 0 ? 0 : options.portBase + node,
    correlated: at(options.correlatedPortBase),
    websocket: at(settings.port('websocket.port')),
  };
}

function cipherOf(key: Uint8Array | undefined): AesGcmCipher | undefined {
  if (key === undefined) return undefined;
  if (key.length === cipherKeyBytes) return new AesGcmCipher(key);
  throw new ClusterOptionError('encryptionKey', `a key has ${cipherKeyBytes} bytes`);
}

function checkPorts(option: string, base: number, nodes: number): void {
  if (Number.isInteger(base) && base >= 0 && base + nodes - 1 <= portMax) return;
  throw new ClusterOptionError(option, `ports are 0 to ${portMax}, for all ${nodes} nodes`);
}

function checkLength(option: string, text: string, max: number): void {
  const { length } = encodeUtf8(text);
  if (length >= 3 && length <= max) return;
  throw new ClusterOptionError(option, `must have 3 to ${max} bytes`);
}
