import { Command, decodeResult, Operation, replyView, requestView } from '../../wire/index.js';
import type { SimNode } from '../world/sim-node.js';
import type { CanonicalEntry } from './canonical-log.js';
import type { ClientFrame, Judge, JudgeContext } from './judge.js';
import { lineOf } from './session-lookup.js';

/** A connection that was given a session and has done nothing to end it. */
interface Holder {
  readonly node: SimNode;
  readonly starts: number;
  readonly connection: number;
  readonly session: number;
}

/** The outcome is not known, or nothing was done yet. */
const transientCodes: ReadonlySet<number> = new Set([57, 58]);

/**
 * C8: a logout of an older session leaves the newer one alone. The entry in the log names no session;
 * but one that ends a session whose connection is open and never asked for it was meant for another.
 */
export class LogoutJudge implements Judge {
  readonly #context: JudgeContext;
  readonly #holders = new Map<bigint, Holder>();
  /** Connections that asked for a logout; whatever ends there was asked for. */
  readonly #leaving = new Set<number>();
  /** Logins that are not answered yet, by connection: they end the session before. */
  readonly #changing = new Map<number, number>();
  /** Connections whose last login was put off: the session before may be about to end all the same. */
  readonly #undecided = new Set<number>();

  constructor(context: JudgeContext) {
    this.#context = context;
  }

  arrived({ node, connection, frame }: ClientFrame): void {
    if (frame.length < 256 || requestView.command(frame) !== Command.Request) return;
    const operation = requestView.operation(frame);
    const line = lineOf(node, connection);
    if (operation === Operation.Logout) this.#leaving.add(line);
    if (operation !== Operation.Register) return;
    this.#changing.set(line, (this.#changing.get(line) ?? 0) + 1);
  }

  answered({ node, connection, frame }: ClientFrame): void {
    if (frame.length < 256 || replyView.command(frame) !== Command.Reply) return;
    if (replyView.operation(frame) !== Operation.Register) return;
    const line = lineOf(node, connection);
    this.#changing.set(line, Math.max(0, (this.#changing.get(line) ?? 0) - 1));
    const session = Number(replyView.op(frame));
    const code = codeOf(frame);
    if (transientCodes.has(code)) this.#undecided.add(line);
    if (code !== 0 || session === 0) return;
    this.#undecided.delete(line);
    const client = replyView.client(frame);
    if (session < (this.#holders.get(client)?.session ?? 0)) return;
    this.#holders.set(client, { node, starts: node.starts, connection, session });
  }

  committed({ client, op, operation }: CanonicalEntry): void {
    if (operation !== Operation.Logout) return;
    const holder = this.#holders.get(client);
    if (holder?.session !== this.#context.canonical.sessions.epochOf(client)) return;
    const { node, starts, connection, session } = holder;
    const line = lineOf(node, connection);
    const isHeld = node.starts === starts && this.#context.isOpen(node.index, connection);
    if (!isHeld || this.#leaving.has(line) || this.#undecided.has(line)) return;
    if ((this.#changing.get(line) ?? 0) > 0) return;
    const detail = `op ${op} ends session ${session} of client ${client}, whose connection to r${node.index} is open and did not ask for it`;
    this.#context.report({ class: 'C', invariant: 'C8', detail, node: node.index });
  }
}

/** What a login was answered with, in the header or in the body; 0 = it succeeded. */
function codeOf(frame: Uint8Array): number {
  const status = replyView.status(frame);
  if (status !== 0) return status;
  const result = decodeResult(frame.subarray(256));
  return result.ok ? 0 : result.code;
}
