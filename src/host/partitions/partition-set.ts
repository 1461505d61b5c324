import { LimitedTasks } from '../../base/index.js';
import type { ReplicaEvent } from '../../consensus/index.js';
import type { PartitionAddress, PartitionChange, PartitionInfo } from '../../machine/index.js';
import type { PartitionsView } from '../../server/index.js';
import { partitionSettingsOf } from '../replica-config.js';
import { removeDirectory } from './incarnation.js';
import { openPartitionHost, type PartitionOpened } from './open-partition.js';
import { ParkedFrames } from './parked-frames.js';
import type { PartitionContext } from './partition-context.js';
import { PartitionHost } from './partition-host.js';
import { directoryOf, groupOf } from './partition-place.js';
import { PurgeMarks } from './purge-marks.js';

/**
 * `opening`: its files are being taken up. `open`: it runs. `refused`: its files cannot be trusted, so
 * it is left alone. `removing`: metadata dropped it, and its files are going.
 */
export type PartitionSlotState = 'opening' | 'open' | 'refused' | 'removing';

interface Slot {
  readonly address: PartitionAddress;
  state: PartitionSlotState;
  host: PartitionHost | undefined;
  /** Why it is refused. */
  reason: string | undefined;
  /** The disk failed while it was being opened, which may pass. */
  mayPass: boolean;
  /** It was there when the node started. */
  readonly isKnown: boolean;
}

/** Partitions taken up at a time: each holds files open, and a topic may have a thousand. */
const openingAtOnce = 64;

/** How often the set is compared with metadata, and partitions look after their segments. */
const reconcileMillis = 1000;
const tickMillis = 10;

/**
 * The partitions of one node. What committed metadata names is opened, what it no longer names is
 * removed; ids are used again, so a partition is known by its group and its revision.
 */
export class PartitionSet implements PartitionsView {
  readonly #context: PartitionContext;
  readonly #slots = new Map<number, Slot>();
  readonly #opening = new LimitedTasks(openingAtOnce);
  readonly #parked = new ParkedFrames();
  readonly #marks: PurgeMarks;
  readonly #refused = new Set<Slot>();
  /** Partitions that appended something in this turn. */
  readonly #unflushed = new Set<PartitionHost>();
  readonly #cleanTicks: number;
  #ticks = 0;

  constructor(context: PartitionContext) {
    this.#context = context;
    this.#marks = new PurgeMarks(context);
    const { cleanIntervalMillis } = partitionSettingsOf(context.config);
    this.#cleanTicks = Math.ceil(cleanIntervalMillis / tickMillis);
  }

  /** Partitions by group, whatever their state. */
  get slots(): ReadonlyMap<number, Readonly<Slot>> {
    return this.#slots;
  }

  /** Partitions that are left alone, and why. */
  get refused(): readonly Readonly<Slot>[] {
    for (const slot of this.#refused) {
      const isCurrent = this.#slots.get(groupOf(slot.address)) === slot;
      if (!isCurrent || slot.state !== 'refused') this.#refused.delete(slot);
    }
    return [...this.#refused];
  }

  find(group: number): PartitionHost['view'] | undefined {
    return this.#open(group)?.view;
  }

  isRefused(group: number): boolean {
    const slot = this.#slots.get(group);
    return slot?.state === 'refused' && !slot.mayPass;
  }

  /** The partition of a group, if it runs and, where a revision is given, is that one. */
  #open(group: number, revision?: number): PartitionHost | undefined {
    const slot = this.#slots.get(group);
    if (slot?.state !== 'open') return undefined;
    return revision === undefined || slot.address.revision === revision ? slot.host : undefined;
  }

  /** True once every partition metadata names has rejoined after a wipe. */
  get haveAllRejoined(): boolean {
    for (const { state, host } of this.#slots.values()) {
      if (state === 'opening' || host?.hasRejoined === false) return false;
    }
    // One that waits for its predecessor to go is not there yet, and has to join as well.
    for (const info of this.#context.metadata.partitions()) {
      if (this.#slots.get(groupOf(info))?.address.revision !== info.revision) return false;
    }
    return true;
  }

  step(group: number, event: ReplicaEvent, revision?: number): boolean {
    const host = this.#open(group, revision);
    if (host === undefined) return false;
    if (host.step(event)) this.#unflushed.add(host);
    return true;
  }

  effectDone(group: number, revision: number, id: number, ok: boolean): void {
    this.#open(group, revision)?.effectDone(id, ok);
  }

  /** A frame of another node; kept for a while when its partition is not there yet. */
  receive(group: number, from: number, frame: Uint8Array): void {
    const slot = this.#slots.get(group);
    if (slot?.state === 'open') {
      this.step(group, { kind: 'frame', frame, from, now: this.#context.now() });
    } else if (slot?.state !== 'refused') this.#parked.park(group, from, frame);
  }

  tick(): void {
    this.#ticks += 1;
    const event = { kind: 'tick', now: this.#context.now() } as const;
    for (const { host } of this.#slots.values()) {
      if (host?.step(event) === true) this.#unflushed.add(host);
    }
    if (this.#ticks % (reconcileMillis / tickMillis) === 0) this.#reconcile();
    if (this.#cleanTicks > 0 && this.#ticks % this.#cleanTicks === 0) this.#clean();
  }

  /** Writes what the turn appended, one batch per partition. */
  flush(): void {
    if (this.#unflushed.size === 0) return;
    for (const host of this.#unflushed) host.flush();
    this.#unflushed.clear();
  }

  /** What an apply of metadata means for partitions. */
  change(changes: readonly PartitionChange[]): void {
    for (const each of changes) this.#change(each);
  }

  /** Opens what metadata names after the recovery of the node. */
  boot(): void {
    for (const info of this.#context.metadata.partitions()) this.#make(info, true);
  }

  /** Opens what is missing and removes what is no longer named. */
  compare(): void {
    const named = new Map<number, PartitionInfo>();
    for (const info of this.#context.metadata.partitions()) named.set(groupOf(info), info);
    for (const [group, slot] of [...this.#slots]) {
      if (named.get(group)?.revision !== slot.address.revision) this.#remove(group, slot);
    }
    for (const info of named.values()) {
      const slot = this.#slots.get(groupOf(info));
      if (slot === undefined) this.#make(info);
      else if (slot.state === 'refused' && slot.mayPass) this.#make(info, slot.isKnown);
      else slot.host?.update(info);
    }
  }

  /** Writes everything before a stop in order. */
  prepareStop(): void {
    for (const { host } of this.#slots.values()) host?.prepareStop();
  }

  /** The node stops: nothing comes any more. */
  endRecording(): void {
    for (const { host } of this.#slots.values()) host?.endRecording();
  }

  setTracing(tracing: boolean): void {
    for (const { host } of this.#slots.values()) host?.setTracing(tracing);
  }

  #change(change: PartitionChange): void {
    switch (change.kind) {
      case 'created':
        this.#makeIfNamed(change.partition);
        break;
      case 'removed': {
        const slot = this.#slots.get(groupOf(change.partition));
        if (slot?.address.revision === change.partition.revision) {
          this.#remove(groupOf(change.partition), slot);
        }
        break;
      }
      case 'purged':
      case 'truncated':
        this.#update(change.partition);
        break;
      case 'settings':
        this.#updateTopic(change);
        break;
      case 'group-removed':
        this.#ofTopic(change, (host) => host.dropGroup(change.group));
        break;
      case 'restored':
        this.compare();
        break;
    }
  }

  #info({ stream, topic, partition, revision }: PartitionAddress): PartitionInfo | undefined {
    const info = this.#context.metadata.partition(stream, topic, partition);
    return info?.revision === revision ? info : undefined;
  }

  #makeIfNamed(address: PartitionAddress): void {
    const info = this.#info(address);
    // Dropped again by a later operation of the same turn, or waiting for its predecessor to go.
    if (info !== undefined && !this.#slots.has(groupOf(address))) this.#make(info);
  }

  #make(info: PartitionInfo, isKnown = false): void {
    const { stream, topic, partition, revision } = info;
    const address = { stream, topic, partition, revision };
    const slot: Slot = {
      state: 'opening',
      ...{ address, isKnown, host: undefined, reason: undefined, mayPass: false },
    };
    const group = groupOf(info);
    this.#slots.set(group, slot);
    this.#opening.run((finished) => {
      if (slot.state === 'removing') {
        finished();
        this.#deleteFiles(group, slot);
        return;
      }
      const resume = (result: PartitionOpened) => () => {
        finished();
        this.#opened(group, slot, result);
      };
      openPartitionHost(this.#context, info, isKnown, (result) =>
        this.#context.push({ kind: 'partition-step', resume: resume(result) }),
      );
    });
  }

  #opened(group: number, slot: Slot, result: PartitionOpened): void {
    // Removed while it was being opened: the removal waits for this moment.
    if (slot.state === 'removing') {
      if (result instanceof PartitionHost) result.close(() => this.#deleteFiles(group, slot));
      else this.#deleteFiles(group, slot);
      return;
    }
    if (!(result instanceof PartitionHost)) {
      slot.state = 'refused';
      this.#refused.add(slot);
      slot.reason = result.refused;
      slot.mayPass = result.mayPass === true;
      const fields = { directory: directoryOf(slot.address), reason: result.refused };
      this.#context.ports.log.write({ level: 'error', event: 'PartitionRefused', fields });
      return;
    }
    slot.host = result;
    slot.state = 'open';
    result.performOwn();
    this.#update(slot.address);
    for (const { from, frame } of this.#parked.take(group)) this.receive(group, from, frame);
    if (!slot.isKnown) this.step(group, { kind: 'links', up: this.#linksUp() });
    this.#context.rejoined();
  }

  /** Bit i is set when frames can leave towards node i. */
  #linksUp(): number {
    const { config, ports } = this.#context;
    let up = 0;
    for (let node = 0; node < config.nodeCount; node++) {
      if (node !== config.node && ports.links.isUp(node)) up |= 1 << node;
    }
    return up;
  }

  #remove(group: number, slot: Slot): void {
    const { state, host } = slot;
    if (state === 'removing') return;
    slot.state = 'removing';
    slot.host = undefined;
    if (host !== undefined) {
      this.#unflushed.delete(host);
      host.close(() => this.#deleteFiles(group, slot));
    } else if (state === 'refused') this.#deleteFiles(group, slot);
    this.#context.rejoined();
  }

  #deleteFiles(group: number, slot: Slot): void {
    removeDirectory(this.#context.ports.disk, slot.address, (failure) => {
      const resume = () => this.#removed(group, slot, failure?.code);
      this.#context.push({ kind: 'partition-step', resume });
    });
  }

  #removed(group: number, slot: Slot, failure: string | undefined): void {
    if (failure !== undefined) {
      // Tried again with the next comparison; until then nothing is served under these ids.
      const fields = { directory: directoryOf(slot.address), code: failure };
      this.#context.ports.log.write({ level: 'error', event: 'PartitionNotRemoved', fields });
      slot.state = 'refused';
      this.#refused.add(slot);
      slot.reason = `its files cannot be removed: ${failure}`;
      return;
    }
    this.#slots.delete(group);
    const { stream, topic, partition } = slot.address;
    const successor = this.#context.metadata.partition(stream, topic, partition);
    if (successor !== undefined) this.#make(successor);
  }

  #update(address: PartitionAddress): void {
    const info = this.#info(address);
    const host = this.#open(groupOf(address), address.revision);
    if (info === undefined || host === undefined) return;
    host.update(info);
    this.#marks.propose(host);
  }

  #updateTopic(topic: { readonly stream: number; readonly topic: number }): void {
    this.#ofTopic(topic, (host) => this.#update(host.address));
  }

  #ofTopic(
    { stream, topic }: { readonly stream: number; readonly topic: number },
    visit: (host: PartitionHost) => void,
  ): void {
    for (const { address, host } of this.#slots.values()) {
      if (host !== undefined && address.stream === stream && address.topic === topic) visit(host);
    }
  }

  #reconcile(): void {
    let isAnyRefused = false;
    for (const { host, state } of this.#slots.values()) {
      if (state === 'refused') isAnyRefused = true;
      if (host === undefined) continue;
      host.maintain();
      this.#marks.propose(host);
    }
    this.#parked.keepOnly((group) => this.#slots.has(group));
    // Every change of metadata was followed as it came; only what failed then is tried again.
    if (isAnyRefused) this.compare();
  }

  #clean(): void {
    for (const { host } of this.#slots.values()) host?.clean();
  }
}
