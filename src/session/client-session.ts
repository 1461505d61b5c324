import { advance } from './advance.js';
import { onCall, onCancel, onConnect, onEnd, onLogin, onLogout } from './caller-events.js';
import { onTick } from './deadlines.js';
import type { ConnectionState, SessionEffect } from './effects.js';
import type { Endpoint } from './endpoint.js';
import type { SessionEvent } from './events.js';
import { dialFailed, linkLost, opened } from './link.js';
import type { SessionEntropy, SessionOptions } from './options.js';
import { onFrame, violation } from './received.js';
import { SessionCore } from './session-core.js';

/** A look at a session from outside. */
export interface SessionStatus {
  readonly state: ConnectionState;
  readonly clientId: bigint;
  /** Absent while not logged in. */
  readonly session: bigint | undefined;
  /** The number the next mutation gets. */
  readonly nextRequest: bigint;
  readonly endpoint: Endpoint | undefined;
  /** Nodes that would be dialled. */
  readonly known: readonly Endpoint[];
  readonly userId: number | undefined;
  readonly serverVersion: string | undefined;
  /** Packed. */
  readonly serverProtocolVersion: number | undefined;
  /** The server is one of this project. */
  readonly isOurs: boolean;
}

/**
 * The client's side of the protocol as a state machine: events in, effects out, no clock, no
 * sockets. It connects, logs in, follows the leader, numbers and replays requests, and finishes
 * after a lost connection what can be finished at most once.
 *
 * @source Iggy client session layer
 */
export class ClientSession {
  readonly #core: SessionCore;
  /** Emits `received` for every frame. */
  tracing = false;

  constructor(options: SessionOptions, entropy: SessionEntropy) {
    this.#core = new SessionCore(options, entropy);
  }

  /** When a `tick` is due at the latest; infinity = only when something else happens. */
  get wakeAt(): number {
    return this.#core.wakeAt;
  }

  /** True while a caller waits for an answer. */
  get isBusy(): boolean {
    return this.#core.isBusy;
  }

  get state(): ConnectionState {
    return stateOf(this.#core);
  }

  get status(): SessionStatus {
    const { identity, link, nodes, server } = this.#core;
    const isBound = identity.session !== undefined;
    return {
      state: this.state,
      clientId: identity.clientId,
      session: identity.session,
      nextRequest: identity.currentRequestId,
      endpoint: link?.endpoint,
      known: nodes.all,
      userId: isBound ? server?.userId : undefined,
      serverVersion: server?.version,
      serverProtocolVersion: server?.protocolVersion,
      isOurs: server?.isOurs ?? false,
    };
  }

  /** Takes one event and gives what has to be done, in order. */
  step(event: SessionEvent): readonly SessionEffect[] {
    const core = this.#core;
    core.now = event.now;
    this.#dispatch(event);
    advance(core);
    return core.takeEffects();
  }

  #dispatch(event: SessionEvent): void {
    const core = this.#core;
    switch (event.kind) {
      case 'connect':
        onConnect(core, event);
        return;
      case 'login':
        onLogin(core, event);
        return;
      case 'logout':
        onLogout(core, event);
        return;
      case 'call':
        onCall(core, event);
        return;
      case 'cancel':
        onCancel(core, event.call);
        return;
      case 'disconnect':
        onEnd(core, 'idle');
        return;
      case 'shutdown':
        onEnd(core, 'shutdown');
        return;
      case 'tick':
        onTick(core);
        return;
      case 'opened':
        if (isCurrent(core, event.link)) opened(core);
        return;
      case 'open-failed':
        if (isCurrent(core, event.link)) dialFailed(core, event.reason);
        return;
      case 'closed':
        if (isCurrent(core, event.link)) onClosed(core, event.reason);
        return;
      case 'data':
        if (isCurrent(core, event.link)) this.#onData(event.link, event.bytes);
    }
  }

  #onData(link: number, bytes: Uint8Array): void {
    const core = this.#core;
    const splitter = core.link?.splitter;
    for (const frame of splitter?.push(bytes) ?? []) {
      if (!isCurrent(core, link)) return;
      if (this.tracing) core.emit({ kind: 'received', link, frame });
      onFrame(core, frame);
      // What the answer makes possible happens before the next frame is looked at.
      advance(core);
    }
    const error = splitter?.error;
    if (error !== undefined && isCurrent(core, link)) violation(core, error.reason);
  }
}

function isCurrent({ link }: SessionCore, id: number): boolean {
  return link?.id === id;
}

/** The connection ended, or the attempt to open it did. */
function onClosed(core: SessionCore, reason: string): void {
  if (core.phase === 'dialling') dialFailed(core, reason);
  else linkLost(core, reason);
}

function stateOf({ phase }: SessionCore): ConnectionState {
  switch (phase) {
    case 'shutdown':
      return 'shutdown';
    case 'idle':
    case 'waiting':
      return 'disconnected';
    case 'dialling':
      return 'connecting';
    case 'open':
      return 'connected';
    case 'authenticating':
      return 'authenticating';
    case 'settling':
    case 'ready':
      return 'authenticated';
  }
}
