import type { ProposalOutcome } from '../../../src/consensus/index.js';
import type { Cluster } from './cluster.js';

interface Client {
  readonly id: bigint;
  session: number;
  request: bigint;
  /** Acknowledged session or request is waiting under this token. */
  token: number;
  waitingSince: number;
  node: number;
  state: 'idle' | 'registering' | 'requesting';
}

/** An answer a client got, to be held against the log in the end. */
export interface Acknowledged {
  readonly client: bigint;
  readonly request: bigint;
  readonly op: number;
}

const giveUpTicks = 300;

/** Clients in lockstep that retry under the same number until they get a final answer. */
export class Workload {
  readonly acknowledged: Acknowledged[] = [];
  readonly #clients: Client[];
  readonly #cluster: Cluster;

  constructor(cluster: Cluster, clients: number) {
    this.#cluster = cluster;
    this.#clients = Array.from({ length: clients }, (_, i) => ({
      id: BigInt(i + 1) << 64n,
      session: 0,
      request: 1n,
      token: 0,
      waitingSince: 0,
      node: 0,
      state: 'idle',
    }));
  }

  /** Answers are looked at and new requests made. */
  act(): void {
    for (const client of this.#clients) {
      if (client.state !== 'idle') this.#await(client);
      if (client.state === 'idle') this.#next(client);
    }
  }

  #next(client: Client): void {
    const cluster = this.#cluster;
    const primary = cluster.primary;
    if (primary < 0) return;
    client.node = primary;
    client.waitingSince = cluster.tick;
    if (client.session === 0) {
      client.state = 'registering';
      client.token = cluster.register(primary, client.id);
      return;
    }
    client.state = 'requesting';
    const { id, session, request } = client;
    const body = new Uint8Array([Number(request & 0xffn), Number(id >> 64n)]);
    const requestChecksum = (id >> 64n) * 1000n + request;
    client.token = cluster.request(primary, {
      client: id,
      session,
      request,
      body,
      requestChecksum,
    });
  }

  #await(client: Client): void {
    const outcome = this.#cluster.outcome(client.token);
    if (outcome === undefined) {
      // The node may have died with the request: ask again under the same number.
      const isGone = this.#cluster.node(client.node).replica === undefined;
      const isOld = this.#cluster.tick - client.waitingSince > giveUpTicks;
      if (isGone || isOld) client.state = 'idle';
      return;
    }
    this.#settle(client, outcome);
    client.state = 'idle';
  }

  #settle(client: Client, outcome: ProposalOutcome): void {
    switch (outcome.kind) {
      case 'registered':
        client.session = outcome.session;
        break;
      case 'committed':
      case 'duplicate': {
        const op = Number(
          new DataView(outcome.reply.buffer, outcome.reply.byteOffset).getBigUint64(176, true),
        );
        this.acknowledged.push({ client: client.id, request: client.request, op });
        client.request++;
        break;
      }
      case 'evicted':
        client.session = 0;
        break;
      case 'refused':
        if (outcome.code === 59) client.request++;
        break;
      default:
        throw new Error(`unexpected ${outcome.kind}`);
    }
  }
}
