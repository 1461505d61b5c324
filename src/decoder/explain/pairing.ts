import {
  Command,
  commandCodeOfOperation,
  genericHeader,
  Operation,
  requestView,
} from '../../wire/index.js';
import type { Family } from '../framing/family.js';
import type { PairView } from './frame-view.js';
import { operationByte, requestNumber } from './header-facts.js';
import { correlationId, requestCode } from './plain.js';

/** A request that has not been answered yet. */
interface Open {
  readonly index: number;
  readonly timeMicros: number | undefined;
  /** Number, operation and client of a consensus request; id of a correlated one. */
  readonly key: string;
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

  /** Takes note of a frame; returns what it answers, or that it is a request. */
  add(family: Family, bytes: Uint8Array, index: number, timeMicros: number | undefined): Answered {
    if (family === 'vsr') return this.#consensus(bytes, index, timeMicros);
    const id = correlationId(family, bytes).toString();
    if (family === 'request' || family === 'legacy_request') {
      return this.#request({ index, timeMicros, key: id, code: requestCode(bytes) });
    }
    return this.#reply((open) => open.key === id, timeMicros);
  }

  #consensus(bytes: Uint8Array, index: number, timeMicros: number | undefined): Answered {
    const command = bytes[genericHeader.offsetOf.command];
    if (command === Command.Request) {
      const operation = operationByte(bytes) ?? 0;
      const replied = repliedAs.get(operation) ?? operation;
      const key = `${requestNumber(bytes)} ${replied}`;
      const code =
        operation === Operation.NonReplicated
          ? requestView.commandCode(bytes)
          : commandCodeOfOperation(operation);
      return this.#request({ index, timeMicros, key, code });
    }
    if (command === Command.Eviction) return this.#reply(() => true, timeMicros);
    if (command !== Command.Reply) return nothing;
    const operation = operationByte(bytes) ?? 0;
    const key = `${requestNumber(bytes)} ${repliedAs.get(operation) ?? operation}`;
    return this.#reply((open) => open.key === key, timeMicros);
  }

  #request(open: Open): Answered {
    this.#open.push(open);
    if (this.#open.length > mostOpen) this.#open.shift();
    return { code: open.code, pair: { request: open.index, latencyMicros: undefined } };
  }

  #reply(matches: (open: Open) => boolean, timeMicros: number | undefined): Answered {
    const at = this.#open.findIndex(matches);
    const found = this.#open[at];
    if (found === undefined) return nothing;
    this.#open.splice(at, 1);
    const known = timeMicros !== undefined && found.timeMicros !== undefined;
    const latencyMicros = known ? Math.max(0, timeMicros - (found.timeMicros ?? 0)) : undefined;
    return { code: found.code, pair: { request: found.index, latencyMicros } };
  }
}
