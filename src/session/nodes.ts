import { type Endpoint, sameEndpoint } from './endpoint.js';
import type { ReconnectOptions } from './options.js';

interface KnownNode {
  readonly endpoint: Endpoint;
  /** When it was last connected to; it is not dialled again too soon after. */
  connectedAt: number | undefined;
  failedAt: number | undefined;
}

/** What to do to get a connection. */
export type NextDial =
  | { readonly kind: 'dial'; readonly endpoint: Endpoint }
  /** All nodes of this round have to wait. */
  | { readonly kind: 'wait'; readonly until: number }
  /** Every node was tried. */
  | { readonly kind: 'round-over' };

/**
 * The nodes a client may dial: the configured seeds and those of the newest roster, the current one
 * first, each once per round. @source Iggy client session layer, reconnect
 */
export class NodeList {
  readonly #seeds: readonly KnownNode[];
  readonly #reconnect: ReconnectOptions;
  #roster: readonly KnownNode[] = [];
  #current: Endpoint | undefined;
  /** Nodes of this round that were not tried yet. */
  #round: KnownNode[] | undefined;

  constructor(seeds: readonly Endpoint[], reconnect: ReconnectOptions) {
    this.#seeds = seeds.map(unknownNode);
    this.#reconnect = reconnect;
  }

  /** Every known endpoint once, seeds first. */
  get all(): readonly Endpoint[] {
    return this.#known().map((node) => node.endpoint);
  }

  /** The next step of this round; starts a round when there is none. */
  next(now: number): NextDial {
    this.#round ??= this.#ordered();
    const round = this.#round;
    if (round.length === 0) {
      this.#round = undefined;
      return { kind: 'round-over' };
    }
    const ready = round.findIndex((node) => this.#notBefore(node) <= now);
    const [node] = ready < 0 ? [] : round.splice(ready, 1);
    if (node !== undefined) return { kind: 'dial', endpoint: node.endpoint };
    return { kind: 'wait', until: Math.min(...round.map((each) => this.#notBefore(each))) };
  }

  /** The next round begins with `target`, at once; what was tried before does not count. */
  redirectTo(target: Endpoint): void {
    const node = this.#find(target) ?? unknownNode(target);
    node.connectedAt = undefined;
    // The node that is left on purpose may be returned to at once.
    this.forgive();
    this.#round = [node, ...this.#ordered().filter((each) => each !== node)];
  }

  /** True when another node than the current one is known. */
  hasAlternative(): boolean {
    return this.#known().length > 1;
  }

  /** The current node may be dialled again at once. */
  forgive(): void {
    const node = this.#current === undefined ? undefined : this.#find(this.#current);
    if (node !== undefined) node.connectedAt = undefined;
  }

  /** The next round begins with another node than the current one. */
  leave(): void {
    const [first, ...others] = this.#ordered();
    this.#round = first === undefined ? [] : [...others, first];
  }

  connected(endpoint: Endpoint, now: number): void {
    this.#current = endpoint;
    this.#round = undefined;
    const node = this.#find(endpoint);
    if (node === undefined) return;
    node.connectedAt = now;
    node.failedAt = undefined;
  }

  failed(endpoint: Endpoint, now: number): void {
    const node = this.#find(endpoint);
    if (node !== undefined) node.failedAt = now;
  }

  /** True when dialling it failed within the last `millis`. */
  failedRecently(endpoint: Endpoint, now: number, millis: number): boolean {
    const at = this.#find(endpoint)?.failedAt;
    return at !== undefined && now - at <= millis;
  }

  /** Replaces what the last roster told. */
  learn(endpoints: readonly Endpoint[]): void {
    this.#roster = endpoints
      .filter((endpoint) => endpoint.port !== 0)
      .map((endpoint) => this.#find(endpoint) ?? unknownNode(endpoint));
  }

  /** A fresh start: every node may be dialled at once. */
  restart(): void {
    this.#round = undefined;
    for (const node of [...this.#seeds, ...this.#roster]) node.connectedAt = undefined;
  }

  #notBefore({ connectedAt }: KnownNode): number {
    return connectedAt === undefined ? 0 : connectedAt + this.#reconnect.reestablishAfterMillis;
  }

  #known(): readonly KnownNode[] {
    const known: KnownNode[] = [];
    for (const node of [...this.#seeds, ...this.#roster]) {
      if (!known.some((each) => sameEndpoint(each.endpoint, node.endpoint))) known.push(node);
    }
    return known;
  }

  /** All nodes, beginning with the current one and going round. */
  #ordered(): KnownNode[] {
    const known = this.#known();
    const current = this.#current;
    const start =
      current === undefined
        ? 0
        : Math.max(
            0,
            known.findIndex((node) => sameEndpoint(node.endpoint, current)),
          );
    return [...known.slice(start), ...known.slice(0, start)];
  }

  #find(endpoint: Endpoint): KnownNode | undefined {
    return [...this.#seeds, ...this.#roster].find((node) => sameEndpoint(node.endpoint, endpoint));
  }
}

function unknownNode(endpoint: Endpoint): KnownNode {
  return { endpoint, connectedAt: undefined, failedAt: undefined };
}
