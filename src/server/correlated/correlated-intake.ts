import { getU32, getU64, getU128 } from '../../base/index.js';
import {
  Command,
  commandCodeInfo,
  headerSize,
  isPartitionOperation,
  Operation,
  operationForCode,
  requestView,
} from '../../wire/index.js';
import { deny } from '../core/answer.js';
import type { Connection } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import { Request } from '../core/request.js';
import { requestCode } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';
import { dispatch } from '../dispatch/dispatch.js';
import { close } from '../dispatch/intake.js';
import { refuseDuplicate } from './correlated-answer.js';
import { CorrelatedState } from './correlated-state.js';

/** Length, code and request id in front of a payload. */
const correlatedHeaderSize = 16;
const codes = { ping: 1, loginUser: 38, loginWithToken: 44 } as const;

/**
 * A request of the correlated framing becomes one of the ordinary kind, and its answer is turned
 * back. Logins, logouts and metadata mutations run one at a time in order of arrival, everything
 * else starts at once.
 *
 * @source Iggy session protocol, correlated frames
 */
export function onCorrelatedFrame(core: Core, connection: Connection, bytes: Uint8Array): Done {
  if (connection.closing) return;
  if (bytes.length < correlatedHeaderSize) return close(core, connection, 'FrameInvalid');
  connection.lastHeardTick = core.timers.tick;
  const id = getU64(bytes, 8);
  const state = stateOf(core, connection);
  if (state.outstanding.has(id)) return refuseDuplicate(core, connection.id, id);
  const frame = toRequestFrame(getU32(bytes, 4), bytes.subarray(correlatedHeaderSize));
  const operation = requestView.operation(frame);
  const isOrdered = operation !== Operation.NonReplicated && !isPartitionOperation(operation);
  const request = new Request(connection, frame, isOrdered, id);
  state.add(id, request);
  if (isOrdered && connection.busy) state.waiting.push(request);
  else start(core, state, request);
  updatePause(core, connection, state);
}

/** Starts what waited for its turn. */
export function drainCorrelated(core: Core, connection: Connection): Done {
  const state = core.correlated.get(connection.id);
  // Closed before its last request was decided.
  if (state === undefined) return;
  while (!connection.busy && !connection.closing) {
    const request = state.waiting.shift();
    if (request === undefined) break;
    start(core, state, request);
  }
  updatePause(core, connection, state);
}

function start(core: Core, state: CorrelatedState, request: Request): Done {
  const { connection, frame, operation } = request;
  if (request.awaited) connection.busy = true;
  const binding = connection.bound;
  const { put } = requestView;
  if (operation === Operation.Register) {
    put.client(frame, drawClientId(core));
    return dispatch(core, request);
  }
  const refusal = gate(request, binding !== undefined);
  put.client(frame, binding?.clientId ?? connection.transportId);
  if (refusal !== 0) return deny(core, request, refusal);
  if (binding === undefined) return dispatch(core, request);
  put.session(frame, BigInt(binding.session));
  put.request(frame, request.awaited ? state.nextMutation(binding) : state.nextOther());
  dispatch(core, request);
}

/** The answer to codes that need no look at their body, or 0. */
function gate(request: Request, isBound: boolean): number {
  const code = requestCode(request.frame);
  if (code === codes.ping) return 0;
  if (code === codes.loginUser || code === codes.loginWithToken) return statusCode.invalidFormat;
  const isKnown =
    request.operation !== Operation.NonReplicated || commandCodeInfo(code) !== undefined;
  if (!isKnown) return statusCode.invalidCommand;
  return isBound ? 0 : statusCode.unauthenticated;
}

/** A request frame with the code's operation; client, session and number are filled in later. */
function toRequestFrame(code: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerSize + payload.length);
  const operation = operationForCode(code);
  requestView.put.size(frame, frame.length);
  requestView.put.command(frame, Command.Request);
  requestView.put.operation(frame, operation);
  if (operation === Operation.NonReplicated) requestView.put.commandCode(frame, code);
  frame.set(payload, headerSize);
  return frame;
}

/** A random client id that no server uses: not 0, and not with an upper half of ones only. */
function drawClientId(core: Core): bigint {
  for (;;) {
    const id = getU128(core.deps.entropy.bytes(16), 0);
    if (id !== 0n && id >> 64n !== 0xffff_ffff_ffff_ffffn) return id;
  }
}

function stateOf(core: Core, connection: Connection): CorrelatedState {
  const known = core.correlated.get(connection.id);
  if (known !== undefined) return known;
  const state = new CorrelatedState();
  core.correlated.set(connection.id, state);
  return state;
}

function updatePause(core: Core, connection: Connection, state: CorrelatedState): Done {
  const { maxQueuedFrames, maxQueuedBytes } = core.config;
  const paused = state.outstanding.size >= maxQueuedFrames || state.bytes >= maxQueuedBytes;
  if (paused === connection.paused || connection.closing) return;
  connection.paused = paused;
  core.out.push({ kind: 'pause', connection: connection.id, paused });
}
