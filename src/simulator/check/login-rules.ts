import { Command, decodeResult, Operation, replyView } from '../../wire/index.js';
import type { SimNode } from '../world/sim-node.js';
import type { CanonicalEntry } from './canonical-log.js';
import type { ClientFrame, Judge, JudgeContext } from './judge.js';

/**
 * C5: a login, repeated or late, gives its client one live epoch, keeps the watermark, and is never
 * answered with what belongs to something else. C14: its answer names the login its entry began with.
 */
export class LoginJudge implements Judge {
  readonly #context: JudgeContext;
  /** Origin of a client's entry right after a login, by the op of that. */
  readonly #origins = new Map<number, number>();

  constructor(context: JudgeContext) {
    this.#context = context;
  }

  committed({ client, op, operation }: CanonicalEntry, _frame: Uint8Array, node: SimNode): void {
    if (operation !== Operation.Register) return;
    this.#origins.set(op, this.#context.canonical.sessions.originOf(client));
    const replica = node.host?.replica;
    // The first to commit may have applied more by now; then another epoch may be right.
    if (replica === undefined || replica.status.commitMin !== op) return;
    const { live, retired } = replica.clientTable();
    const mine = live.filter((entry) => entry.client === client);
    const expected = this.#context.canonical.sessions.live.get(client);
    if (expected === undefined) return;
    const [entry] = mine;
    if (mine.length !== 1 || retired.some((other) => other.client === client)) {
      this.#fail(`client ${client} has ${mine.length} live entries after its login`, node);
    } else if (entry?.epoch !== expected.epoch) {
      this.#fail(`client ${client} has epoch ${entry?.epoch ?? 0} after its login at ${op}`, node);
    } else if (entry.watermark < expected.watermark) {
      const detail = `the login at ${op} took client ${client} from ${expected.watermark} back to ${entry.watermark}`;
      this.#fail(detail, node);
    }
  }

  answered({ node, frame }: ClientFrame): void {
    if (frame.length < 256 || replyView.command(frame) !== Command.Reply) return;
    if (replyView.operation(frame) !== Operation.Register || replyView.status(frame) !== 0) return;
    const op = Number(replyView.op(frame));
    // A refusal carries the commit point of whoever refuses.
    if (op === 0 || !decodeResult(frame.subarray(256)).ok) return;
    const entry = this.#context.canonical.get(op);
    if (entry === undefined) {
      this.#fail(`a login was answered with op ${op} before that was committed`, node);
    } else if (entry.client !== replyView.client(frame) || entry.operation !== Operation.Register) {
      this.#fail(`a login was answered with op ${op}, which is something else`, node);
    }
    const origin = Number(replyView.context(frame) >> 64n);
    const expected = this.#origins.get(op) ?? origin;
    if (origin === 0 || origin === expected) return;
    const detail = `the login at ${op} was told origin ${origin}, its entry began at ${expected}`;
    this.#context.report({ class: 'C', invariant: 'C14', detail, node: node.index });
  }

  #fail(detail: string, node: SimNode): void {
    this.#context.report({ class: 'C', invariant: 'C5', detail, node: node.index });
  }
}
