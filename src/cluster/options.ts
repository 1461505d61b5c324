import type { PasswordHashing } from '../ports/index.js';
import type { RecordOptions } from './cluster-recording.js';
import type { SettingSource } from './settings.js';
import type { TrafficTap } from './traffic.js';

/** How a local cluster is started. */
export interface LocalClusterOptions {
  /** Name of the cluster; `dev` if absent. */
  readonly name?: string;
  /** 1 to 7; 3 if absent. */
  readonly nodes?: number;
  /** Where the files are. Required unless `ephemeral`. */
  readonly dataDir?: string;
  /** Keep all files in memory. */
  readonly ephemeral?: boolean;
  /** Remove the data of an earlier life first. */
  readonly fresh?: boolean;
  /** Host the client ports are bound to; `127.0.0.1` if absent. */
  readonly host?: string;
  /** Client port of node 0, the others follow; 0 = free ports; 8090 if absent. */
  readonly portBase?: number;
  /** The same for the correlated listener; off if absent. */
  readonly correlatedPortBase?: number;
  /** PEM texts; the client ports speak TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /**
   * 32 bytes; payloads and headers of messages are encrypted with them wherever they are kept. The
   * same for every life of the cluster: what another key encrypted cannot be polled.
   */
  readonly encryptionKey?: Uint8Array;
  readonly settings?: readonly SettingSource[];
  /** Root user of a cluster that never lived; `iggy` / `iggy` if absent. */
  readonly root?: { readonly username: string; readonly password: string };
  /** Length of a tick; 10 ms if absent. */
  readonly tickMillis?: number;
  /** Seed of the link faults; drawn if absent. */
  readonly seed?: bigint;
  /** How long the start may take until there is a primary; 30 s if absent. */
  readonly waitMillis?: number;
  /** Connections per port; 16,384 if absent. */
  readonly maxConnections?: number;
  /** Records the inputs of consensus, so that they can be replayed; absent = nothing is recorded. */
  readonly record?: RecordOptions;
  /** Hashes passwords; absent = with Argon2id in threads that end with the cluster. */
  readonly hashing?: PasswordHashing;
  /**
   * Sees all bytes between nodes and with clients. What crosses a TLS port is seen as it is without
   * TLS.
   */
  readonly traffic?: TrafficTap;
}
