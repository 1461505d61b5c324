import { type ServerConfig, type ServerDeps, tickMillis } from '../config.js';
import type { CorrelatedState } from '../correlated/correlated-state.js';
import type { ServerEffect, ServerLogFields, ServerLogLevel } from '../effects.js';
import { Forwards } from '../forwarding/forwards.js';
import { LoginAttempts } from '../login/login-attempts.js';
import type { HousekeepingView } from '../machine-view.js';
import { PasswordJobs } from '../metadata/password-jobs.js';
import type { PasswordWork } from '../metadata/password-work.js';
import { Arrivals } from '../partitions/arrivals.js';
import { HandedOn } from '../partitions/handed-on.js';
import { SessionManager } from '../sessions/session-manager.js';
import type { Connection } from './connection.js';
import type { Done } from './done.js';
import type { Pending, PendingRead } from './pending.js';
import type { Request } from './request.js';
import type { TimerEntry } from './timer-entry.js';
import { Timers } from './timers.js';

/** The state all rules of the server share. Owned by one `ServerCore`; rules change it in place. */
export class Core {
  readonly config: ServerConfig;
  readonly deps: ServerDeps;
  readonly sessions = new SessionManager();
  readonly timers = new Timers<TimerEntry>();
  readonly forwards: Forwards;
  /** Failed logins of the recent past. */
  readonly attempts: LoginAttempts;
  readonly passwords: PasswordJobs<PasswordWork>;
  /** Proposals whose outcome is awaited, by token. */
  readonly pending = new Map<number, Pending>();
  /** Sessions of disconnected clients that may come back, by client id. */
  readonly graces = new Map<bigint, number>();
  /** Reads that wait for a confirmed read point, by token. */
  readonly reads = new Map<number, PendingRead>();
  /** Requests handed to the primaries of partitions. */
  readonly handedOn: HandedOn;
  /** Requests of other nodes for partitions that are not there yet. */
  readonly arrivals = new Arrivals();
  /** Where balanced sends go next, by the topic's first group. */
  readonly balancedCursors = new Map<number, { readonly createdAt: number; next: number }>();
  /** State of the connections with correlated frames, by connection. */
  readonly correlated = new Map<number, CorrelatedState>();
  /** The snapshot file under collection. */
  collection: { readonly job: number; readonly request: Request } | undefined;
  /** Deletions of expired tokens still to propose; the first is under way. */
  tokenDeletes: HousekeepingView[] = [];
  tokensInPass = 0;
  /** Client ids of the revocations under way. */
  readonly revocations = new Set<bigint>();
  /** Connections whose next frame may be looked at once the current event is done. */
  readonly ready: Connection[] = [];
  /** Wall time of the current event, microseconds. */
  now = 0;
  /** Effects of the current step. */
  out: ServerEffect[] = [];
  #token = 0;

  constructor(config: ServerConfig, deps: ServerDeps) {
    this.config = config;
    this.deps = deps;
    this.attempts = new LoginAttempts({
      free: config.freeLoginAttempts,
      ticks: config.loginAttemptIntervalMillis / tickMillis,
    });
    this.forwards = new Forwards(config.node, config.bootIncarnation);
    this.handedOn = new HandedOn(config.bootIncarnation);
    this.passwords = new PasswordJobs(
      config.maxPasswordJobs,
      (work) => work.kind !== 'login' || !work.login.request.connection.gone,
    );
  }

  /** A number no other outstanding proposal, read round or collection has. */
  nextToken(): number {
    this.#token += 1;
    return this.#token;
  }

  log(level: ServerLogLevel, event: string, fields: ServerLogFields): Done {
    this.out.push({ kind: 'log', level, event, fields });
  }
}
