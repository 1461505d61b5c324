import { createPrng, encodeUtf8, getU64, getU128 } from '../base/index.js';
import { isMetadataGroup, type ReplicaTrace } from '../consensus/index.js';
import type { HostHalt, NodeHostConfig } from '../host/index.js';
import {
  Argon2Hashing,
  FaultyDisk,
  FlushQueue,
  MemoryDisk,
  NodeDisk,
  SystemClock,
  SystemEntropy,
  SystemFigureSource,
} from '../platform/index.js';
import type { LogEntry, PasswordHashing } from '../ports/index.js';
import type { SnapshotRequest } from '../server/index.js';
import { blake3 } from '../wire/index.js';
import { type CheckedOptions, portsOf } from './check-options.js';
import { type ClusterData, openClusterData } from './cluster-data.js';
import { ClusterNode } from './cluster-node.js';
import { ClusterRecording } from './cluster-recording.js';
import { Driver } from './driver.js';
import { dummyPasswordHash } from './dummy-hash.js';
import type { ClusterFileError } from './errors.js';
import { EventLog } from './events.js';
import { nodeConfigOf } from './node-config.js';
import type { NodePorts } from './node-listeners.js';
import { ReplicaBus } from './replica-bus.js';
import { rosterOf } from './roster.js';
import type { ClusterSettings } from './settings.js';
import { collectSnapshot } from './snapshot-archive.js';

const maxFrameBytes = 64 * 1024 * 1024;

/** What a node reports to the cluster it belongs to. */
export interface NodeHooks {
  /** A client or an operator did something. */
  active(): void;
  halted(halt: HostHalt): void;
}

/** What the nodes of a cluster share, and how they are made from it. */
export class ClusterMachinery {
  readonly options: CheckedOptions;
  readonly settings: ClusterSettings;
  readonly data: ClusterData;
  readonly bus: ReplicaBus;
  /** First 16 bytes of BLAKE3 of the name, as they stand in headers. */
  readonly clusterId: Uint8Array;
  readonly #clock = new SystemClock();
  readonly events = new EventLog(() => this.#clock.nowMicros());
  readonly #hashing: PasswordHashing;
  readonly #ownHashing = new Argon2Hashing();
  readonly #entropy = new SystemEntropy();
  readonly #flushQueue = new FlushQueue();
  readonly #driver = new Driver(this.#flushQueue);
  readonly #figures: SystemFigureSource;
  readonly #dummyHash = dummyPasswordHash(this.#entropy);
  readonly #recording: ClusterRecording | undefined;

  /** @throws CLUSTER_RUNNING, CLUSTER_LAYOUT_MISMATCH, CLUSTER_FILE_FAILED */
  constructor(options: CheckedOptions, settings: ClusterSettings, seed: bigint | undefined) {
    this.options = options;
    this.settings = settings;
    this.#hashing = options.hashing ?? this.#ownHashing;
    this.data = openClusterData(options, this.#hashing);
    this.#recording = this.#openRecording();
    const drawn = seed ?? getU64(this.#entropy.bytes(8), 0);
    this.bus = new ReplicaBus(options.nodes, createPrng(drawn));
    this.#figures = new SystemFigureSource(options.directory ?? '.');
    this.clusterId = blake3(encodeUtf8(options.name)).slice(0, 16);
  }

  /** Microseconds since 1970. */
  nowMicros(): number {
    return this.#clock.nowMicros();
  }

  createNode(id: number, hooks: NodeHooks): ClusterNode {
    const { host, nodes, maxConnections, tls, cipher } = this.options;
    const directory = this.data.directoryOf(id);
    const defer = (callback: () => void) => this.#driver.defer(callback);
    const disk = new FaultyDisk(
      directory === undefined ? new MemoryDisk(defer) : new NodeDisk(directory),
    );
    return new ClusterNode(id, {
      nodeCount: nodes,
      driver: this.#driver,
      bus: this.bus,
      disk,
      ports: {
        clock: this.#clock,
        entropy: this.#entropy,
        hashing: this.#hashing,
        ...(cipher !== undefined && { cipher }),
        ...(this.#recording !== undefined && { recorder: this.#recording }),
        system: () => this.#figures.collect(),
        log: { write: (entry) => this.#log(id, entry) },
        trace: (event, group) => this.#trace(id, event, group),
        collectSnapshot: (request, done) => this.#collect(id, disk, request, done),
      },
      listen: {
        host,
        ports: portsOf(id, this.options, this.settings),
        maxConnections,
        maxFrameBytes,
        flushQueue: this.#flushQueue,
        tls,
      },
      ...hooks,
    });
  }

  /** Settings of a node; the ports of all nodes must be known. */
  async configOf(
    id: number,
    ports: readonly NodePorts[],
    mode: { readonly isTogether: boolean; readonly isTracing: boolean },
  ): Promise<NodeHostConfig> {
    const { settings } = this;
    const { name, host, portBase } = this.options;
    return nodeConfigOf(id, {
      manifest: await this.data.manifest(),
      id: getU128(this.clusterId, 0),
      settings,
      roster: rosterOf({ name, host, portBase, ports, settings }),
      dummyPasswordHash: this.#dummyHash,
      ...mode,
    });
  }

  /** Lets go of the data directory and of the hashing threads. */
  async close(): Promise<void> {
    await this.#ownHashing.close();
    await this.#recording?.close();
    this.data.release();
  }

  /** Behind the lock of the data: a recording of a cluster that runs is not to be overwritten. */
  #openRecording(): ClusterRecording | undefined {
    const { record } = this.options;
    if (record === undefined) return undefined;
    try {
      return new ClusterRecording(record, (error) => this.#unrecorded(error));
    } catch (error) {
      this.data.release();
      throw error;
    }
  }

  #unrecorded({ message }: ClusterFileError): void {
    const detail = { reason: message };
    this.events.add({ plane: 'cluster', level: 'error', event: 'RecordingFailed', detail });
  }

  #collect(
    id: number,
    disk: FaultyDisk,
    request: SnapshotRequest,
    done: (archive: Uint8Array | undefined) => void,
  ): void {
    const from = {
      disk,
      events: this.events.since(0).filter(({ node = id }) => node === id),
      settings: this.settings.list(),
    };
    collectSnapshot(request, from).then(done, () => done(undefined));
  }

  #log(node: number, { level, event, fields }: LogEntry): void {
    this.events.add({ node, plane: 'metadata', level, event, detail: fields });
  }

  #trace(node: number, event: ReplicaTrace, group: bigint): void {
    const { view, op, ...detail } = event.fields;
    this.events.add({
      node,
      plane: isMetadataGroup(group) ? 'metadata' : 'partitions',
      level: 'debug',
      event: event.name,
      ...(typeof view === 'number' && { view }),
      ...(op !== undefined && { op: Number(op) }),
      detail,
    });
  }
}
