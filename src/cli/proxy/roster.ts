import { setU32 } from '../../base/index.js';
import type { TrafficEnd } from '../../cluster/index.js';
import {
  Command,
  commands,
  decode,
  encode,
  headerSize,
  replyHeader,
  replyView,
  requestView,
} from '../../wire/index.js';

/** Puts the proxy's address in place of every node's in the rosters that pass a connection. */
export class RosterRewriter {
  readonly #proxy: TrafficEnd;
  /** Codes of the requests that wait for an answer; servers answer in order. */
  readonly #waiting: number[] = [];

  constructor(proxy: TrafficEnd) {
    this.#proxy = proxy;
  }

  /** A frame from the client. */
  request(frame: Uint8Array): void {
    if (frame[60] === Command.Request) this.#waiting.push(requestView.commandCode(frame));
  }

  /** A frame from the server, changed if it is a roster. */
  reply(frame: Uint8Array): Uint8Array {
    if (frame[60] !== Command.Reply && frame[60] !== Command.Eviction) return frame;
    const code = this.#waiting.shift();
    const { code: roster, response } = commands.get_cluster_metadata;
    if (code !== roster || frame[60] !== Command.Reply || replyView.status(frame) !== 0)
      return frame;
    try {
      const { nodes, ...rest } = decode(response, frame.subarray(headerSize));
      const { address, port } = this.#proxy;
      const moved = nodes.map((node) => ({ ...node, ip: address, tcp: port }));
      const body = encode(response, { ...rest, nodes: moved });
      const changed = new Uint8Array(headerSize + body.length);
      changed.set(frame.subarray(0, headerSize));
      changed.set(body, headerSize);
      setU32(changed, replyHeader.offsetOf.size, changed.length);
      return changed;
    } catch {
      // Not the roster we know: passed on as it is.
      return frame;
    }
  }
}
