import { isZeroBytes } from '../../base/index.js';
import {
  Command,
  headerSize,
  isInternalOperation,
  isOperation,
  isPartitionOperation,
  matchesChecksum,
  Operation,
} from '../../wire/index.js';
import { deny } from '../core/answer.js';
import type { Connection } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import { Request } from '../core/request.js';
import { requestAt } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';
import { dispatch } from './dispatch.js';

/**
 * A frame arrived. Frames of one connection are looked at in order and, except for partition
 * operations, one at a time; what has to wait is queued, and beyond a bound the socket is not read.
 *
 * @source Iggy session protocol, frame intake
 */
export function onFrame(core: Core, connection: Connection, frame: Uint8Array): Done {
  if (connection.closing) return;
  const command = frame[requestAt.command] ?? 0;
  if (frame.length < headerSize || command > Command.ForwardLogoutResult) {
    return close(core, connection, 'FrameInvalid');
  }
  if (command !== Command.Request) {
    return core.log('debug', 'CommandIgnored', { connection: connection.id, command });
  }
  if (connection.busy || connection.queue.count > 0) {
    connection.queue.push(frame);
    return updatePause(core, connection);
  }
  begin(core, connection, frame);
}

/** Looks at queued frames until one has to be awaited. */
export function drain(core: Core, connection: Connection): Done {
  while (!connection.busy && !connection.closing) {
    const frame = connection.queue.shift();
    if (frame === undefined) break;
    begin(core, connection, frame);
  }
  updatePause(core, connection);
}

/** Asks for the socket to be closed once everything sent so far was flushed. */
export function close(core: Core, connection: Connection, reason: string): Done {
  connection.closing = true;
  connection.queue.clear();
  core.log('info', reason, { connection: connection.id });
  core.out.push({ kind: 'close', connection: connection.id });
}

function begin(core: Core, connection: Connection, frame: Uint8Array): Done {
  const operation = frame[requestAt.operation] ?? 0;
  const awaited = !isPartitionOperation(operation);
  const request = new Request(connection, frame, awaited, undefined);
  if (awaited) connection.busy = true;
  if (!isHeaderValid(frame, operation)) {
    if (isZeroBytes(frame, requestAt.client, requestAt.client + 16)) {
      return close(core, connection, 'ClientIdMissing');
    }
    return deny(core, request, statusCode.invalidCommand);
  }
  connection.lastHeardTick = core.timers.tick;
  if (!isStampValid(frame)) return deny(core, request, statusCode.invalidFormat);
  dispatch(core, request);
}

/** The rules of a request header. @source Iggy binary protocol, validation rules per header */
function isHeaderValid(frame: Uint8Array, operation: number): boolean {
  const { client, session, request } = requestAt;
  if (operation === Operation.Reserved) return false;
  // The whole range of internal operations is told apart later, defined or not.
  if (!isOperation(operation) && !isInternalOperation(operation)) return false;
  if (isZeroBytes(frame, client, client + 16)) return false;
  if (operation === Operation.NonReplicated) return true;
  const hasSession = !isZeroBytes(frame, session, session + 8);
  const hasNumber = !isZeroBytes(frame, request, request + 8);
  return operation === Operation.Register ? !hasSession && !hasNumber : hasSession && hasNumber;
}

/** A stamp of zero is no stamp; any other must be the hash of the body as the client sent it. */
function isStampValid(frame: Uint8Array): boolean {
  const { checksum } = requestAt;
  if (isZeroBytes(frame, checksum, checksum + 16)) return true;
  return matchesChecksum(frame, checksum, frame, headerSize, frame.length);
}

function updatePause(core: Core, connection: Connection): Done {
  const { queue } = connection;
  const { maxQueuedFrames, maxQueuedBytes } = core.config;
  const paused = queue.count > maxQueuedFrames || queue.bytes > maxQueuedBytes;
  if (paused === connection.paused || connection.closing) return;
  connection.paused = paused;
  core.out.push({ kind: 'pause', connection: connection.id, paused });
}
