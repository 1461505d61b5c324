import { getU32 } from '../../base/index.js';
import {
  Command,
  commandCodeOfOperation,
  genericHeader,
  Operation,
  replyHeader,
  requestHeader,
  requestView,
} from '../../wire/index.js';
import type { Family } from '../framing/family.js';
import type { PairView } from './frame-view.js';
import { requestCode } from './plain.js';

/** A request that has not been answered yet. */
interface Open {
  readonly index: number;
  readonly timeMicros: number | undefined;
  /** Request number, or the id of a correlated frame, in two halves. */
  readonly low: number;
  readonly high: number;
  /** The operation a reply will carry; -1 in framings without one. */
  readonly operation: number;
  readonly code: number | undefined;
}

/** What a reply answers. */
export interface Answered {
  readonly code: number | undefined;
  readonly pair: PairView | undefined;
}

const nothing: Answered = { code: undefined, pair: undefined };
const mostOpen = 4096;

/** Operations that a reply names by the number under which they were replicated. */
const repliedAs: ReadonlyMap<number, number> = new Map([
  [Operation.CreateTopic, Operation.CreateTopicWithAssignments],
  [Operation.CreatePartitions, Operation.CreatePartitionsWithAssignments],
  [Operation.DeleteSegments, Operation.TruncatePartition],
]);

/**
 * Remembers the requests of one connection and finds the one that a reply belongs to. A client
 * asks one thing at a time, so the oldest request with the same number is the one; an eviction
 * answers the oldest of all.
 */
export class Pairing {
  #open: Open[] = [];
  /** Entries before this one are gone; they are removed many at a time. */
  #first = 0;

  /** Takes note of a frame; returns what it answers, or that it is a request. */
  add(family: Family, bytes: Uint8Array, index: number, timeMicros: number | undefined): Answered {
    if (family === 'vsr') return this.#consensus(bytes, index, timeMicros);
    const isWide = family === 'request' || family === 'response';
    const low = isWide ? getU32(bytes, 8) : 0;
    const high = isWide ? getU32(bytes, 12) : 0;
    if (family === 'request' || family === 'legacy_request') {
      const code = requestCode(bytes);
      return this.#request({ index, timeMicros, low, high, operation: -1, code });
    }
    return this.#reply(this.#find(low, high, -1), timeMicros);
  }

  #consensus(bytes: Uint8Array, index: number, timeMicros: number | undefined): Answered {
    const command = bytes[genericHeader.offsetOf.command];
    if (command === Command.Eviction) return this.#reply(this.#first, timeMicros);
    if (command !== Command.Request && command !== Command.Reply) return nothing;
    const isRequest = command === Command.Request;
    const at = (isRequest ? requestHeader : replyHeader).offsetOf;
    const said = bytes[at.operation] ?? 0;
    const operation = repliedAs.get(said) ?? said;
    const low = getU32(bytes, at.request);
    const high = getU32(bytes, at.request + 4);
    if (!isRequest) return this.#reply(this.#find(low, high, operation), timeMicros);
    const isRead = said === Operation.NonReplicated;
    const code = isRead ? requestView.commandCode(bytes) : commandCodeOfOperation(said);
    return this.#request({ index, timeMicros, low, high, operation, code });
  }

  #request(open: Open): Answered {
    this.#open.push(open);
    if (this.#open.length - this.#first > mostOpen) this.#first += 1;
    if (this.#first >= mostOpen) {
      this.#open.splice(0, this.#first);
      this.#first = 0;
    }
    return { code: open.code, pair: { request: open.index, latencyMicros: undefined } };
  }

  #find(low: number, high: number, operation: number): number {
    for (let at = this.#first; at < this.#open.length; at++) {
      const open = this.#open[at];
      if (open?.low === low && open.high === high && open.operation === operation) return at;
    }
    return -1;
  }

  #reply(at: number, timeMicros: number | undefined): Answered {
    const found = this.#open[at];
    if (found === undefined) return nothing;
    if (at === this.#first && at + 1 === this.#open.length) {
      this.#open = [];
      this.#first = 0;
    } else this.#open.splice(at, 1);
    const before = found.timeMicros;
    const known = timeMicros !== undefined && before !== undefined;
    const latency = known ? Math.max(0, timeMicros - before) : undefined;
    const latencyMicros = Number.isSafeInteger(latency) ? latency : undefined;
    return { code: found.code, pair: { request: found.index, latencyMicros } };
  }
}
