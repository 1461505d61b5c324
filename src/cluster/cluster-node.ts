import { emptyBytes } from '../base/index.js';
import {
  BootRefusedError,
  type HostHalt,
  type HostInput,
  type HostPorts,
  joiningMark,
  type NodeHost,
  type NodeHostConfig,
  startNode,
} from '../host/index.js';
import type { FaultyDisk } from '../platform/index.js';
import { type DiskDone, DiskError } from '../ports/index.js';
import { openAgain } from './chosen-ports.js';
import { ClientConnections } from './client-connections.js';
import type { Drainable, Driver } from './driver.js';
import { type ListenPlan, NodeListeners, type NodePorts } from './node-listeners.js';
import type { ReplicaBus } from './replica-bus.js';

/**
 * What a node is doing. `stopped`: it stopped itself and says why; `refused`: it refuses to start
 * from its files; `killed`: an operator stopped it.
 */
export type NodeState = 'starting' | 'running' | 'paused' | 'killed' | 'stopped' | 'refused';

/** What a node shares with the others of its process. */
export interface NodeSurroundings {
  readonly nodeCount: number;
  readonly driver: Driver;
  readonly bus: ReplicaBus;
  readonly disk: FaultyDisk;
  /** What the host needs and the node does not provide itself. */
  readonly ports: Pick<
    HostPorts,
    'clock' | 'entropy' | 'hashing' | 'cipher' | 'log' | 'system' | 'collectSnapshot' | 'trace'
  >;
  readonly listen: Omit<ListenPlan, 'accept'>;
  /** A client or an operator did something. */
  active(): void;
  /** The node stopped itself. */
  halted(halt: HostHalt): void;
}

/** Frames per peer that a frozen node keeps, as a full receive buffer would. */
const frozenFramesPerPeer = 256;

/** Writes of a stop that follow one from the other: data, then its index, then the superblock. */
const stopRounds = 4;

/** One node of a local cluster: its disk, its listeners, and a host while it is up. */
export class ClusterNode implements Drainable {
  readonly id: number;
  readonly disk: FaultyDisk;
  readonly connections: ClientConnections;
  readonly #around: NodeSurroundings;
  #state: NodeState = 'killed';
  #host: NodeHost | undefined;
  #listeners: NodeListeners | undefined;
  /** Ports of the first start; a restarted node has the same. */
  #ports: NodePorts;
  #error: string | undefined;
  #errorDetail: string | undefined;
  #refusal: BootRefusedError | undefined;
  #startedAt = 0;
  #heldFrames = 0;
  /** Times the node was stopped or killed. */
  #ends = 0;

  constructor(id: number, around: NodeSurroundings) {
    this.id = id;
    this.disk = around.disk;
    this.#around = around;
    this.#ports = around.listen.ports;
    this.connections = new ClientConnections((input) => this.push(input));
  }

  get state(): NodeState {
    return this.#state;
  }

  /** The running host; absent while the node is down. */
  get host(): NodeHost | undefined {
    return this.#host;
  }

  get ports(): NodePorts {
    return this.#ports;
  }

  /** Why the node stopped or refuses to start. */
  get error(): string | undefined {
    return this.#error;
  }

  /** What is behind {@link error}, for people. */
  get errorDetail(): string | undefined {
    return this.#errorDetail;
  }

  /** Why the node refuses to start from its files. */
  get refusal(): BootRefusedError | undefined {
    return this.#refusal;
  }

  get uptimeMillis(): number {
    return this.#host === undefined ? 0 : performance.now() - this.#startedAt;
  }

  /** Binds the listeners; connections are taken once the node runs. @throws LISTEN_FAILED */
  async bind(): Promise<NodePorts> {
    const { listen } = this.#around;
    const ends = this.#ends;
    const plan: ListenPlan = {
      ...listen,
      ports: this.#ports,
      accept: (socket, framing) => {
        if (this.#host === undefined) socket.destroy();
        return this.connections.accept(socket, framing);
      },
    };
    const open = () => NodeListeners.open(plan);
    this.#listeners = await openAgain(listen.ports, open, () => this.#ends !== ends);
    this.#ports = this.#listeners.ports;
    return this.#ports;
  }

  /** Recovers from the files and runs. Resolves also when the node refuses; see {@link state}. */
  async start(config: NodeHostConfig): Promise<void> {
    this.#state = 'starting';
    this.#error = undefined;
    this.#errorDetail = undefined;
    this.#refusal = undefined;
    const started = await new Promise<NodeHost | BootRefusedError>((resolve) => {
      startNode(config, this.#hostPorts(), resolve);
    });
    if (started instanceof BootRefusedError) return this.refuse(started);
    this.#host = started;
    this.#state = 'running';
    this.#startedAt = performance.now();
    this.#around.bus.attach(this.id, (from, frame) => this.#receive(from, frame));
    // What opening its partitions queued asked for a turn before there was a host to take it.
    this.#around.driver.wake(this);
  }

  /** Does not start, for this reason. */
  async refuse(why: BootRefusedError): Promise<void> {
    this.#error = `${why.damage}: ${why.message}`;
    this.#errorDetail = undefined;
    this.#refusal = why;
    this.#state = 'refused';
    await this.#closeListeners();
  }

  tick(): void {
    if (this.#state === 'running') this.#host?.push({ kind: 'tick' });
  }

  push(input: HostInput): void {
    this.#around.active();
    this.#host?.push(input);
  }

  drain(): void {
    if (this.#state !== 'paused') this.#host?.drain();
  }

  pause(): void {
    if (this.#state !== 'running') return;
    this.#state = 'paused';
    this.#heldFrames = 0;
    this.connections.freeze(true);
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    this.connections.freeze(false);
    this.#around.driver.wake(this);
  }

  /** Power cut: what was not synced is gone. */
  async crash(): Promise<void> {
    this.#drop('killed');
    this.disk.crash();
    await this.#closeListeners();
    await this.disk.settled();
  }

  /** Stops in order: what was applied is written, what is under way on disk is completed. */
  async stop(): Promise<void> {
    this.#host?.drain();
    this.#host?.prepareStop();
    for (let round = 0; round < stopRounds; round++) {
      await this.disk.settled();
      this.#host?.drain();
    }
    this.#drop('killed');
    await this.disk.settled();
    await this.#closeListeners();
    this.disk.close();
  }

  /** Removes everything the node stored, and marks that it was done on purpose. Only while down. */
  async wipe(): Promise<void> {
    for (const name of this.disk.list('')) {
      await completed((done) => this.disk.remove(name, done));
    }
    await this.join();
  }

  /** Marks that the node has forgotten what it said and has to catch up before it votes. */
  async join(): Promise<void> {
    await completed((done) => this.disk.replace(joiningMark, emptyBytes, done));
  }

  get isJoining(): boolean {
    return this.disk.size(joiningMark) !== undefined;
  }

  #drop(state: NodeState): void {
    this.#ends += 1;
    this.#around.bus.attach(this.id, undefined);
    this.#host?.stop();
    this.#host = undefined;
    this.#state = state;
    this.connections.dropAll();
  }

  async #closeListeners(): Promise<void> {
    const listeners = this.#listeners;
    this.#listeners = undefined;
    await listeners?.close();
  }

  #receive(from: number, frame: Uint8Array): void {
    if (this.#state === 'paused') {
      this.#heldFrames += 1;
      if (this.#heldFrames > frozenFramesPerPeer * (this.#around.nodeCount - 1)) return;
    }
    this.#host?.push({ kind: 'replica-frame', from, frame });
  }

  #hostPorts(): HostPorts {
    const { bus, driver, ports } = this.#around;
    return {
      ...ports,
      disk: this.disk,
      clients: this.connections,
      links: {
        send: (to, frame) => bus.send(this.id, to, frame),
        isUp: (to) => bus.isUp(this.id, to),
      },
      wake: () => driver.wake(this),
      halted: (halt) => {
        this.#error = halt.reason;
        this.#errorDetail = halt.detail;
        this.#drop('stopped');
        this.disk.crash();
        void this.#closeListeners();
        this.#around.halted(halt);
      },
    };
  }
}

/** Waits for a disk operation. @throws DISK_FAILED */
function completed(start: (done: DiskDone) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((failure) => (failure === undefined ? resolve() : reject(new DiskError(failure))));
  });
}
