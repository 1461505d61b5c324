import { encodeUtf8, toHex } from '../../base/index.js';
import {
  BootRefusedError,
  type HostInput,
  type HostPorts,
  joiningMark,
  type NodeHost,
  type NodeHostConfig,
  startNode,
} from '../../host/index.js';
import type { ClientLinks, PasswordHashing } from '../../ports/index.js';
import { type Dice, domain } from '../random/draw.js';
import type { Recorder } from '../trace/recorder.js';
import { DurableLedger } from './durable-ledger.js';
import { PartitionLedgers } from './partition-ledgers.js';
import { SimDisk } from './sim-disk.js';

/** What a node is doing. */
export type NodeState = 'down' | 'starting' | 'up' | 'paused' | 'refused';

/** What a node needs of the world around it. */
export interface NodeWorld {
  readonly tick: number;
  readonly dice: Dice;
  readonly recorder: Recorder;
  later(ticks: number, run: () => void): void;
  /** The node has inputs. */
  wake(node: SimNode): void;
  /** A frame leaves the node. */
  sent(node: SimNode, to: number, frame: Uint8Array): void;
  isLinkUp(from: number, to: number): boolean;
  started(node: SimNode): void;
  halted(node: SimNode, reason: string, detail: string): void;
}

/** Wall time of tick 0, microseconds. */
const epochMicros = 1_700_000_000_000_000;

const noFigures = {
  ...{ processId: 1, cpuUsage: 0, totalCpuUsage: 0, memoryUsage: 0, totalMemory: 0 },
  ...{ availableMemory: 0, runTimeMicros: 0, startTimeMicros: 0, readBytes: 0, writtenBytes: 0 },
  ...{ hostname: 'sim', osName: 'sim', osVersion: '0', kernelVersion: '0', threads: 1 },
  ...{ freeDisk: 0, totalDisk: 0 },
};

/** What a password becomes in a simulation, where hashing costs nothing. */
function simulatedHash(password: Uint8Array): string {
  return `$sim$${toHex(password)}`;
}

/** One simulated process: a host with its disk and its clock, over crashes and restarts. */
export class SimNode {
  readonly index: number;
  readonly disk: SimDisk;
  readonly ledger = new DurableLedger();
  readonly partitionLedgers = new PartitionLedgers();
  host: NodeHost | undefined;
  state: NodeState = 'down';
  /** Clock against the world's: milliseconds and parts per million. */
  clockOffset: number;
  readonly clockDrift: number;
  /** What the wall clock shows while it stands still, microseconds. */
  clockStands: number | undefined;
  /** It sees every n-th tick only. */
  tickEvery = 1;
  /** Starts so far. */
  starts = 0;
  /** It handled the news, and has to be silent from now on. */
  mustBeSilent = false;
  /** A fault damaged the files beyond what a crash may; it has to refuse to boot. */
  isDamaged = false;
  /** Directory of the partition whose superblock has rotted, and its revision. */
  rottenPartition: string | undefined;
  rottenRevision: number | undefined;
  /** Its disk gives other bytes than it was given; it has to refuse to boot until that is over. */
  isMisled = false;
  /** The host has inputs that a pause keeps it from handling. */
  isDrainDue = false;
  /** Input that arrived during a pause. */
  backlog: HostInput[] = [];
  readonly #world: NodeWorld;
  readonly #clients: ClientLinks;
  readonly #config: () => NodeHostConfig;
  #power = 0;

  constructor(options: {
    readonly index: number;
    readonly world: NodeWorld;
    readonly clients: ClientLinks;
    readonly config: () => NodeHostConfig;
    readonly timing: { minDelay: number; meanDelay: number; stall: number };
    readonly clock: { readonly offset: number; readonly drift: number };
  }) {
    const { index, world } = options;
    this.index = index;
    this.#world = world;
    this.#clients = options.clients;
    this.#config = options.config;
    this.clockOffset = options.clock.offset;
    this.clockDrift = options.clock.drift;
    this.disk = new SimDisk(world.dice, index, options.timing, {
      later: (ticks, run) => this.#later(ticks, run),
      durable: (path, file, from) => {
        this.ledger.changed(path, file, from);
        this.partitionLedgers.changed(path, file, from);
      },
      record: (kind, path, about) => world.recorder.disk(kind, index, path, about),
      syncFailed: (path) => {
        // What was already queued in front of the bad news may still be handled.
        if (path === 'metadata/journal.wal') this.#later(1, () => this.#mute());
        world.recorder.mark('sync failed');
      },
    });
  }

  get isAlive(): boolean {
    return this.host !== undefined;
  }

  /** Boots from the disk. */
  start(): void {
    if (this.state !== 'down' && this.state !== 'refused') return;
    this.state = 'starting';
    this.starts += 1;
    this.disk.failures = 0;
    this.mustBeSilent = false;
    const power = this.#power;
    startNode(this.#config(), this.#ports(this.starts), (result) => {
      if (power !== this.#power) return;
      if (result instanceof BootRefusedError) {
        this.state = 'refused';
        this.#refused(result);
        this.#world.recorder.note('refused', this.index, `${result.damage}: ${result.message}`);
        this.#world.recorder.mark(`boot refused: ${result.damage}`);
        return;
      }
      this.host = result;
      this.state = 'up';
      this.#world.recorder.note('start', this.index, `incarnation ${this.starts}`);
      this.#world.started(this);
    });
  }

  /** The process is gone; with `power`, so is what was not synced. */
  stop(power: boolean): void {
    this.host?.stop();
    this.host = undefined;
    this.state = 'down';
    this.backlog = [];
    this.#power += 1;
    if (!power) {
      this.disk.crash();
      return;
    }
    if (this.disk.powerCut() > 0) this.#world.recorder.mark('torn write');
  }

  /** An operator's wipe of a node that is down. */
  wipe(): void {
    this.ledger.forget();
    this.partitionLedgers.forget();
    this.disk.wipe(joiningMark);
    // It comes back with another disk.
    this.disk.trouble.readFails = false;
    this.disk.readRightly();
    this.isDamaged = false;
    this.isMisled = false;
    this.forgetRot();
    this.#world.recorder.mark('wiped and joining');
  }

  /** The partition with a rotten superblock is no more. */
  forgetRot(): void {
    this.rottenPartition = undefined;
    this.rottenRevision = undefined;
  }

  pause(): void {
    if (this.state !== 'up') return;
    this.state = 'paused';
    if (this.host?.status.isActingPrimary === true) {
      this.#world.recorder.mark('pause of a primary');
    }
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.state = 'up';
    const { backlog } = this;
    this.backlog = [];
    for (const input of backlog) this.host?.push(input);
    if (this.isDrainDue) this.#world.wake(this);
    this.isDrainDue = false;
  }

  push(input: HostInput): void {
    if (this.state === 'paused') {
      if (this.backlog.length < 4096) this.backlog.push(input);
      return;
    }
    this.host?.push(input);
  }

  /** A disk that failed at boot is tried again later, as an operator would. */
  #refused({ damage }: BootRefusedError): void {
    if (damage === 'disk_failed' && this.disk.failures > 0) {
      this.state = 'down';
      this.#later(200, () => this.start());
    }
  }

  #mute(): void {
    this.mustBeSilent = this.state === 'up';
  }

  #later(ticks: number, run: () => void): void {
    const power = this.#power;
    this.#world.later(Math.max(0, ticks), () => {
      if (power === this.#power) run();
    });
  }

  #ports(start: number): HostPorts {
    const { index } = this;
    const world = this.#world;
    let drawn = 0;
    return {
      clock: { nowMicros: () => this.#nowMicros(), monotonicMillis: () => world.tick * 10 },
      entropy: {
        bytes: (length) => {
          const bytes = new Uint8Array(length);
          for (let i = 0; i < length; i++) {
            drawn += 1;
            bytes[i] = world.dice.u32(domain.entropy, index, start, drawn) & 0xff;
          }
          return bytes;
        },
      },
      links: {
        send: (to, frame) => world.sent(this, to, frame),
        isUp: (to) => world.isLinkUp(index, to),
      },
      clients: this.#clients,
      disk: this.disk,
      hashing: this.#hashing(),
      log: { write: ({ event }) => world.recorder.mark(`log ${event}`) },
      wake: () => world.wake(this),
      system: () => noFigures,
      collectSnapshot: (_request, done) => this.#later(1, () => done(undefined)),
      halted: ({ reason, detail }) => world.halted(this, reason, detail),
      trace: () => undefined,
    };
  }

  #hashing(): PasswordHashing {
    const later = (run: () => void) => this.#later(1, run);
    return {
      hash: (password, done) => later(() => done(simulatedHash(password))),
      verify: (password, phc, done) => later(() => done(simulatedHash(password) === phc)),
    };
  }

  /** The wall clock of the node. */
  get wallMicros(): number {
    return this.#nowMicros();
  }

  #nowMicros(): number {
    if (this.clockStands !== undefined) return this.clockStands;
    const { tick } = this.#world;
    const drift = Math.floor((tick * 10_000 * this.clockDrift) / 1_000_000);
    return epochMicros + tick * 10_000 + drift + this.clockOffset * 1000;
  }
}

/** The password hash of an account that every simulated cluster starts with. */
export const rootHash = simulatedHash(encodeUtf8('secret'));
