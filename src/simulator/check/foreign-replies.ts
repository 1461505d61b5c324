import { Command, Operation, replyView, requestView } from '../../wire/index.js';
import type { ClientFrame, Judge, JudgeContext } from './judge.js';
import { isRefusal } from './refusal.js';
import { lineOf } from './session-lookup.js';

/** What came in on a connection. */
interface Asked {
  readonly clients: Set<bigint>;
  readonly numbers: Set<bigint>;
}

/** C7: what a connection is answered belongs to a client that speaks there, and to what it asked. */
export class ForeignReplyJudge implements Judge {
  readonly #context: JudgeContext;
  readonly #asked = new Map<number, Asked>();

  constructor(context: JudgeContext) {
    this.#context = context;
  }

  arrived({ node, connection, frame }: ClientFrame): void {
    if (frame.length < 256 || requestView.command(frame) !== Command.Request) return;
    const line = lineOf(node, connection);
    let asked = this.#asked.get(line);
    if (asked === undefined) {
      asked = { clients: new Set(), numbers: new Set() };
      this.#asked.set(line, asked);
    }
    asked.clients.add(requestView.client(frame));
    asked.numbers.add(requestView.request(frame));
  }

  answered({ node, connection, frame }: ClientFrame): void {
    if (frame.length < 256 || replyView.command(frame) !== Command.Reply) return;
    const operation = replyView.operation(frame);
    const isMetadata = operation >= Operation.CreateStream && operation < firstOfPartitions;
    if (!isMetadata || replyView.status(frame) !== 0 || isRefusal(frame)) return;
    const asked = this.#asked.get(lineOf(node, connection));
    const client = replyView.client(frame);
    const number = replyView.request(frame);
    if (asked?.clients.has(client) === true && asked.numbers.has(number)) return;
    const detail = `r${node.index}: a connection was given the answer to request ${number} of client ${client}, which nobody asked there`;
    this.#context.report({ class: 'C', invariant: 'C7', detail, node: node.index });
  }
}

/** Operations from here on belong to partitions. */
const firstOfPartitions = 160;
