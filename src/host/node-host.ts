import {
  type HaltReason,
  metadataGroup,
  type ReplicaEffect,
  type ReplicaEvent,
  type ReplicaStatus,
} from '../consensus/index.js';
import { MetadataMachine } from '../machine/index.js';
import {
  type ConnectionSummary,
  ServerCore,
  type ServerEffect,
  type ServerEvent,
} from '../server/index.js';
import { ClientDesk } from './client-desk.js';
import { type EndedUsers, watchEndedUsers } from './ended-users.js';
import { routeFrame } from './frame-route.js';
import { GroupHost } from './group-host.js';
import type { HostInput } from './host-input.js';
import type { HostHalt, HostPorts } from './host-ports.js';
import type { NodeHostConfig } from './node-host-config.js';
import { joiningMark, metadataDirectory } from './places.js';
import type { OpenedStorage } from './storage/open-storage.js';

/** Work that one input caused and that waits for the end of the current list of effects. */
type Work =
  | { readonly kind: 'metadata'; readonly event: ReplicaEvent }
  | { readonly kind: 'server'; readonly event: ServerEvent }
  | { readonly kind: 'feed'; readonly connection: number };

/**
 * One node: its replicas, its server and the files of both, driven by a queue of inputs. Synchronous
 * and without a clock of its own; what takes time comes back as an input. Effects are performed in
 * the order they were asked for, and what one drained turn appends to a journal is one batch with one
 * sync.
 */
export class NodeHost {
  readonly config: NodeHostConfig;
  readonly machine: MetadataMachine;
  readonly #ports: HostPorts;
  readonly #metadata: GroupHost;
  readonly #server: ServerCore;
  readonly #ended: EndedUsers;
  readonly #desk: ClientDesk;
  readonly #work: Work[] = [];
  #inputs: HostInput[] = [];
  #now: number;
  #halt: HostHalt | undefined;
  #isStopped = false;

  /** @internal Use {@link startNode}. */
  constructor(
    config: NodeHostConfig,
    ports: HostPorts,
    boot: { readonly storage: OpenedStorage; readonly incarnation: bigint },
  ) {
    this.config = config;
    this.#ports = ports;
    this.#now = ports.clock.nowMicros();
    this.#desk = new ClientDesk(ports.clients, (connection, frame) =>
      this.#stepServer({ kind: 'frame', connection, frame, now: this.#now }),
    );
    this.machine = new MetadataMachine({ root: config.root });
    this.#ended = watchEndedUsers(this.machine);
    this.#metadata = new GroupHost({
      config: {
        cluster: config.cluster,
        group: metadataGroup,
        groupIncarnation: 0,
        replica: config.node,
        replicaCount: config.nodeCount,
        limits: config.limits,
        requestPolicy: config.requestPolicy,
        durability: 'durable',
        tracing: config.tracing,
      },
      machine: this.#ended.machine,
      incarnation: boot.incarnation,
      joining: ports.disk.size(joiningMark) !== undefined,
      storage: boot.storage,
      disk: ports.disk,
      directory: metadataDirectory,
      reports: this.#reportsOf(metadataGroup),
    });
    const { node, nodeCount, cluster } = config;
    this.#server = new ServerCore(
      { ...config.server, node, nodeCount, cluster, bootIncarnation: boot.incarnation },
      {
        metadata: this.machine,
        consensus: this.#metadata.replica,
        partitions: { find: () => undefined },
        entropy: ports.entropy,
        links: ports.links,
        system: () => ports.system(),
      },
    );
  }

  /** Why the node stopped itself, if it did. */
  get halt(): HostHalt | undefined {
    return this.#halt;
  }

  /** A live view of the metadata replica. */
  get status(): ReplicaStatus {
    return this.#metadata.replica.status;
  }

  get replica(): GroupHost['replica'] {
    return this.#metadata.replica;
  }

  /** The connections of clients, in order of arrival. */
  connections(): readonly ConnectionSummary[] {
    return this.#server.connections();
  }

  get journalBytes(): number {
    return this.#metadata.journalBytes;
  }

  /** Queues an input; the node asks to be drained with the first one. */
  push(input: HostInput): void {
    if (this.#isStopped) return;
    if (this.#inputs.push(input) === 1) this.#ports.wake();
  }

  /** Handles everything that is queued, then writes what it appended. */
  drain(): void {
    const inputs = this.#inputs;
    if (inputs.length === 0) return;
    this.#inputs = [];
    this.#now = this.#ports.clock.nowMicros();
    try {
      for (const input of inputs) {
        this.#handle(input);
        this.#settle();
        if (this.#isStopped) return;
      }
      this.#metadata.flush();
    } catch (error) {
      // A broken invariant: what this node believes can no longer be trusted.
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#stopItself('divergence', detail);
    }
  }

  /** Drops the node: nothing more is sent, written or answered. */
  stop(): void {
    this.#isStopped = true;
    this.#inputs = [];
    this.#work.length = 0;
  }

  setTracing(tracing: boolean): void {
    this.#metadata.replica.setTracing(tracing);
  }

  #handle(input: HostInput): void {
    switch (input.kind) {
      case 'data':
        this.#desk.receive(input.connection, input.chunk);
        break;
      case 'replica-frame':
        this.#route(input.from, input.frame);
        break;
      case 'journal-done':
        for (const write of input.writes) {
          this.#stepMetadata({ kind: 'journal-done', write, result: input.result });
        }
        break;
      case 'tick':
        this.#stepMetadata({ kind: 'tick', now: this.#now });
        this.#stepServer({ kind: 'tick', now: this.#now });
        break;
      case 'opened':
        this.#desk.open(input.info.connection, input.info.framing);
        this.#stepServer({ kind: 'opened', ...input.info });
        break;
      case 'closed':
        if (this.#desk.close(input.connection)) {
          this.#stepServer({ kind: 'closed', connection: input.connection, now: this.#now });
        }
        break;
      case 'drained':
        if (this.#desk.drained(input.connection)) this.#desk.feed(input.connection);
        break;
      case 'superblock-done':
      case 'snapshot-done':
        this.#stepMetadata({ kind: input.kind, write: input.write, ok: input.ok });
        break;
      case 'password-verified':
      case 'password-hashed':
      case 'snapshot-collected':
        this.#stepServer({ ...input, now: this.#now });
        break;
      case 'step-down':
        this.#stepMetadata({ kind: 'step-down', now: this.#now });
        break;
    }
  }

  /** Does the work that effects left behind, in order, until none is left. */
  #settle(): void {
    for (let next = this.#work.shift(); next !== undefined; next = this.#work.shift()) {
      if (next.kind === 'metadata') this.#stepMetadata(next.event);
      else if (next.kind === 'server') this.#stepServer(next.event);
      else this.#desk.feed(next.connection);
    }
  }

  #route(from: number, frame: Uint8Array): void {
    const route = routeFrame(frame);
    switch (route.to) {
      case 'metadata':
        this.#stepMetadata({ kind: 'frame', frame, from, now: this.#now });
        break;
      case 'server':
        this.#stepServer({ kind: 'replica-frame', frame, now: this.#now });
        break;
      case 'partition':
      case 'nowhere':
        break;
    }
  }

  #stepMetadata(event: ReplicaEvent): void {
    for (const effect of this.#metadata.step(event)) {
      if (this.#isStopped) return;
      this.#perform(effect);
    }
    const users = this.#ended.take();
    if (users.length > 0) this.#stepServer({ kind: 'users-ended', users, now: this.#now });
  }

  #perform(effect: ReplicaEffect): void {
    switch (effect.kind) {
      case 'send':
        this.#ports.links.send(effect.to, effect.frame);
        break;
      case 'journal-append':
      case 'journal-rewrite':
      case 'superblock-write':
      case 'snapshot-write':
        this.#metadata.write(effect);
        break;
      case 'outcome':
        this.#stepServer({
          kind: 'outcome',
          token: effect.token,
          outcome: effect.outcome,
          now: this.#now,
        });
        break;
      case 'read-outcome':
        this.#stepServer({ ...effect, now: this.#now });
        break;
      case 'trace':
        this.#ports.trace(effect.event, metadataGroup);
        break;
      case 'rejoined':
        this.#ports.disk.remove(joiningMark, () => undefined);
        break;
      case 'halt':
        this.#stopItself(effect.reason, effect.detail);
        break;
      case 'frontier-durable':
        break;
    }
  }

  #stepServer(event: ServerEvent): void {
    for (const effect of this.#server.step(event)) {
      if (this.#isStopped) return;
      this.#serve(effect);
    }
  }

  #serve(effect: ServerEffect): void {
    const { clients, links, hashing } = this.#ports;
    switch (effect.kind) {
      case 'send':
        clients.send(effect.connection, effect.frame);
        break;
      case 'propose':
        this.#later({ kind: 'propose', proposal: effect.proposal, now: this.#now });
        break;
      case 'close':
        clients.close(effect.connection);
        break;
      case 'pause':
        // Not fed at once: the server is in the middle of its effects.
        if (this.#desk.pause(effect.connection, effect.paused)) {
          this.#work.push({ kind: 'feed', connection: effect.connection });
        }
        break;
      case 'confirm-read':
        this.#later({ kind: 'read', token: effect.token, now: this.#now });
        break;
      case 'forward':
        links.send(effect.replica, effect.frame);
        break;
      case 'verify-password':
        hashing.verify(effect.password, effect.phc, (matches) =>
          this.push({ kind: 'password-verified', job: effect.job, matches }),
        );
        break;
      case 'hash-password':
        hashing.hash(effect.password, (phc) =>
          this.push({ kind: 'password-hashed', job: effect.job, phc }),
        );
        break;
      case 'collect-snapshot':
        this.#ports.collectSnapshot(effect.request, (archive) =>
          this.push({ kind: 'snapshot-collected', job: effect.job, archive }),
        );
        break;
      case 'log':
        this.#ports.log.write(effect);
        break;
      case 'propose-partition':
        break;
    }
  }

  #later(event: ReplicaEvent): void {
    this.#work.push({ kind: 'metadata', event });
  }

  #reportsOf(group: bigint) {
    return {
      journal: (writes: readonly number[], result: 'ok' | 'append-failed' | 'sync-failed') =>
        this.push({ kind: 'journal-done', group, writes, result }),
      superblock: (write: number, ok: boolean) =>
        this.push({ kind: 'superblock-done', group, write, ok }),
      snapshot: (write: number, ok: boolean) =>
        this.push({ kind: 'snapshot-done', group, write, ok }),
    };
  }

  #stopItself(reason: HaltReason, detail: string): void {
    if (this.#halt !== undefined) return;
    this.#halt = { reason, detail };
    this.stop();
    this.#ports.log.write({ level: 'error', event: 'NodeStopped', fields: { reason, detail } });
    this.#ports.halted(this.#halt);
  }
}
