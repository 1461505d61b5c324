import {
  Command,
  commands,
  decode,
  isWireError,
  Operation,
  requestView,
} from '../../wire/index.js';
import type { SimNode } from '../world/sim-node.js';
import type { CanonicalEntry } from './canonical-log.js';
import type { ClientFrame, Judge, JudgeContext } from './judge.js';

/** The password of every account of a simulated cluster. */
export const rightPassword = 'secret';
const secretBytes = Uint8Array.from(rightPassword, (letter) => letter.charCodeAt(0));

/**
 * C11: no login without proof. A Register in the log had a login frame with the right password of
 * that very user before it; what one node forwards to another holds no secret; a live entry is
 * never handed to another user.
 */
export class ProofJudge implements Judge {
  readonly #context: JudgeContext;
  /** User names that were proven, by client. */
  readonly #proven = new Map<bigint, Set<string>>();

  constructor(context: JudgeContext) {
    this.#context = context;
  }

  arrived({ frame }: ClientFrame): void {
    if (frame.length < 256 || requestView.command(frame) !== Command.Request) return;
    if (requestView.operation(frame) !== Operation.Register) return;
    const login = loginIn(frame);
    if (login === undefined || login.password !== rightPassword) return;
    const client = requestView.client(frame);
    const names = this.#proven.get(client) ?? new Set();
    names.add(login.username);
    this.#proven.set(client, names);
  }

  sent(node: SimNode, frame: Uint8Array): void {
    if (frame[60] !== Command.ForwardRegister) return;
    this.#context.mark('forwarded login');
    if (!contains(frame, secretBytes)) return;
    this.#fail('a forwarded login holds the password', node.index);
  }

  committed({ client, op, operation, userId }: CanonicalEntry): void {
    if (operation !== Operation.Register) return;
    const name = this.#context.canonical.metadata.users.get(userId);
    const names = this.#proven.get(client);
    if (names === undefined) {
      this.#fail(`op ${op} logs client ${client} in, which never had a right password`);
    } else if (name !== undefined && !names.has(name)) {
      this.#fail(`op ${op} logs client ${client} in as ${name}, which it did not prove to be`);
    }
  }

  #fail(detail: string, node?: number): void {
    const where = node === undefined ? {} : { node };
    this.#context.report({ class: 'C', invariant: 'C11', detail, ...where });
  }
}

function loginIn(frame: Uint8Array): { username: string; password: string } | undefined {
  try {
    return decode(commands.login_register.request, frame.subarray(256));
  } catch (error) {
    if (isWireError(error)) return undefined;
    throw error;
  }
}

function contains(frame: Uint8Array, wanted: Uint8Array): boolean {
  for (let at = 0; at + wanted.length <= frame.length; at++) {
    let length = 0;
    while (length < wanted.length && frame[at + length] === wanted[length]) length += 1;
    if (length === wanted.length) return true;
  }
  return false;
}
