import { Command } from '../../wire/index.js';
import type { Fault } from '../plan/plan.js';
import type { FaultWorld, Stage } from './fault-world.js';
import { forget } from './forget.js';
import { inherit } from './inherit.js';
import { echo, forge } from './late-frames.js';
import { bridge, filterLink, minority, ring, swizzle } from './link-shapes.js';
import { linkKey } from './network.js';
import { crashAt, misread, reboot } from './node-troubles.js';
import { rotData } from './rot-data.js';
import type { SimNode } from './sim-node.js';
import { Strikes } from './strikes.js';

/** A fault that began and knows whom it hit. */
interface Active {
  readonly fault: Fault;
  readonly end: () => void;
}

/** Begins and ends the faults of a plan. */
export class FaultDriver {
  readonly #world: FaultWorld;
  readonly #waiting: Fault[];
  #active: Active[] = [];
  readonly counts = new Map<string, number>();
  readonly #strikes = new Strikes();

  constructor(world: FaultWorld, faults: readonly Fault[]) {
    this.#world = world;
    this.#waiting = [...faults].sort((a, b) => b.at - a.at || b.id - a.id);
  }

  /** Begins and ends what is due. Returns the faults that began. */
  advance(): readonly Fault[] {
    const { tick } = this.#world;
    const begun: Fault[] = [];
    if (this.#active.some(({ fault }) => fault.until <= tick)) {
      const ended = this.#active.filter(({ fault }) => fault.until <= tick);
      this.#active = this.#active.filter(({ fault }) => fault.until > tick);
      for (const { end } of ended) end();
    }
    for (let next = this.#waiting.at(-1); next !== undefined; next = this.#waiting.at(-1)) {
      if (next.at > tick) break;
      this.#waiting.pop();
      const node = this.#world.nodes[next.target < 0 ? this.#world.primary : next.target];
      const end = this.#begin(next, node);
      if (end === undefined) continue;
      begun.push(next);
      this.counts.set(next.kind, (this.counts.get(next.kind) ?? 0) + 1);
      this.#active.push({ fault: next, end });
    }
    return begun;
  }

  /** Ends everything that is under way and forgets what was to come. */
  endAll(): void {
    this.#waiting.length = 0;
    const active = this.#active;
    this.#active = [];
    for (const { end } of active) end();
  }

  /** A frame leaves a node. */
  sent(node: number, to: number, frame: Uint8Array): void {
    this.#strikes.sent(node, to, frame);
  }

  #begin(fault: Fault, node: SimNode | undefined): (() => void) | undefined {
    switch (fault.kind) {
      case 'blackout':
        return this.#blackout();
      case 'split':
        return this.#cutLinks((from, to) => sideOf(fault.value, from) !== sideOf(fault.value, to));
      case 'ring':
      case 'bridge':
      case 'minority':
        return this.#shape(fault, node);
      case 'swizzle':
        return swizzle(this.#world, fault.value, fault.until);
      case 'filter':
        this.#world.network.filtered.add(fault.value);
        return () => this.#world.network.filtered.delete(fault.value);
      case 'crash-after':
        return this.#crashAfter(fault.target, fault.value);
      case 'strand':
        return node === undefined ? undefined : this.#strand(node.index);
      case 'relapse':
        return node === undefined ? undefined : this.#relapse(node.index);
      case 'forget':
        return node === undefined ? undefined : forget(this.#stage(), node);
      case 'inherit':
        return node === undefined ? undefined : inherit(this.#stage(), node);
      case 'trance':
        return node === undefined ? undefined : this.#trance(node);
      case 'forge': {
        if (node === undefined) return undefined;
        const self = node.index;
        const join = this.#cutLinks((from, to) => from === self || to === self);
        return forge(this.#world, this.#strikes, { primary: self, join });
      }
      case 'echo':
        return node === undefined ? undefined : echo(this.#world, this.#strikes, node);
      default:
        return node === undefined ? undefined : this.#onNode(fault, node);
    }
  }

  #onNode(fault: Fault, node: SimNode): (() => void) | undefined {
    const { value } = fault;
    const self = node.index;
    const { trouble } = node.disk;
    switch (fault.kind) {
      case 'crash':
      case 'power':
        return this.#crash(node, fault.kind === 'power');
      case 'pause':
        this.#pause(node);
        return () => node.resume();
      case 'isolate':
        return this.#cutLinks((from, to) => from === self || to === self);
      case 'deaf':
        return this.#cutLinks((_from, to) => to === self);
      case 'cut':
        return this.#cutLinks((from, to) => from === self && to === value);
      case 'clog':
        this.#world.network.clogged.set(linkKey(self, value), fault.until);
        return () => this.#world.network.clogged.delete(linkKey(self, value));
      case 'clock-step':
        node.clockOffset += value;
        return () => undefined;
      case 'sync-failure':
        trouble.syncFailures += 1;
        return () => undefined;
      case 'disk-full':
        trouble.isFull = true;
        return () => {
          trouble.isFull = false;
        };
      case 'replace-failure':
        trouble.replaceFails = true;
        return () => {
          trouble.replaceFails = false;
        };
      case 'slow-disk':
        trouble.slowness = value;
        return () => {
          trouble.slowness = 1;
        };
      case 'rot':
      case 'wipe':
        return this.#wipe(node, fault);
      case 'rot-data':
        return rotData(this.#world, node, value);
      case 'filter-link':
        return filterLink(this.#stage(), self, value);
      case 'slow':
        node.tickEvery = 2 + (value % 19);
        return () => {
          node.tickEvery = 1;
        };
      case 'reboot':
        return reboot(this.#world, node, value);
      case 'crash-at':
        return crashAt(this.#world, node, value);
      case 'misread':
        return misread(this.#world, node, value);
      case 'lost-replies':
      case 'reset-clients':
      case 'drop-clients':
      case 'half-close':
      case 'roster':
        return this.#onClients(fault, node);
      default:
        return this.#onClock(fault, node);
    }
  }

  #onClients({ kind, value }: Fault, node: SimNode): () => void {
    const world = this.#world;
    const { hub, nodes } = world;
    if (kind === 'lost-replies') {
      const share = (value % 50) * 10_000;
      if (share > 0) hub.lossy.set(node.index, share);
      return () => hub.lossy.delete(node.index);
    }
    if (kind === 'roster') {
      hub.routes.set(node.index, (node.index + 1 + (value % nodes.length)) % nodes.length);
      return () => hub.routes.delete(node.index);
    }
    if (kind === 'reset-clients') world.resetClients(node);
    else if (kind === 'drop-clients') hub.silence(node.index);
    else hub.halfClose(node.index, value % 2 === 1);
    return () => undefined;
  }

  #onClock({ kind, value }: Fault, node: SimNode): (() => void) | undefined {
    if (kind === 'clock-freeze') {
      node.clockStands ??= node.wallMicros;
      return () => {
        node.clockStands = undefined;
      };
    }
    if (kind !== 'clock-wave') return undefined;
    let isOver = false;
    let swing = 1 + (value % 20_000);
    const go = () => {
      if (isOver) return;
      node.clockOffset += swing;
      swing = -swing;
      this.#world.later(20 + (value & 63), go);
    };
    go();
    return () => {
      isOver = true;
      if (swing < 0) node.clockOffset += swing;
    };
  }

  #shape({ kind, value }: Fault, node: SimNode | undefined): (() => void) | undefined {
    const { length } = this.#world.nodes;
    if (kind === 'ring') return length < 4 ? undefined : this.#cutLinks(ring(length, value));
    if (kind === 'bridge') return length < 3 ? undefined : this.#cutLinks(bridge(length, value));
    if (node === undefined || length < 3) return undefined;
    return this.#cutLinks(minority(length, node.index, value));
  }

  #crash(node: SimNode, power: boolean): (() => void) | undefined {
    if (node.state === 'down') return undefined;
    this.#world.stop(node, power);
    return () => this.#world.start(node);
  }

  /** A crash at a named place: the tick after a node (-1 = any) has sent a frame. */
  #crashAfter(node: number, command: number): () => void {
    const { nodes } = this.#world;
    let hit: SimNode | undefined;
    let isOver = false;
    const disarm = this.#strikes.arm(node, command, (sender) => {
      this.#world.later(1, () => {
        const found = nodes[sender];
        if (isOver || found === undefined || found.state === 'down') return;
        hit = found;
        this.#world.stop(found, false);
      });
    });
    return () => {
      isOver = true;
      disarm();
      if (hit !== undefined) this.#world.start(hit);
    };
  }

  #strand(primary: number): () => void {
    const { length } = this.#world.nodes;
    const next = (primary + 1) % length;
    const behind = (primary + 2) % length;
    const ends = [
      this.#cutLinks((from, to) => from === next && to === behind),
      this.#crashAfter(primary, Command.Prepare),
      this.#crashAfter(next, Command.StartView),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  #relapse(primary: number): () => void {
    const rejoin = this.#cutLinks((from, to) => from === primary || to === primary);
    const ends: (() => void)[] = [rejoin];
    const onStart = this.#strikes.arm(-1, Command.StartView, (successor) => {
      if (successor === primary) return;
      ends.push(this.#crashAfter(successor, Command.Prepare));
      ends.push(this.#strikes.arm(successor, Command.Prepare, rejoin));
    });
    ends.push(onStart);
    return () => {
      for (const end of ends) end();
    };
  }

  /** What a scene in several acts works with. */
  #stage(): Stage {
    return {
      world: this.#world,
      strikes: this.#strikes,
      cut: (isCut) => this.#cutLinks(isCut),
    };
  }

  #pause(node: SimNode): void {
    const { clients, recorder } = this.#world;
    const isPrimary = node.host?.status.isActingPrimary === true;
    node.pause();
    if (isPrimary && clients.some(({ isReading }) => isReading)) {
      recorder.mark('pause of a primary with a reader');
    }
  }

  #trance(node: SimNode): () => void {
    const self = node.index;
    const join = this.#cutLinks((from, to) => from === self || to === self);
    node.tickEvery = 20;
    this.#world.shun(node, true);
    return () => {
      node.tickEvery = 1;
      this.#world.shun(node, false);
      join();
    };
  }

  #blackout(): () => void {
    const { nodes } = this.#world;
    for (const node of nodes) if (node.state !== 'down') this.#world.stop(node, true);
    return () => {
      for (const node of nodes) this.#world.start(node);
    };
  }

  #wipe(node: SimNode, fault: Fault): (() => void) | undefined {
    if (!this.#world.mayWipe(node)) return undefined;
    this.#world.stop(node, true);
    if (fault.kind === 'rot') {
      if (!this.#world.rot(node, fault.value)) return () => this.#world.start(node);
      // It must refuse to boot from a damaged interior; then the operator steps in.
      this.#world.start(node);
    }
    return () => {
      if (node.state === 'up' || node.state === 'paused') return;
      if (!this.#world.mayWipe(node)) return;
      this.#world.stop(node, true);
      this.#world.wipe(node);
      this.#world.start(node);
    };
  }

  #cutLinks(isCut: (from: number, to: number) => boolean): () => void {
    const { network, nodes } = this.#world;
    const mine: number[] = [];
    for (const { index: from } of nodes) {
      for (const { index: to } of nodes) {
        if (from === to || !isCut(from, to) || network.cut.has(linkKey(from, to))) continue;
        mine.push(linkKey(from, to));
        network.cut.add(linkKey(from, to));
      }
    }
    return () => {
      for (const key of mine) network.cut.delete(key);
    };
  }
}

function sideOf(mask: number, replica: number): number {
  return (mask >> replica) & 1;
}
