import { getU32, tryGetU64Number } from '../base/index.js';

/** Where a frame from another replica goes. */
export type FrameRoute =
  | { readonly to: 'server' }
  | { readonly to: 'metadata' }
  | { readonly to: 'partition'; readonly group: number }
  | { readonly to: 'nowhere' };

const server: FrameRoute = { to: 'server' };
const metadata: FrameRoute = { to: 'metadata' };
const nowhere: FrameRoute = { to: 'nowhere' };

const commandOffset = 60;
const headerBytes = 256;

/** Offset of the group in the header of every command that has one, by command. */
const groupOffsets: readonly (number | undefined)[] = tableOf([
  [2, 168], // Pong, the heartbeat answer
  [6, 216], // Prepare
  [7, 200], // PrepareOk
  [9, 168], // Commit
  [10, 128], // StartViewChange
  [11, 144], // DoViewChange
  [12, 144], // StartView
  [17, 128], // RequestStartView
  [18, 160], // RequestPrepares
  [19, 216], // RepairPrepare
  [20, 152], // RepairDone
  [21, 152], // RangeEvicted
  [22, 144], // RequestStateTransfer
  [23, 152], // StateTransferTarget
  [24, 152], // RequestStateChunk
  [25, 152], // StateChunk
]);

/** Commands between the servers of two nodes: handed-on requests, their replies, forwarded logins. */
const serverCommands = new Set([5, 8, 26, 27, 28, 29]);

/**
 * Tells which part of a node a frame is for. The group is read where the command has it; nothing
 * else is checked, since the receiver verifies the frame anyway.
 */
export function routeFrame(frame: Uint8Array): FrameRoute {
  const command = frame[commandOffset] ?? 0;
  if (frame.length < headerBytes) return nowhere;
  if (serverCommands.has(command)) return server;
  const offset = groupOffsets[command];
  if (offset === undefined) return nowhere;
  if (getU32(frame, offset + 4) === 0x8000_0000) {
    return getU32(frame, offset) === 0 ? metadata : nowhere;
  }
  const group = tryGetU64Number(frame, offset);
  return group < 0 ? nowhere : { to: 'partition', group };
}

function tableOf(rows: readonly (readonly [number, number])[]): readonly (number | undefined)[] {
  const table = new Array<number | undefined>(32).fill(undefined);
  for (const [command, offset] of rows) table[command] = offset;
  return table;
}
