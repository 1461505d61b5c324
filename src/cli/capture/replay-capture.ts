import { getU32 } from '../../base/index.js';
import type { FrameView } from '../../decoder/index.js';
import {
  Command,
  commandCodeInfo,
  headerSize,
  Operation,
  operationName,
  requestView,
  xxh3,
} from '../../wire/index.js';
import { answerText } from '../session/raw-answer.js';
import { RawSession, type RawTarget } from '../session/raw-session.js';

export interface ReplayOptions {
  readonly target: RawTarget;
  /** Frames leave as they were captured, logins included. */
  readonly asIs: boolean;
  /** 1 = with the pauses of the capture, 2 = twice as fast; 0 = without pauses. */
  readonly speed: number;
  readonly newClientId: () => bigint;
  readonly wait: (millis: number) => Promise<void>;
}

/** What came of one frame that was sent again. */
export interface ReplayStep {
  readonly [key: string]: string | number | null;
  readonly connection: number;
  readonly operation: string;
  readonly answer: string;
  readonly latency_us: number;
}

/** A request of the capture. */
interface Recorded {
  readonly flow: string;
  readonly timeMicros: number | undefined;
  readonly bytes: Uint8Array;
}

interface Lane {
  readonly number: number;
  readonly session: RawSession;
  /** Number of the next mutation. */
  next: bigint;
}

const numberAt = 168;
const stampAt = 144;

/** Remembers the client side of a capture and sends it again, each connection in a new session. */
export class Replay {
  readonly #requests: Recorded[] = [];

  frame(view: FrameView): void {
    if (view.family !== 'vsr' || view.command.code !== Command.Request) return;
    if (view.bytes.length < headerSize || view.bytes.length < view.length) return;
    const { flow = '' } = view.source;
    this.#requests.push({ flow, timeMicros: view.timeMicros, bytes: view.bytes.slice() });
  }

  note(_text: string): void {
    // What cannot be read cannot be sent again.
  }

  /** Sends everything in the order of the capture. Logins and logouts are made anew. */
  async run(options: ReplayOptions, told: (step: ReplayStep) => void): Promise<void> {
    const lanes = new Map<string, Lane>();
    let before: number | undefined;
    try {
      for (const request of this.#requests) {
        await pace(request.timeMicros, before, options);
        before = request.timeMicros ?? before;
        const lane = lanes.get(request.flow) ?? (await openLane(options, lanes.size + 1));
        lanes.set(request.flow, lane);
        const frame = options.asIs ? request.bytes : rewritten(request.bytes, lane);
        if (frame === undefined) continue;
        const started = performance.now();
        const answer = await lane.session.link.ask(frame);
        const latency = Math.round((performance.now() - started) * 1000);
        const operation = nameOf(request.bytes);
        told({
          connection: lane.number,
          operation,
          answer: answerText(answer),
          latency_us: latency,
        });
        if (lane.session.link.isClosed) lanes.delete(request.flow);
      }
    } finally {
      for (const { session, next } of lanes.values()) await leave(session, next, options.asIs);
    }
  }
}

async function pace(
  time: number | undefined,
  before: number | undefined,
  { speed, wait }: ReplayOptions,
): Promise<void> {
  if (speed === 0 || time === undefined || before === undefined) return;
  const millis = (time - before) / 1000 / speed;
  if (millis > 1) await wait(millis);
}

async function openLane(options: ReplayOptions, number: number): Promise<Lane> {
  const session = await RawSession.connect(options.target, options.newClientId());
  if (!options.asIs) await session.login();
  return { number, session, next: 1n };
}

/** The frame in its new session; nothing for those that begin or end one. */
function rewritten(bytes: Uint8Array, lane: Lane): Uint8Array | undefined {
  const operation = requestView.operation(bytes);
  if (operation === Operation.Register || operation === Operation.Logout) return undefined;
  const frame = bytes.slice();
  requestView.put.client(frame, lane.session.clientId);
  requestView.put.session(frame, lane.session.session);
  const isNumbered = getU32(frame, numberAt) !== 0 || getU32(frame, numberAt + 4) !== 0;
  if (isNumbered) requestView.put.request(frame, lane.next);
  // Bodies whose secrets were taken out have another hash than the client's.
  if (getU32(frame, stampAt) !== 0) requestView.put.requestChecksum(frame, xxh3(frame, headerSize));
  const isMutation = operation !== Operation.NonReplicated && operation < partitionOperations;
  if (isMutation) lane.next += 1n;
  return frame;
}

/** Operations from here on do not use up numbers. */
const partitionOperations = Operation.SendMessages;

function nameOf(bytes: Uint8Array): string {
  const operation = requestView.operation(bytes);
  if (operation !== Operation.NonReplicated) return operationName(operation);
  const code = requestView.commandCode(bytes);
  return commandCodeInfo(code)?.dispatchName ?? String(code);
}

async function leave(session: RawSession, next: bigint, asIs: boolean): Promise<void> {
  if (!asIs && !session.link.isClosed) await session.link.ask(session.logoutFrame(next), 1000);
  session.close();
}
