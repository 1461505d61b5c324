import type { Proposal } from '../consensus/index.js';
import {
  type ConnectionSummary,
  type ServerConfig,
  ServerCore,
  type ServerDeps,
  type ServerEffect,
  type ServerEvent,
} from '../server/index.js';
import { ClientDesk } from './client-desk.js';
import type { ConnectionInfo, HostInput } from './host-input.js';
import type { HostPorts } from './host-ports.js';

/** What the server wants of the rest of the node; done once its effects have been performed. */
export interface ServerActions {
  propose(proposal: Proposal, group: number | undefined): void;
  /** Asks a group for a confirmed read point; no group = metadata. */
  confirmRead(token: number, group: number | undefined): void;
  /** Frames of a connection that were held back may be taken. */
  feed(connection: number): void;
  push(input: HostInput): void;
  /** Wall time of the turn, microseconds. */
  now(): number;
  isStopped(): boolean;
}

/** The server of a node, the sockets it speaks through, and the work it has done outside. */
export class ServerHost {
  readonly #core: ServerCore;
  readonly #ports: HostPorts;
  readonly #actions: ServerActions;
  readonly #desk: ClientDesk;

  constructor(
    config: ServerConfig,
    deps: Omit<ServerDeps, 'entropy' | 'links' | 'system'>,
    ports: HostPorts,
    actions: ServerActions,
  ) {
    this.#ports = ports;
    this.#actions = actions;
    this.#desk = new ClientDesk(ports.clients, (connection, frame) =>
      this.step({ kind: 'frame', connection, frame, now: actions.now() }),
    );
    const { entropy, links } = ports;
    this.#core = new ServerCore(config, { ...deps, entropy, links, system: () => ports.system() });
  }

  connections(): readonly ConnectionSummary[] {
    return this.#core.connections();
  }

  outstanding(): Readonly<Record<string, number>> {
    return this.#core.outstanding();
  }

  open(info: ConnectionInfo): void {
    this.#desk.open(info.connection, info.framing);
    this.step({ kind: 'opened', ...info });
  }

  close(connection: number): void {
    if (!this.#desk.close(connection)) return;
    this.step({ kind: 'closed', connection, now: this.#actions.now() });
  }

  receive(connection: number, chunk: Uint8Array): void {
    this.#desk.receive(connection, chunk);
  }

  feed(connection: number): void {
    this.#desk.feed(connection);
  }

  drained(connection: number): void {
    if (this.#desk.drained(connection)) this.#desk.feed(connection);
  }

  step(event: ServerEvent): void {
    for (const effect of this.#core.step(event)) {
      if (this.#actions.isStopped()) return;
      this.#perform(effect);
    }
  }

  #perform(effect: ServerEffect): void {
    const { clients, links, hashing } = this.#ports;
    const { push } = this.#actions;
    switch (effect.kind) {
      case 'send':
        clients.send(effect.connection, effect.frame);
        break;
      case 'propose':
        this.#actions.propose(effect.proposal, undefined);
        break;
      case 'propose-partition':
        this.#actions.propose(effect.proposal, effect.group);
        break;
      case 'close':
        clients.close(effect.connection);
        break;
      case 'pause':
        // Not fed at once: the server is in the middle of its effects.
        if (this.#desk.pause(effect.connection, effect.paused)) {
          this.#actions.feed(effect.connection);
        }
        break;
      case 'confirm-read':
        this.#actions.confirmRead(effect.token, effect.group);
        break;
      case 'forward':
        links.send(effect.replica, effect.frame);
        break;
      case 'verify-password':
        hashing.verify(effect.password, effect.phc, (matches) =>
          push({ kind: 'password-verified', job: effect.job, matches }),
        );
        break;
      case 'hash-password':
        hashing.hash(effect.password, (phc) =>
          push({ kind: 'password-hashed', job: effect.job, phc }),
        );
        break;
      case 'collect-snapshot':
        this.#ports.collectSnapshot(effect.request, (archive) =>
          push({ kind: 'snapshot-collected', job: effect.job, archive }),
        );
        break;
      case 'log':
        this.#ports.log.write(effect);
        break;
    }
  }
}
