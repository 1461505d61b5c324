import { Slab } from '../../base/index.js';
import type { ClientLinks } from '../../ports/index.js';
import { type Dice, domain } from '../random/draw.js';
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
}

interface Connection {
  readonly node: number;
  readonly id: number;
  readonly client: ClientEnd;
  readonly link: number;
  isOpen: boolean;
  toNode: number;
  toClient: number;
}

/** What the connections of clients need of the world. */
export interface HubWorld {
  readonly tick: number;
  readonly dice: Dice;
  node(index: number): SimNode;
  later(ticks: number, run: () => void): void;
  /** A frame for a client leaves a node. */
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
  /** Nodes whose answers get lost: how many in a million. */
  readonly lossy = new Map<number, number>();
  #sends = 0;
  /** What is on its way; both ends may change or keep what they gave. */
  readonly #onTheWay = new Slab(slabBytes, slabBytes);

  constructor(world: HubWorld, options: { readonly delay: number; readonly chunk: number }) {
    this.#world = world;
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
        this.#world.answered(node, id, connection.client.index, frame);
        const loss = this.lossy.get(node) ?? 0;
        if (loss > 0 && this.#world.dice.chance(loss, domain.lostReply, node, this.#sends)) {
          this.#sends += 1;
          return;
        }
        this.#toClient(connection, {
          kind: 'data',
          link: connection.link,
          bytes: this.#onTheWay.copy(frame),
        });
      },
      close: (id) => {
        const connection = find(id);
        if (connection !== undefined) this.#closeAt(connection, 'closed by the node');
      },
      pause: () => undefined,
      queuedBytes: () => 0,
    };
  }

  dial(client: ClientEnd, link: number, node: number): void {
    const delay = this.#draw(client.index);
    this.#world.later(delay, () => {
      const target = this.#world.node(node);
      if (!target.isAlive || this.closed.has(node)) {
        const event = { kind: 'open-failed', link, reason: 'refused' } as const;
        this.#world.later(delay, () => client.receive(event));
        return;
      }
      const id = (this.#counts[node] ?? 0) + 1;
      this.#counts[node] = id;
      const connection = { node, id, client, link, isOpen: true, toNode: 0, toClient: 0 };
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
    this.#forget(connection);
    this.#world.later(this.#draw(client), () => {
      this.#world.node(connection.node).push({ kind: 'closed', connection: connection.id });
    });
  }

  send(client: number, link: number, frame: Uint8Array): void {
    const connection = this.#byLink.get(keyOf(client, link));
    if (connection === undefined || !connection.isOpen) return;
    const bytes = this.#onTheWay.copy(frame);
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + this.#pieceSize(client, at) + (frame.length >> 8));
      const whole = end === bytes.length ? bytes : undefined;
      const isAll = at === 0 && whole !== undefined;
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

  #closeAt(connection: Connection, reason: string): void {
    const { client, link } = connection;
    this.#byId.delete(keyOf(connection.node, connection.id));
    this.#toClient(connection, { kind: 'closed', link, reason });
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
    this.#world.later(due - this.#world.tick, () => {
      if (!connection.isOpen) return;
      const { node, id } = connection;
      if (whole !== undefined) this.#world.arrived(node, id, whole);
      this.#world.node(node).push({ kind: 'data', connection: id, chunk });
    });
  }

  #toClient(connection: Connection, event: ClientLinkEvent): void {
    const due = Math.max(
      connection.toClient,
      this.#world.tick + this.#draw(connection.client.index),
    );
    connection.toClient = due;
    this.#world.later(due - this.#world.tick, () => connection.client.receive(event));
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

/** One number for the end of a connection: a node or a client, and its number there. */
function keyOf(end: number, number: number): number {
  return end * 0x1_0000_0000 + number;
}
