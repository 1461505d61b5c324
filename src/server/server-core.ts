import { unreachable } from '../base/index.js';
import { Command, frameView } from '../wire/index.js';
import type { ServerConfig, ServerDeps } from './config.js';
import { type ConnectionSummary, summarize } from './connection-summary.js';
import { Connection } from './core/connection.js';
import { Core } from './core/core.js';
import type { Done } from './core/done.js';
import { drainCorrelated, onCorrelatedFrame } from './correlated/correlated-intake.js';
import { drain, onFrame } from './dispatch/intake.js';
import { settle } from './dispatch/outcomes.js';
import { onTick } from './dispatch/ticks.js';
import type { ServerEffect } from './effects.js';
import type { ServerEvent } from './events.js';
import { onForward, takeForwardResult } from './forwarding/forward-receiver.js';
import { onPasswordVerified } from './login/authenticate.js';
import { startHousekeeping } from './metadata/housekeeping.js';
import {
  onCurrentChecked,
  onNewPasswordHashed,
  onUserPasswordHashed,
} from './metadata/passwords.js';
import { onLookupConfirmed, onPartitionReadConfirmed } from './partitions/confirmed-reads.js';
import { onRoutedReply, onRoutedRequest } from './partitions/routed-requests.js';
import { onReadConfirmed } from './reads/reads.js';
import { onSnapshotCollected } from './reads/snapshot-file.js';
import { startHeartbeats } from './sessions/heartbeats.js';
import { onClosed } from './sessions/logout.js';

/**
 * The server of one node: sessions, login and registration, dispatch and reads for its connections,
 * and the receiving end of what other nodes forward. A synchronous function of its events; owned by
 * one caller.
 */
export class ServerCore {
  readonly #core: Core;

  constructor(config: ServerConfig, deps: ServerDeps) {
    this.#core = new Core(config, deps);
    startHeartbeats(this.#core);
    startHousekeeping(this.#core);
  }

  /** The connections of this node as they are now, in order of arrival. */
  connections(): readonly ConnectionSummary[] {
    const { tick } = this.#core.timers;
    return Array.from(this.#core.sessions.connections(), (each) => summarize(each, tick));
  }

  /** Work that somebody waits for, by kind: all zero in a server at rest. */
  outstanding(): Readonly<Record<string, number>> {
    const { pending, reads, forwards, passwords, handedOn } = this.#core;
    return {
      proposals: pending.size,
      reads: reads.size,
      forwards: forwards.size,
      'password jobs': passwords.size,
      'requests handed on': handedOn.size,
    };
  }

  /** Handles one event and returns what is to be done, in order. */
  step(event: ServerEvent): readonly ServerEffect[] {
    const core = this.#core;
    core.out = [];
    if ('now' in event) core.now = event.now;
    handle(core, event);
    for (let next = core.ready.shift(); next !== undefined; next = core.ready.shift()) {
      next.ready = false;
      if (next.framing === 'correlated') drainCorrelated(core, next);
      else drain(core, next);
    }
    return core.out;
  }
}

function handle(core: Core, event: ServerEvent): Done {
  switch (event.kind) {
    case 'frame': {
      const connection = core.sessions.get(event.connection);
      if (connection === undefined) return;
      const take = connection.framing === 'correlated' ? onCorrelatedFrame : onFrame;
      return take(core, connection, event.frame);
    }
    case 'outcome': {
      const pending = core.pending.get(event.token);
      core.pending.delete(event.token);
      return pending === undefined ? undefined : settle(core, pending, event.outcome);
    }
    case 'tick':
      return onTick(core);
    case 'opened':
      return onOpened(core, event);
    case 'closed': {
      const connection = core.sessions.get(event.connection);
      return connection === undefined ? undefined : onClosed(core, connection);
    }
    case 'read-outcome':
      return onReadOutcome(core, event.token, event.code);
    case 'password-verified':
      return onVerified(core, event.job, event.matches);
    case 'password-hashed':
      return onHashed(core, event.job, event.phc);
    case 'replica-frame':
      return onReplicaFrame(core, event.frame);
    case 'snapshot-collected':
      return onSnapshotCollected(core, event.job, event.archive);
    case 'users-ended':
      return onUsersEnded(core, event.users);
    default:
      return unreachable(event);
  }
}

function onOpened(core: Core, event: Extract<ServerEvent, { readonly kind: 'opened' }>): Done {
  const { connection: id, address, localAddress, transport, framing } = event;
  const { node } = core.config;
  const { tick } = core.timers;
  core.sessions.add(new Connection({ id, node, address, localAddress, transport, framing, tick }));
}

function onReadOutcome(core: Core, token: number, refusal: number): Done {
  const read = core.reads.get(token);
  if (read === undefined) return;
  core.reads.delete(token);
  if (read.kind === 'metadata') return onReadConfirmed(core, read.request, refusal);
  if (read.kind === 'lookup') return onLookupConfirmed(core, { ...read, refusal });
  onPartitionReadConfirmed(core, { ...read, refusal });
}

function onVerified(core: Core, job: number, matches: boolean): Done {
  const work = core.passwords.finish(job, core.out);
  if (work?.kind === 'login') return onPasswordVerified(core, { ...work, matches });
  if (work?.kind === 'check-current') return onCurrentChecked(core, { ...work, matches });
}

function onHashed(core: Core, job: number, phc: string): Done {
  const work = core.passwords.finish(job, core.out);
  if (work?.kind === 'create-user') return onUserPasswordHashed(core, { ...work, phc });
  if (work?.kind === 'new-password') return onNewPasswordHashed(core, { ...work, phc });
}

function onReplicaFrame(core: Core, frame: Uint8Array): Done {
  switch (frameView.command(frame)) {
    case Command.ForwardRegister:
    case Command.ForwardLogout:
      return onForward(core, frame);
    case Command.ForwardRegisterResult:
    case Command.ForwardLogoutResult: {
      const result = takeForwardResult(core, frame);
      return result === undefined ? undefined : settle(core, result.pending, result.outcome);
    }
    case Command.Request:
      return onRoutedRequest(core, frame);
    case Command.Reply:
      return onRoutedReply(core, frame);
    default:
  }
}

/** Deleted and deactivated users lose their sessions in the same apply; connections follow here. */
function onUsersEnded(core: Core, users: readonly number[]): Done {
  for (const connection of core.sessions.connections()) {
    const { binding } = connection;
    if (binding !== undefined && users.includes(binding.userId)) core.sessions.unbind(connection);
  }
}
