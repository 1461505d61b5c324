import { getU64 } from '../../base/index.js';
import { Command, frameSpecs, Operation, requestView } from '../../wire/index.js';
import type { SimNode } from '../world/sim-node.js';
import type { CanonicalEntry } from './canonical-log.js';
import type { ClientFrame, Judge, JudgeContext } from './judge.js';

/** Where a forwarded login names its client. */
const clientOffset = Object.values(frameSpecs).find(({ commands }) =>
  commands.some((command) => command === Command.ForwardRegister),
)?.codec.offsetOf['client'];

/** Judges nothing: marks the races between logins, logouts, evictions and elections that a run had. */
export class SessionRaces implements Judge {
  readonly #context: JudgeContext;
  /** Clients whose logout has arrived and is not in the log yet. */
  readonly #leaving = new Set<bigint>();
  /** Logins under way to a primary, by client, with the view of whoever handed them on. */
  readonly #forwarded = new Map<bigint, number>();

  constructor(context: JudgeContext) {
    this.#context = context;
  }

  arrived({ frame }: ClientFrame): void {
    if (frame.length < 256 || requestView.command(frame) !== Command.Request) return;
    const operation = requestView.operation(frame);
    const client = requestView.client(frame);
    if (operation === Operation.Logout) this.#leaving.add(client);
    if (operation !== Operation.Register) return;
    const { mark, canonical } = this.#context;
    if (this.#leaving.has(client)) mark('logout racing with a login');
    if (canonical.sessions.retired.has(client)) mark('late login after an eviction');
  }

  sent(node: SimNode, frame: Uint8Array): void {
    if (frame[60] !== Command.ForwardRegister || clientOffset === undefined) return;
    const client = (getU64(frame, clientOffset + 8) << 64n) | getU64(frame, clientOffset);
    this.#forwarded.set(client, node.host?.status.view ?? 0);
  }

  committed({ client, operation, view }: CanonicalEntry): void {
    if (operation === Operation.Logout) this.#leaving.delete(client);
    if (operation !== Operation.Register) return;
    const asked = this.#forwarded.get(client);
    this.#forwarded.delete(client);
    if (asked !== undefined && view > asked) {
      this.#context.mark('forwarded login and another primary');
    }
  }
}
