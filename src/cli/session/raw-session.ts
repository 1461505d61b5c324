import type { RawConnectionOptions } from '../../client/index.js';
import { type CommandKey, commands, decode, encode, type RequestOf } from '../../wire/index.js';
import { CliError } from '../cli-error.js';
import type { FoundCredentials } from '../connect/credentials.js';
import { requestFrameOf } from '../connect/dry-run.js';
import { loginFrame } from './login-frame.js';
import { answerText, isTransientAnswer, type RawAnswer } from './raw-answer.js';
import { RawLink } from './raw-link.js';

/** Where raw sessions are opened, and how. */
export interface RawTarget {
  readonly server: string;
  readonly options: RawConnectionOptions;
  readonly credentials: FoundCredentials;
  /** How long a transient refusal is tried again, and silence is waited for. */
  readonly timeoutMillis: number;
}

const pauseMillis = 50;

/** A client identity on one connection, with every number in the caller's hands. */
export class RawSession {
  readonly clientId: bigint;
  readonly link: RawLink;
  /** Session fence epoch of the last login here; 0 before it. */
  session = 0n;
  readonly #target: RawTarget;

  private constructor(target: RawTarget, link: RawLink, clientId: bigint) {
    this.#target = target;
    this.link = link;
    this.clientId = clientId;
  }

  /** A connection that has not logged in. */
  static async connect(target: RawTarget, clientId: bigint): Promise<RawSession> {
    return new RawSession(target, await RawLink.open(target.server, target.options), clientId);
  }

  /** Registers; transient refusals are tried again. @throws CliError when it is refused */
  async login(): Promise<RawAnswer> {
    const answer = await this.patiently(loginFrame(this.#target.credentials, this.clientId));
    if (answer.kind !== 'reply') {
      throw new CliError('E_FAILED', `the login was not answered: ${answerText(answer)}`);
    }
    const { session } = decode(commands.login_register.response, answer.payload, {
      allowTrailing: true,
    });
    this.session = session;
    return answer;
  }

  /** The frame of a request in this session, stamped. */
  frame<N extends CommandKey>(
    name: N,
    request: RequestOf<N>,
    number: bigint,
    session: bigint = this.session,
  ): Uint8Array {
    const { code, request: codec } = commands[name];
    const body = encode(codec as never, request as never);
    return requestFrameOf({ code, body, clientId: this.clientId, session, request: number });
  }

  logoutFrame(number: bigint): Uint8Array {
    const { clientId, session } = this;
    const request = number;
    return requestFrameOf({
      ...{ code: commands.logout_user.code, body: new Uint8Array(), clientId, session, request },
    });
  }

  /** Sends a frame again for as long as the answer is transient. */
  async patiently(frame: Uint8Array): Promise<RawAnswer> {
    const end = performance.now() + this.#target.timeoutMillis;
    for (;;) {
      const answer = await this.link.ask(frame, this.#target.timeoutMillis);
      if (!isTransientAnswer(answer) || performance.now() > end) return answer;
      await new Promise((resolve) => setTimeout(resolve, pauseMillis));
    }
  }

  close(): void {
    this.link.close();
  }
}
