import { getU32 } from '../../base/index.js';
import type { FrameEvent } from '../../client/index.js';
import { Command, commands, frameView, Operation, requestView } from '../../wire/index.js';
import { isVsr } from './frames.js';

const codeAt = 4;
const loginCodes: readonly number[] = [
  commands.login_register.code,
  commands.login_register_with_pat.code,
];

/** Keeps the frame that answered the last register of a client. */
export class RegisterReply {
  #frame: Uint8Array | undefined;
  /** Connection that waits for the answer. */
  #link: number | undefined;

  /** The whole frame; nothing before one came. */
  get frame(): Uint8Array | undefined {
    return this.#frame;
  }

  /** A frame that was sent or received. */
  see({ direction, link, bytes }: FrameEvent): void {
    if (direction === 'out') {
      if (isRegister(bytes)) this.#link = link;
    } else if (link === this.#link) {
      this.#link = undefined;
      this.#frame = bytes.slice();
    }
  }
}

function isRegister(bytes: Uint8Array): boolean {
  if (isVsr(bytes)) {
    return (
      frameView.command(bytes) === Command.Request &&
      requestView.operation(bytes) === Operation.Register
    );
  }
  return bytes.length >= codeAt + 4 && loginCodes.includes(getU32(bytes, codeAt));
}
