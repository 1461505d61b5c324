import { quorums } from '../../consensus/index.js';
import type { SendConfirmation } from '../../wire/index.js';
import {
  Command,
  frameView,
  Operation,
  partitionGroupNumber,
  replyView,
  requestView,
  resyncPartition,
} from '../../wire/index.js';
import { findBatch } from '../model/reference-partition.js';
import type { Plan } from '../plan/plan.js';
import { consumerIds, type DataCall, dataStream, topicName } from '../world/partition-user.js';
import type { SimNode } from '../world/sim-node.js';
import { AskedReads } from './asked-reads.js';
import { partitionGroupOf } from './frame-group.js';
import { compareReplica, oldestOf } from './partition-end.js';
import { PartitionHistory } from './partition-history.js';
import { judgePoll, type PollAsked } from './partition-poll.js';
import { PartitionRecord } from './partition-record.js';
import { PartitionWatch } from './partition-watch.js';
import type { Report } from './verdict.js';

interface OpenPoll {
  readonly topic: number;
  readonly asked: PollAsked;
}

const pollCode = 100;

/** Judges the partitions of a cluster: logs, what is served, what producers were told. */
export class PartitionJudge {
  readonly history = new PartitionHistory();
  readonly records = new Map<string, PartitionRecord>();
  readonly #plan: Plan;
  readonly #nodes: readonly SimNode[];
  readonly #report: Report;
  readonly #quorum: number;
  /** Replicas an election can do without. */
  readonly #spare: number;
  /** By node, then by group. */
  readonly #watches: readonly Map<number, PartitionWatch>[];
  /** By node, in the order of its partitions; checked against them at each look. */
  readonly #running: readonly PartitionWatch[][];
  /** The same by what they watch: asked for in every turn. */
  readonly #byHost = new WeakMap<PartitionWatch['host'], PartitionWatch>();
  readonly #polls = new Map<number, OpenPoll>();
  /** By client. */
  readonly #reads = new Map<number, AskedReads<OpenPoll>>();
  readonly #digests = new Map<string, { readonly digest: string; readonly node: number }>();
  polls = 0;
  /** A damaged file held a consumer's offset: that one may be missing on some replicas. */
  hasLostOffsets = false;

  constructor(plan: Plan, nodes: readonly SimNode[], report: Report) {
    this.#plan = plan;
    this.#nodes = nodes;
    this.#watches = nodes.map(() => new Map());
    this.#running = nodes.map(() => []);
    this.#report = report;
    this.#quorum = quorums(plan.replicas).replication;
    this.#spare = plan.replicas - quorums(plan.replicas).viewChange;
  }

  /** After a turn of a node. */
  observe(node: SimNode): void {
    for (const watch of this.watchesOf(node)) {
      watch.observe();
      const { forgetful } = watch.record;
      if (forgetful.size > 0 && watch.isCurrent) forgetful.delete(node.index);
    }
  }

  /** A frame leaves a node. */
  sent(node: SimNode, frame: Uint8Array): void {
    const group = partitionGroupOf(frame);
    if (group < 0) {
      // The answer to a request that was handed on; the partition may be gone before this turn ends.
      if (frameView.command(frame) === Command.Reply) this.#observeCommits(node);
      return;
    }
    const host = node.host?.partitions.slots.get(group)?.host;
    if (host !== undefined) this.#watch(node, host).sent(frame);
  }

  /** A process died, and with it what it held in memory. */
  stopped(node: SimNode): void {
    const watches = this.#watches[node.index];
    for (const [group, watch] of [...(watches ?? [])]) {
      watches?.delete(group);
      this.#forgot(watch.record, node.index);
    }
  }

  /** The partitions that run on a node; valid until the next look at it. */
  watchesOf(node: SimNode): readonly PartitionWatch[] {
    const found = this.#running[node.index] ?? [];
    let count = 0;
    for (const [group, { host, state }] of node.host?.partitions.slots ?? []) {
      if (host !== undefined) {
        if (found[count]?.host !== host) found[count] = this.#watch(node, host);
        count += 1;
      } else if (state === 'removing') this.#removed(node.index, group);
    }
    if (found.length !== count) found.length = count;
    return found;
  }

  /** A client begins a request. */
  called(client: number, call: number, { batch, asked, topic }: DataCall): void {
    if (batch !== undefined) this.history.made(client, call, batch);
    if (asked === undefined) this.#polls.delete(client);
    else this.#polls.set(client, { topic, asked });
  }

  /** A client makes a new connection: nothing that was asked before is answered on it. */
  dialled(client: number): void {
    this.#readsOf(client).dialled();
  }

  /** What a client asked for may not be what arrives. */
  unsure(client: number): void {
    this.#readsOf(client).unsure();
  }

  /** The session of a client puts a request on its connection. */
  requested(client: number, call: number, frame: Uint8Array): void {
    const operation = requestView.operation(frame);
    if (operation === Operation.SendMessages) this.history.sent(client, call);
    this.#readsOf(client).requested(frame, this.#polls.get(client));
  }

  /** A frame for a client leaves a node: a poll is judged where it was served. */
  answered(node: SimNode, client: number, frame: Uint8Array): void {
    if (frame.length < 256) return;
    const answered = this.#readsOf(client).answered(frame);
    if (frameView.command(frame) !== Command.Reply) return;
    const operation = replyView.operation(frame);
    // The partition may be gone before this turn ends.
    if (operation === Operation.SendMessages) this.#observeCommits(node);
    const poll = answered?.code === pollCode ? answered.about : undefined;
    if (poll === undefined || replyView.status(frame) !== 0 || frame.length < 272) return;
    const payload = frame.subarray(256);
    const watch = this.#watchServed(node, poll.topic, payload);
    if (watch === undefined) return;
    this.polls += 1;
    const { record, host } = watch;
    const found = judgePoll(record, payload, poll.asked, {
      holder: (id) => this.#holder(id),
      oldest: () => oldestOf(host),
    });
    if (found !== undefined) record.report({ ...found, node: node.index });
  }

  #observeCommits(node: SimNode): void {
    for (const watch of this.watchesOf(node)) watch.observeCommits();
  }

  /** D1 and D2 at the moment a producer is told where its batch is. */
  confirmed(client: number, call: number, confirmation: SendConfirmation): void {
    this.history.confirmed(client, call, confirmation);
    const { stream_id: stream, topic_id: topic, partition_id: partition } = confirmation;
    const group = partitionGroupNumber(stream, topic, partition);
    const base = Number(confirmation.base_offset);
    for (const { place, reference } of this.records.values()) {
      if (place.group !== group) continue;
      for (const batches of reference.generations()) {
        const sent = this.history.find(findBatch(batches, base)?.messages[0]?.id ?? 0n);
        if (sent?.call === call && sent.client === client) return;
      }
    }
    const detail = `batch ${call} of client ${client} was confirmed at ${base} of ${group} and is not there`;
    this.#report({ class: 'D', invariant: 'D1', detail });
  }

  /** S16: replicas of a partition at one op, with one state of metadata, agree. */
  checkDeeply(): void {
    for (const node of this.#nodes) {
      for (const { host, record, isCurrent } of this.watchesOf(node)) {
        // Segments may be ahead of the log that a restarted replica has gone through so far.
        if (record.hasLost || !isCurrent) continue;
        const { group, revision } = record.place;
        const metadata = node.host?.status.commitMin ?? 0;
        // From the first lost offsets on less is compared, and nothing with what was noted before.
        const isPartial = this.hasLostOffsets;
        const key = `${group}/${revision}/${host.status.commitMin}/${metadata}/${isPartial}`;
        const digest = isPartial ? `${host.machine.currentOffset}` : replicatedState(host);
        const known = this.#digests.get(key);
        if (known === undefined) this.#digests.set(key, { digest, node: node.index });
        else if (known.digest !== digest) {
          const detail = `at op ${host.status.commitMin} r${node.index} has ${digest}, r${known.node} ${known.digest}`;
          record.report({ class: 'S', invariant: 'S16', detail, node: node.index });
        }
      }
    }
  }

  /** Whether every partition of these nodes has caught up and is led. */
  isConverged(core: readonly SimNode[]): boolean {
    const heads = new Map<number, string>();
    for (const node of core) {
      for (const { host, address } of node.host?.partitions.slots.values() ?? []) {
        if (host === undefined) return false;
        const watch = this.#watch(node, host);
        const { view, head } = host.status;
        const state = `${address.revision} view ${view} head ${head}`;
        const group = host.group;
        if (!watch.isCurrent || (heads.get(group) ?? state) !== state) return false;
        heads.set(group, state);
      }
    }
    return true;
  }

  /** One line about every partition that keeps the cluster from converging. */
  describe(core: readonly SimNode[]): string {
    return core
      .flatMap((node) =>
        [...(node.host?.partitions.slots.values() ?? [])].map(
          ({ state, host, address, reason }) => {
            const place = `r${node.index} ${address.stream}/${address.topic}/${address.partition}`;
            if (host === undefined) return `${place} ${state} ${reason ?? ''}`;
            const s = host.status;
            const watch = this.#watch(node, host);
            if (watch.isCurrent) return `${place} v${s.view} head ${s.head}`;
            const flags = [s.isRepairing ? 'repairing' : '', s.transferStage].join(' ');
            return `${place} ${s.status} v${s.view}/${s.logView} head ${s.head} commit ${s.commitMin}/${s.commitMax} of ${watch.record.head} ${flags}`;
          },
        ),
      )
      .join(' | ');
  }

  /**
   * Who lost a log in memory does not vote for a leader: with those that never return, too few may
   * be left to have one.
   */
  isExcused(core: readonly SimNode[]): boolean {
    const gone = this.#nodes.length - core.length;
    return core.some((node) =>
      this.watchesOf(node).some(
        ({ record, isCurrent }) =>
          gone > 0 && !isCurrent && record.forgetful.size + gone > this.#spare,
      ),
    );
  }

  /** Whether so many replicas lost a log that the others cannot go on without them. */
  get isStranded(): boolean {
    return [...this.records.values()].some(
      ({ hasLost, forgetful }) => hasLost || forgetful.size > this.#spare,
    );
  }

  /** Whether everything but this node holds all that is committed. */
  mayWipe(node: SimNode): boolean {
    return this.#nodes.every((other) => {
      if (other === node) return true;
      for (const { host } of other.host?.partitions.slots.values() ?? []) {
        if (host === undefined || !this.#watch(other, host).isWhole) return false;
      }
      return other.host !== undefined;
    });
  }

  /** At the end: every replica holds what was committed, and nothing else. */
  judgeEnd(core: readonly SimNode[]): void {
    for (const node of core) {
      for (const { host, record } of this.watchesOf(node)) {
        const { stream, topic, partition } = host.address;
        const info = node.host?.machine.partition(stream, topic, partition);
        const found = compareReplica(record, host, {
          deletedUpTo: info?.deletedUpToOffset ?? 0,
          mayExpire: (info?.settings.messageExpiry ?? 0n) < 1n << 60n,
          holder: (id) => this.#holder(id),
          mayLackOffsets: this.hasLostOffsets,
        });
        if (found !== undefined) record.report({ ...found, node: node.index });
      }
    }
  }

  #readsOf(client: number): AskedReads<OpenPoll> {
    const known = this.#reads.get(client) ?? new AskedReads<OpenPoll>();
    this.#reads.set(client, known);
    return known;
  }

  #forgot(record: PartitionRecord, node: number): void {
    record.forgot(node, this.#quorum);
    const { group } = record.place;
    const isLeft = this.#nodes.some(({ index }) => {
      const watch = this.#watches[index]?.get(group);
      const isHolder = watch?.record === record && holdsLog(watch);
      return isHolder && !record.forgetful.has(index);
    });
    if (!isLeft) record.vanished();
  }

  #removed(node: number, group: number): void {
    const watches = this.#watches[node];
    watches?.get(group)?.record.removedBy.add(node);
    watches?.delete(group);
  }

  #watch(node: SimNode, host: PartitionWatch['host']): PartitionWatch {
    const watched = this.#byHost.get(host);
    if (watched !== undefined) return watched;
    const watches = this.#watches[node.index];
    const known = watches?.get(host.group);
    const record = this.#record(host.group, host.address.revision);
    const { index } = node;
    if (known !== undefined && known.record === record) this.#forgot(record, index);
    record.opened(index);
    const watch = new PartitionWatch({
      ...{ host, record, node, nodes: this.#nodes, quorum: this.#quorum },
    });
    watches?.set(host.group, watch);
    this.#byHost.set(host, watch);
    return watch;
  }

  #record(group: number, revision: number): PartitionRecord {
    const key = `${group}/${revision}`;
    const known = this.records.get(key);
    if (known !== undefined) return known;
    const place = { group, revision, ack: this.#plan.data?.ack ?? 'fsync' } as const;
    const about = { history: this.history, report: this.#report };
    const record = new PartitionRecord(place, this.#plan.replicas, about);
    this.records.set(key, record);
    return record;
  }

  /** The partition a node has just served a poll from. */
  #watchServed(node: SimNode, topic: number, payload: Uint8Array): PartitionWatch | undefined {
    const { host } = node;
    const view = host?.machine.topic(dataStream, topicName(topic));
    const partition = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true);
    if (host === undefined || view === undefined || partition === resyncPartition) return undefined;
    const group = partitionGroupNumber(view.stream, view.topic, partition);
    const running = host.partitions.slots.get(group)?.host;
    if (running === undefined) return undefined;
    const watch = this.#watch(node, running);
    // What this turn has committed counts.
    watch.observeCommits();
    return watch;
  }

  #holder(id: bigint): PartitionRecord | undefined {
    for (const record of this.records.values()) {
      if (record.reference.copies.has(id)) return record;
    }
    return undefined;
  }
}

/**
 * Whether a replica holds a log that it will not give up. The primary of the first view does, when all others
 * lost theirs and it saw none of its proposals acknowledged: nobody can have committed any of them.
 */
function holdsLog({ host }: PartitionWatch): boolean {
  const { replica, logView, head, commitMax } = host.status;
  const isUnheard = replica === 0 && logView === 0 && commitMax === 0;
  return head > 0 && !isUnheard;
}

/** What all replicas share: offsets that one node stored for itself, or by a poll, are left out. */
function replicatedState({ machine }: PartitionWatch['host']): string {
  const { quorum, each } = consumerIds;
  const stored = Array.from({ length: each }, (_, i) => [
    machine.storedOffset('consumer', quorum + i),
    machine.storedOffset('group', i),
  ]);
  return `${machine.currentOffset}: ${stored.join(' ')}`;
}
