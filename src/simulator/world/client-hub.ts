import { Slab } from '../../base/index.js';
import type { ClientLinks } from '../../ports/index.js';
import { FrameSplitter } from '../../wire/index.js';
import type { Plan } from '../plan/plan.js';
import { type Dice, domain } from '../random/draw.js';
import type { Recorder } from '../trace/recorder.js';
import { ClientDamage } from './client-damage.js';
import type { SimNode } from './sim-node.js';

/** What reaches the client's end of a connection. */
export type ClientLinkEvent =
  | { readonly kind: 'opened'; readonly link: number }
  | { readonly kind: 'open-failed'; readonly link: number; readonly reason: string }
  | { readonly kind: 'data'; readonly link: number; readonly bytes: Uint8Array }
  | { readonly kind: 'closed'; readonly link: number; readonly reason: string };

/** A client's end. */
export interface ClientEnd {
  readonly index: number;
  receive(event: ClientLinkEvent): void;
  /**
   * Bytes of its connection were changed on the way to a node or to it: what comes of its request says
   * nothing. Clients without this are spared.
   */
  damaged?(toNode: boolean): void;
}

interface Connection {
  readonly node: number;
  readonly id: number;
  readonly client: ClientEnd;
  readonly link: number;
  isOpen: boolean;
  toNode: number;
  toClient: number;
  /** Nothing reaches the node, or the client, any more; neither is told. */
  isNodeCut: boolean;
  isClientCut: boolean;
  /** The client has gone, and the node does not know. */
  isAbandoned: boolean;
  /** What a node makes of a stream since bytes of it changed. */
  reads: FrameSplitter | undefined;
  /** Frames are cut at wrong places from now on, by the node or by the client. */
  isTornToNode: boolean;
  isTornToClient: boolean;
}

/** What the connections of clients need of the world. */
export interface HubWorld {
  readonly tick: number;
  readonly dice: Dice;
  readonly recorder: Pick<Recorder, 'mark'>;
  readonly nodes: readonly SimNode[];
  node(index: number): SimNode;
  later(ticks: number, run: () => void): void;
  /** A frame for a client leaves a node; -1 = for one that has gone. */
  answered(node: number, connection: number, client: number, frame: Uint8Array): void;
  /** The last byte of a client's frame reaches a node. */
  arrived(node: number, connection: number, frame: Uint8Array): void;
}

const slabBytes = 64 * 1024;

/** The connections between clients and nodes: streams that keep their order, and may break. */
export class ClientHub {
  readonly #world: HubWorld;
  readonly #delay: number;
  readonly #chunk: number;
  readonly #byId = new Map<number, Connection>();
  readonly #byLink = new Map<number, Connection>();
  readonly #counts: number[] = [];
  /** Nodes that no client reaches. */
  readonly closed = new Set<number>();
  /** Nodes at whose address another one answers, and which. */
  readonly routes = new Map<number, number>();
  /** Nodes whose answers get lost: how many in a million. */
  readonly lossy = new Map<number, number>();
  #sends = 0;
  /** What is on its way; both ends may change or keep what they gave. */
  readonly #onTheWay = new Slab(slabBytes, slabBytes);
  readonly damage: ClientDamage | undefined;
  #cuts = 0;

  constructor(
    world: HubWorld,
    options: {
      readonly delay: number;
      readonly chunk: number;
      readonly damage?: ClientDamage | undefined;
    },
  ) {
    this.#world = world;
    this.damage = options.damage;
    this.#delay = options.delay;
    this.#chunk = options.chunk;
  }

  /** The port a node gets. */
  portsOf(node: number): ClientLinks {
    const find = (connection: number) => this.#byId.get(keyOf(node, connection));
    return {
      send: (id, frame) => {
        const connection = find(id);
        if (connection === undefined) return;
        const { client, isAbandoned } = connection;
        this.#world.answered(node, id, isAbandoned ? -1 : client.index, frame);
        const loss = this.lossy.get(node) ?? 0;
        if (loss > 0 && this.#world.dice.chance(loss, domain.lostReply, node, this.#sends)) {
          this.#sends += 1;
          return;
        }
        const damaged = this.#damagedReply(connection, frame);
        const bytes = damaged ?? this.#onTheWay.copy(frame);
        const event = { kind: 'data', link: connection.link, bytes } as const;
        this.#toClient(connection, event, damaged !== undefined);
      },
      close: (id) => {
        const connection = find(id);
        if (connection !== undefined) this.#closeAt(connection, 'closed by the node');
      },
      pause: () => undefined,
      queuedBytes: () => 0,
    };
  }

  dial(client: ClientEnd, link: number, addressed: number): void {
    const node = this.routes.get(addressed) ?? addressed;
    if (node !== addressed) this.#world.recorder.mark('address of another node');
    const delay = this.#draw(client.index);
    this.#world.later(delay, () => {
      // A damaged list of nodes may name one that is not there.
      const target = this.#world.nodes[node];
      if (target?.isAlive !== true || this.closed.has(node)) {
        const event = { kind: 'open-failed', link, reason: 'refused' } as const;
        this.#world.later(delay, () => client.receive(event));
        return;
      }
      const id = (this.#counts[node] ?? 0) + 1;
      this.#counts[node] = id;
      const connection = newConnection({ node, id, client, link });
      if (this.#cuts > 0) this.#markDouble(client);
      this.#byId.set(keyOf(node, id), connection);
      this.#byLink.set(keyOf(client.index, link), connection);
      const address = `10.1.0.${client.index}:5000`;
      const localAddress = `10.0.0.${node}`;
      const info = { connection: id, address, localAddress };
      target.push({
        kind: 'opened',
        info: { ...info, transport: 1, framing: 'consensus' },
      });
      this.#toClient(connection, { kind: 'opened', link });
    });
  }

  /** Whether neither end of a connection has closed it. */
  isOpen(node: number, connection: number): boolean {
    return this.#byId.has(keyOf(node, connection));
  }

  hangUp(client: number, link: number): void {
    const connection = this.#byLink.get(keyOf(client, link));
    if (connection === undefined) return;
    if (connection.isNodeCut) {
      this.#byLink.delete(keyOf(client, link));
      this.#abandon(connection, this.#lingering(connection));
      return;
    }
    const isKnown = !connection.isOpen;
    this.#forget(connection);
    if (isKnown) return;
    this.#world.later(this.#draw(client), () => {
      this.#world.node(connection.node).push({ kind: 'closed', connection: connection.id });
    });
  }

  send(client: number, link: number, frame: Uint8Array): void {
    const connection = this.#byLink.get(keyOf(client, link));
    if (connection === undefined || !connection.isOpen || connection.isNodeCut) return;
    const bytes = this.#requestBytes(connection, frame);
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + this.#pieceSize(client, at) + (frame.length >> 8));
      const whole = end === bytes.length && connection.reads === undefined ? bytes : undefined;
      const isAll = at === 0 && end === bytes.length;
      this.#toNode(connection, isAll ? bytes : bytes.subarray(at, end), whole);
      at = end;
    }
  }

  /** The node went away, or an operator reset its connections. */
  dropAll(node: number, isNodeAlive: boolean, isKept = (_client: number) => false): void {
    for (const connection of [...this.#byId.values()]) {
      if (connection.node !== node || isKept(connection.client.index)) continue;
      if (isNodeAlive) {
        this.#world.node(node).push({ kind: 'closed', connection: connection.id });
      }
      this.#closeAt(connection, 'reset');
    }
  }

  /** Nobody comes to a node any more, and only the first clients stay. */
  shun(node: number, isNodeAlive: boolean, staying: number): void {
    this.closed.add(node);
    this.dropAll(node, isNodeAlive, (client) => client < staying);
  }

  /**
   * All connections of a node die without a word: each end learns of it by waiting in vain, and a client
   * is back on another connection before the node has noticed.
   */
  silence(node: number): void {
    for (const connection of this.#byId.values()) {
      if (connection.node !== node || connection.isAbandoned) continue;
      this.#cuts += 1;
      connection.isNodeCut = true;
      connection.isClientCut = true;
      this.#world.recorder.mark('connection of a client dropped silently');
    }
  }

  /**
   * One end of each connection of a node closes it. Either the client, whose node sees the end while it
   * goes on to wait for answers; or the node's, which goes on to serve a client that has left.
   */
  halfClose(node: number, isByClient: boolean): void {
    for (const connection of [...this.#byId.values()]) {
      if (connection.node !== node || connection.isNodeCut || connection.isAbandoned) continue;
      this.#cuts += 1;
      const { client, link, id } = connection;
      const ticks = this.#lingering(connection);
      this.#world.recorder.mark('connection of a client closed at one end');
      if (isByClient) {
        this.#byId.delete(keyOf(node, id));
        connection.isOpen = false;
        this.#world.node(node).push({ kind: 'closed', connection: id });
        this.#world.later(ticks, () => {
          if (!this.#byLink.delete(keyOf(client.index, link))) return;
          client.receive({ kind: 'closed', link, reason: 'half-closed' });
        });
      } else {
        this.#byLink.delete(keyOf(client.index, link));
        this.#toClient(connection, { kind: 'closed', link, reason: 'half-closed' });
        connection.isClientCut = true;
        this.#abandon(connection, ticks);
      }
    }
  }

  /** The client is gone; the node learns of it later. */
  #abandon(connection: Connection, ticks: number): void {
    connection.isAbandoned = true;
    const { node, id } = connection;
    this.#world.later(ticks, () => {
      if (!this.#byId.delete(keyOf(node, id))) return;
      connection.isOpen = false;
      this.#world.node(node).push({ kind: 'closed', connection: id });
    });
  }

  #markDouble(client: ClientEnd): void {
    for (const other of this.#byId.values()) {
      if (other.client !== client) continue;
      this.#world.recorder.mark('two connections of one client');
      return;
    }
  }

  #lingering({ client, link }: Connection): number {
    return 1 + this.#world.dice.below(2000, domain.clientTrouble, client.index, link);
  }

  #damagedReply(connection: Connection, frame: Uint8Array): Uint8Array | undefined {
    const { client } = connection;
    if (client.damaged === undefined) return undefined;
    const damaged = this.damage?.reply(client.index, frame);
    if (damaged?.isTorn === true) connection.isTornToClient = true;
    return damaged?.bytes;
  }

  #requestBytes(connection: Connection, frame: Uint8Array): Uint8Array {
    const { client } = connection;
    const isSpared = client.damaged === undefined;
    const damaged = isSpared ? undefined : this.damage?.request(client.index, frame);
    if (damaged?.isTorn === true) connection.isTornToNode = true;
    if (damaged !== undefined || connection.isTornToNode) client.damaged?.(true);
    if (damaged === undefined) return this.#onTheWay.copy(frame);
    connection.reads ??= new FrameSplitter();
    return damaged.bytes;
  }

  /** What a node makes of a stream that is not what the client wrote. */
  #arrives(connection: Connection, chunk: Uint8Array): void {
    const { node, id, reads, isTornToNode } = connection;
    for (const frame of reads?.push(chunk) ?? []) {
      if (isTornToNode) this.damage?.arrived(frame);
      this.#world.arrived(node, id, frame);
    }
  }

  #closeAt(connection: Connection, reason: string): void {
    const { client, link } = connection;
    this.#byId.delete(keyOf(connection.node, connection.id));
    const isTold = !connection.isAbandoned && !connection.isClientCut;
    if (isTold) this.#toClient(connection, { kind: 'closed', link, reason });
    const target = this.#world.node(connection.node);
    if (connection.isOpen && target.isAlive) {
      target.push({ kind: 'closed', connection: connection.id });
    }
    connection.isOpen = false;
    this.#byLink.delete(keyOf(client.index, link));
  }

  #forget(connection: Connection): void {
    connection.isOpen = false;
    this.#byId.delete(keyOf(connection.node, connection.id));
    this.#byLink.delete(keyOf(connection.client.index, connection.link));
  }

  #toNode(connection: Connection, chunk: Uint8Array, whole: Uint8Array | undefined): void {
    const due = Math.max(connection.toNode, this.#world.tick + this.#draw(connection.client.index));
    connection.toNode = due;
    const isRead = connection.reads !== undefined;
    this.#world.later(due - this.#world.tick, () => {
      if (!connection.isOpen || connection.isNodeCut) return;
      const { node, id } = connection;
      if (isRead) this.#arrives(connection, chunk);
      if (whole !== undefined) this.#world.arrived(node, id, whole);
      this.#world.node(node).push({ kind: 'data', connection: id, chunk });
    });
  }

  #toClient(connection: Connection, event: ClientLinkEvent, isDamaged = false): void {
    const due = Math.max(
      connection.toClient,
      this.#world.tick + this.#draw(connection.client.index),
    );
    connection.toClient = due;
    const isStray = isDamaged || (connection.isTornToClient && event.kind === 'data');
    this.#world.later(due - this.#world.tick, () => {
      if (connection.isClientCut && event.kind !== 'closed') return;
      if (isStray) connection.client.damaged?.(false);
      connection.client.receive(event);
    });
  }

  #draw(client: number): number {
    this.#sends += 1;
    const { dice } = this.#world;
    return 1 + dice.exponential(this.#delay, domain.clientLink, client, this.#sends);
  }

  #pieceSize(client: number, at: number): number {
    if (this.#chunk === 0) return 0x7fff_ffff;
    return 1 + this.#world.dice.below(this.#chunk, domain.chunk, client, this.#sends, at);
  }
}

/** The connections of a run. */
export function hubOf({ workload, clientLinks }: Plan, world: HubWorld): ClientHub {
  const { linkDelay: delay, chunk } = workload;
  const { corruption = 0 } = clientLinks ?? {};
  const damage = corruption > 0 ? new ClientDamage(corruption, world.dice) : undefined;
  return new ClientHub(world, { delay, chunk, damage });
}

function newConnection(of: Pick<Connection, 'node' | 'id' | 'client' | 'link'>): Connection {
  return {
    ...of,
    isOpen: true,
    toNode: 0,
    toClient: 0,
    isNodeCut: false,
    isClientCut: false,
    isAbandoned: false,
    reads: undefined,
    isTornToNode: false,
    isTornToClient: false,
  };
}

/** One number for the end of a connection: a node or a client, and its number there. */
function keyOf(end: number, number: number): number {
  return end * 0x1_0000_0000 + number;
}
