import {
  type HaltReason,
  metadataGroup,
  type ReplicaEffect,
  type ReplicaEvent,
  type ReplicaStatus,
} from '../consensus/index.js';
import { CacheBudget, MetadataMachine } from '../machine/index.js';
import type { ConnectionSummary } from '../server/index.js';
import { type EndedUsers, watchEndedUsers } from './ended-users.js';
import { routeFrame } from './frame-route.js';
import { GroupHost } from './group-host.js';
import { type GroupKey, type HostInput, metadataKey } from './host-input.js';
import type { HostHalt, HostPorts } from './host-ports.js';
import type { NodeHostConfig } from './node-host-config.js';
import { MadePartitions } from './partitions/made-partitions.js';
import { PartitionSet } from './partitions/partition-set.js';
import { joiningMark, metadataDirectory } from './places.js';
import { recordMetadata } from './recording/group-recorder.js';
import { replicaConfigOf } from './replica-config.js';
import { ServerHost } from './server-host.js';
import type { OpenedStorage } from './storage/open-storage.js';

/** Work that one input caused and that waits for the end of the current list of effects. */
type Work =
  | {
      readonly kind: 'step';
      readonly group: GroupKey;
      /** Absent = whichever partition has the group now. */
      readonly revision?: number;
      readonly event: ReplicaEvent;
    }
  | { readonly kind: 'feed'; readonly connection: number };

/** Result code of a request that no partition took. */
const notAccepted = 58;

/**
 * One node: its replicas, its server and the files of both, driven by a queue of inputs. Synchronous
 * and without a clock of its own; what takes time comes back as an input. Effects are performed in
 * the order they were asked for, and what one drained turn appends to a journal is one batch with one
 * sync.
 */
export class NodeHost {
  readonly config: NodeHostConfig;
  readonly machine: MetadataMachine;
  readonly partitions: PartitionSet;
  readonly #ports: HostPorts;
  readonly #metadata: GroupHost;
  readonly #server: ServerHost;
  readonly #ended: EndedUsers;
  readonly #work: Work[] = [];
  #inputs: HostInput[] = [];
  #now: number;
  #halt: HostHalt | undefined;
  #isStopped = false;
  /** The node was wiped and has not rejoined. */
  #isJoining: boolean;
  #hasMetadataRejoined = false;

  /** @internal Use {@link startNode}. */
  constructor(
    config: NodeHostConfig,
    ports: HostPorts,
    boot: { readonly storage: OpenedStorage; readonly incarnation: bigint },
  ) {
    const { incarnation } = boot;
    this.config = config;
    this.#ports = ports;
    this.#now = ports.clock.nowMicros();
    this.#isJoining = ports.disk.size(joiningMark) !== undefined;
    this.machine = new MetadataMachine({ root: config.root });
    this.#ended = watchEndedUsers(this.machine);
    const push = (input: HostInput) => this.push(input);
    const now = () => this.#now;
    this.#metadata = new GroupHost({
      config: replicaConfigOf(config),
      machine: this.#ended.machine,
      incarnation,
      joining: this.#isJoining,
      storage: boot.storage,
      disk: ports.disk,
      directory: metadataDirectory,
      recording: recordMetadata(ports.recorder, config, this.machine),
      reports: {
        journal: (writes, result) =>
          push({ kind: 'journal-done', group: metadataKey, revision: 0, writes, result }),
        superblock: (write, ok) =>
          push({ kind: 'superblock-done', group: metadataKey, revision: 0, write, ok }),
        snapshot: (write, ok) =>
          push({ kind: 'snapshot-done', group: metadataKey, revision: 0, write, ok }),
      },
    });
    this.partitions = new PartitionSet({
      config,
      ports,
      metadata: this.machine,
      cache: new CacheBudget(),
      made: new MadePartitions(ports.disk),
      incarnation,
      isJoining: () => this.#isJoining,
      now,
      push,
      later: (group, revision, event) => this.#work.push({ kind: 'step', group, revision, event }),
      serve: (event) => this.#server.step(event),
      rejoined: () => this.#endJoining(),
      halt: (reason, detail) => this.#stopItself(reason, detail),
    });
    const { node, nodeCount, cluster } = config;
    this.#server = new ServerHost(
      { ...config.server, node, nodeCount, cluster, bootIncarnation: incarnation },
      {
        metadata: this.machine,
        consensus: this.#metadata.replica,
        partitions: this.partitions,
      },
      ports,
      {
        propose: (proposal, group = metadataKey) =>
          this.#later(group, { kind: 'propose', proposal, now: this.#now }),
        confirmRead: (token, group = metadataKey) =>
          this.#later(group, { kind: 'read', token, now: this.#now }),
        feed: (connection) => this.#work.push({ kind: 'feed', connection }),
        push,
        now,
        isStopped: () => this.#isStopped,
      },
    );
    // What recovery changed is part of what it found.
    this.machine.takeChanges();
    this.partitions.boot();
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

  get journalBytes(): number {
    return this.#metadata.journalBytes;
  }

  /** The connections of clients, in order of arrival. */
  connections(): readonly ConnectionSummary[] {
    return this.#server.connections();
  }

  /** Work of the server that somebody waits for, by kind. */
  outstanding(): Readonly<Record<string, number>> {
    return this.#server.outstanding();
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
    this.#guard(() => {
      for (const input of inputs) {
        this.#handle(input);
        this.#settle();
        if (this.#isStopped) return;
      }
      this.#flush();
    });
  }

  /** Begins to write everything that was applied; the disk is at rest some time later. */
  prepareStop(): void {
    this.#guard(() => {
      this.partitions.prepareStop();
      this.#settle();
      this.#flush();
    });
  }

  /** Drops the node: nothing more is sent, written or answered. */
  stop(): void {
    this.#isStopped = true;
    if (this.#ports.recorder !== undefined) {
      this.#metadata.recorder?.end();
      this.partitions.endRecording();
    }
    this.#inputs = [];
    this.#work.length = 0;
  }

  setTracing(tracing: boolean): void {
    this.#metadata.replica.setTracing(tracing);
    this.partitions.setTracing(tracing);
  }

  /** A broken invariant stops the node: what it believes can no longer be trusted. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#stopItself('divergence', detail);
    }
  }

  #flush(): void {
    if (this.#isStopped) return;
    this.#metadata.flush();
    this.partitions.flush();
  }

  #handle(input: HostInput): void {
    const now = this.#now;
    switch (input.kind) {
      case 'data':
        this.#server.receive(input.connection, input.chunk);
        break;
      case 'replica-frame':
        this.#route(input.from, input.frame);
        break;
      case 'journal-done':
        for (const write of input.writes) {
          const event = { kind: 'journal-done', write, result: input.result } as const;
          this.#step(input.group, event, input.revision);
        }
        break;
      case 'tick':
        this.#stepMetadata({ kind: 'tick', now });
        this.partitions.tick();
        this.#server.step({ kind: 'tick', now });
        break;
      case 'opened':
        this.#server.open(input.info);
        break;
      case 'closed':
        this.#server.close(input.connection);
        break;
      case 'drained':
        this.#server.drained(input.connection);
        break;
      case 'superblock-done':
      case 'snapshot-done': {
        const { kind, group, write, ok, revision } = input;
        this.#step(group, { kind, write, ok }, revision);
        break;
      }
      case 'partition-effect-done':
        this.partitions.effectDone(input.group, input.revision, input.id, input.ok);
        break;
      case 'partition-step':
        input.resume();
        break;
      case 'password-verified':
      case 'password-hashed':
      case 'snapshot-collected':
        this.#server.step({ now, ...input });
        break;
      case 'step-down':
        this.#stepMetadata({ kind: 'step-down', now });
        break;
    }
  }

  /** Does the work that effects left behind, in order, until none is left. */
  #settle(): void {
    for (let next = this.#work.shift(); next !== undefined; next = this.#work.shift()) {
      if (next.kind === 'step') this.#step(next.group, next.event, next.revision);
      else this.#server.feed(next.connection);
    }
  }

  #later(group: GroupKey, event: ReplicaEvent): void {
    this.#work.push({ kind: 'step', group, event });
  }

  #route(from: number, frame: Uint8Array): void {
    const route = routeFrame(frame);
    switch (route.to) {
      case 'metadata':
        this.#stepMetadata({ kind: 'frame', frame, from, now: this.#now });
        break;
      case 'server':
        this.#server.step({ kind: 'replica-frame', frame, now: this.#now });
        break;
      case 'partition':
        this.partitions.receive(route.group, from, frame);
        break;
      case 'nowhere':
        break;
    }
  }

  #step(group: GroupKey, event: ReplicaEvent, revision?: number): void {
    if (group === metadataKey) this.#stepMetadata(event);
    else if (!this.partitions.step(group, event, revision)) this.#refuse(event);
  }

  /** The partition went away between the server's look and now. */
  #refuse(event: ReplicaEvent): void {
    const now = this.#now;
    if (event.kind === 'propose' && event.proposal.token >= 0) {
      const outcome = { kind: 'refused', code: notAccepted } as const;
      this.#server.step({ kind: 'outcome', token: event.proposal.token, outcome, now });
    } else if (event.kind === 'read') {
      this.#server.step({ kind: 'read-outcome', token: event.token, code: notAccepted, now });
    }
  }

  #stepMetadata(event: ReplicaEvent): void {
    for (const effect of this.#metadata.step(event)) {
      if (this.#isStopped) return;
      this.#perform(effect);
    }
    const changes = this.machine.takeChanges();
    if (changes.length > 0) this.partitions.change(changes);
    // Not before the partitions that came with the metadata are there: they have to join as well.
    if (this.#hasMetadataRejoined) this.#endJoining();
    const users = this.#ended.take();
    if (users.length > 0) this.#server.step({ kind: 'users-ended', users, now: this.#now });
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
      case 'outcome': {
        const { token, outcome } = effect;
        this.#server.step({ kind: 'outcome', token, outcome, now: this.#now });
        break;
      }
      case 'read-outcome':
        this.#server.step({ now: this.#now, ...effect });
        break;
      case 'trace':
        this.#ports.trace(effect.event, metadataGroup);
        break;
      case 'rejoined':
        this.#hasMetadataRejoined = true;
        break;
      case 'halt':
        this.#stopItself(effect.reason, effect.detail);
        break;
      case 'frontier-durable':
        break;
    }
  }

  /**
   * The mark of a wiped node goes once all of its groups have caught up. Metadata has when it knows of
   * every partition the node may have had: those were committed, though the one it asked first need
   * not have known that yet.
   */
  #endJoining(): void {
    if (!this.#isJoining || !this.#hasMetadataRejoined) return;
    const { commitMin, lostUpTo } = this.#metadata.replica.status;
    if (commitMin < lostUpTo || !this.partitions.haveAllRejoined) return;
    this.#isJoining = false;
    this.#ports.disk.remove(joiningMark, () => undefined);
  }

  #stopItself(reason: HaltReason, detail: string): void {
    if (this.#halt !== undefined) return;
    this.#halt = { reason, detail };
    this.stop();
    this.#ports.log.write({ level: 'error', event: 'NodeStopped', fields: { reason, detail } });
    this.#ports.halted(this.#halt);
  }
}
