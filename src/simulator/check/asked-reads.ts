import { Command, frameView, Operation, replyView, requestView } from '../../wire/index.js';

interface Asked<About> {
  readonly code: number;
  readonly about: About | undefined;
}

/**
 * What a client's connection asked for outside of any log. A node answers such requests in their
 * order, so the oldest one is answered next. An eviction names no request: what comes behind it is
 * not matched until a login was answered, before which everything older was.
 */
export class AskedReads<About> {
  #waiting: Asked<About>[] = [];
  #isSure = true;

  /** A new connection: nothing that was asked before is answered on it. */
  dialled(): void {
    this.#waiting = [];
    this.#isSure = true;
  }

  /** Bytes of a request changed on the way: what the node makes of it is not known. */
  unsure(): void {
    this.#waiting = [];
    this.#isSure = false;
  }

  /** A request is put on the connection. @param about what its answer is judged by */
  requested(frame: Uint8Array, about: About | undefined): void {
    if (requestView.operation(frame) !== Operation.NonReplicated) return;
    this.#waiting.push({ code: requestView.commandCode(frame), about });
  }

  /** A frame leaves for the client: what it answers, if it is the answer to a read. */
  answered(frame: Uint8Array): Asked<About> | undefined {
    const command = frameView.command(frame);
    if (command === Command.Eviction) this.unsure();
    if (command !== Command.Reply) return undefined;
    const operation = replyView.operation(frame);
    if (operation === Operation.Register) this.dialled();
    if (operation !== Operation.NonReplicated || !this.#isSure) return undefined;
    return this.#waiting.shift();
  }
}
