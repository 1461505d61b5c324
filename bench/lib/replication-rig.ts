// Three nodes in one thread without sockets, threads or timers: what is left is the cost of
// replication itself, which a busy machine disturbs less than a measurement over TCP.
import { consensusLimits } from '../../src/consensus/index.js';
import {
  BootRefusedError,
  type NodeHost,
  type NodeHostConfig,
  startNode,
} from '../../src/host/index.js';
import { MemoryDisk, SystemClock, SystemEntropy } from '../../src/platform/index.js';
import { serverDefaults } from '../../src/server/index.js';

const clock = new SystemClock();
const entropy = new SystemEntropy();

export class ReplicationRig {
  readonly hosts: NodeHost[] = [];
  #pending: number[] = [];
  #deferred: (() => void)[] = [];
  /** Called with every frame for a client of node 0. */
  onReply: (connection: number, frame: Uint8Array) => void = () => undefined;

  constructor(nodes: number) {
    for (let node = 0; node < nodes; node++) this.#start(node, nodes);
    this.run();
    if (this.hosts.length !== nodes) throw new Error('a node did not start');
  }

  /** Runs until nothing is left to do. */
  run(): void {
    while (this.#pending.length > 0 || this.#deferred.length > 0) {
      for (const callback of this.#deferred.splice(0)) callback();
      for (const node of this.#pending.splice(0)) this.hosts[node]?.drain();
    }
  }

  #start(node: number, nodeCount: number): void {
    const config: NodeHostConfig = {
      node,
      nodeCount,
      cluster: 1n,
      limits: consensusLimits({ checkpointMargin: 256 }),
      requestPolicy: 'watermark',
      root: { username: 'iggy', passwordHash: '$argon2id$' },
      server: {
        ...serverDefaults,
        serverVersion: 'iggyctl/bench',
        dummyPasswordHash: '',
        roster: { clusterName: 'bench', nodes: [] },
      },
      tracing: false,
    };
    const defer = (callback: () => void) => void this.#deferred.push(callback);
    startNode(
      config,
      {
        clock,
        entropy,
        disk: new MemoryDisk(defer),
        links: {
          send: (to, frame) => this.hosts[to]?.push({ kind: 'replica-frame', from: node, frame }),
          isUp: () => true,
        },
        clients: {
          send: (connection, frame) => this.onReply(connection, frame),
          close: () => undefined,
          pause: () => undefined,
          queuedBytes: () => 0,
        },
        hashing: {
          hash: (_password, done) => defer(() => done('$argon2id$')),
          verify: (_password, _phc, done) => defer(() => done(true)),
        },
        log: { write: () => undefined },
        wake: () => void this.#pending.push(node),
        system: () => {
          throw new Error('not measured');
        },
        collectSnapshot: (_request, done) => done(undefined),
        halted: ({ detail }) => {
          throw new Error(detail);
        },
        trace: () => undefined,
      },
      (started) => {
        if (started instanceof BootRefusedError) throw started;
        this.hosts[node] = started;
      },
    );
  }
}
