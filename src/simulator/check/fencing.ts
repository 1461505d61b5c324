import { Command, Operation, replyView, requestView } from '../../wire/index.js';
import type { CanonicalEntry } from './canonical-log.js';
import type { ClientFrame, Judge, JudgeContext } from './judge.js';
import { isRefusal } from './refusal.js';
import { epochAt, lineOf } from './session-lookup.js';

/**
 * C4: once a login with epoch e is in the log, nothing that was sent under an older session comes
 * behind it; and a replica whose table knows e answers such a request by an eviction or a
 * transient code, never from its cache.
 */
export class FencingJudge implements Judge {
  readonly #context: JudgeContext;
  /** Highest session under which a request was sent, by client and number. */
  readonly #sessions = new Map<bigint, Map<bigint, number>>();
  /** What the newest login of a connection was given, by node and connection. */
  readonly #bound = new Map<number, { readonly client: bigint; readonly session: number }>();
  /** Requests that came too late, by node, connection, client and number. */
  readonly #stale = new Set<string>();

  constructor(context: JudgeContext) {
    this.#context = context;
  }

  arrived({ node, connection, frame }: ClientFrame): void {
    if (!isMutation(frame)) return;
    // What the frame says of client and session does not count, but what its connection is bound to.
    // Where a login is not answered yet that may be any.
    const line = lineOf(node, connection);
    const bound = this.#bound.get(line);
    const client = bound?.client ?? requestView.client(frame);
    const number = requestView.request(frame);
    const session = bound?.session ?? Number.POSITIVE_INFINITY;
    this.#sentUnder(client, number, session);
    const known = epochAt(node, client);
    if (known > session) {
      this.#stale.add(`${line}/${client}/${number}`);
      this.#context.mark('request of a fenced session');
    } else if (this.#stale.size > 0) {
      this.#stale.delete(`${line}/${client}/${number}`);
    }
  }

  answered({ node, connection, frame }: ClientFrame): void {
    if (frame.length < 256 || replyView.command(frame) !== Command.Reply) return;
    const operation = replyView.operation(frame);
    const isLogin = operation === Operation.Register;
    const isMine = operation >= firstMutation && operation < firstOfPartitions;
    if (replyView.status(frame) !== 0 || (!isLogin && !isMine) || isRefusal(frame)) return;
    const line = lineOf(node, connection);
    const op = Number(replyView.op(frame));
    const client = replyView.client(frame);
    if (isLogin) this.#bound.set(line, { client, session: op });
    if (isLogin) return;
    const number = replyView.request(frame);
    const entry = this.#context.canonical.get(op);
    if (entry?.client !== client || entry.request !== number) return;
    if (this.#stale.size === 0 || !this.#stale.has(`${line}/${client}/${number}`)) return;
    const detail = `r${node.index}: request ${number} of a fenced session of client ${client} was answered with op ${op}`;
    this.#context.report({ class: 'C', invariant: 'C4', detail, node: node.index });
  }

  #sentUnder(client: bigint, number: bigint, session: number): void {
    let sessions = this.#sessions.get(client);
    if (sessions === undefined) {
      sessions = new Map();
      this.#sessions.set(client, sessions);
    }
    sessions.set(number, Math.max(session, sessions.get(number) ?? 0));
  }

  committed({ client, request, op, operation }: CanonicalEntry): void {
    if (operation < firstMutation || client === 0n) return;
    const sent = this.#sessions.get(client)?.get(request);
    const epoch = this.#context.canonical.sessions.epochOf(client);
    if (sent === undefined || sent >= epoch) return;
    const detail = `op ${op} is request ${request} of client ${client}, sent under session ${sent}, behind its login at ${epoch}`;
    this.#context.report({ class: 'C', invariant: 'C4', detail });
  }
}

/** Operations below are logins, logouts and reads. */
const firstMutation = Operation.CreateStream;
/** Operations from here on belong to partitions. */
const firstOfPartitions = 160;

function isMutation(frame: Uint8Array): boolean {
  if (frame.length < 256 || requestView.command(frame) !== Command.Request) return false;
  const operation = requestView.operation(frame);
  return operation >= firstMutation && operation < firstOfPartitions;
}
