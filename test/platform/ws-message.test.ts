import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type DialledSocket, WebSocketDialer } from '../../src/platform/index.js';

const fragment = 16 * 1024 * 1024;

/** A frame of the WebSocket protocol: is it the last of its message, what is it, how long. */
interface Piece {
  readonly isLast: boolean;
  readonly opcode: number;
  readonly length: number;
}

/** Frames of a stream that a client masked. */
function piecesOf(stream: Buffer): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < stream.length; ) {
    const [first = 0, second = 0] = stream.subarray(at);
    const short = second & 0x7f;
    const width = short === 127 ? 8 : short === 126 ? 2 : 0;
    const length =
      width === 8
        ? Number(stream.readBigUInt64BE(at + 2))
        : width === 2
          ? stream.readUInt16BE(at + 2)
          : short;
    pieces.push({ isLast: (first & 0x80) !== 0, opcode: first & 0x0f, length });
    at += 2 + width + 4 + length;
  }
  return pieces;
}

/** Sends one message through a dialled connection; gives what arrived and in which pieces. */
async function carried(message: Uint8Array) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upgrades = new WebSocketServer({ server });
  onTestFinished(() => {
    upgrades.close();
    server.close();
  });
  const chunks: Buffer[] = [];
  const arrived = new Promise<Buffer>((resolve) =>
    upgrades.once('connection', (socket: WebSocket, request) => {
      request.socket.prependListener('data', (chunk: Buffer) => chunks.push(chunk));
      socket.once('message', (data: Buffer) => resolve(data));
    }),
  );
  const { port } = server.address() as AddressInfo;
  const dialled = await new Promise<DialledSocket>((resolve) => {
    const socket: DialledSocket = new WebSocketDialer().dial(
      { host: '127.0.0.1', port },
      { opened: () => resolve(socket), data: () => undefined, closed: () => undefined },
    );
  });
  dialled.send(message);
  const data = await arrived;
  dialled.close();
  return { data, pieces: piecesOf(Buffer.concat(chunks)) };
}

describe('a WebSocket message', () => {
  it('goes whole up to 16 MiB', async () => {
    for (const length of [1, 300]) {
      const { data, pieces } = await carried(new Uint8Array(length).fill(7));
      expect([data.length, pieces]).toEqual([length, [{ isLast: true, opcode: 2, length }]]);
    }
  });

  it('goes in fragments above, since official peers take no longer one', async () => {
    const message = new Uint8Array(fragment + 5).fill(7);
    message[fragment] = 9;
    const { data, pieces } = await carried(message);
    expect(data.equals(message)).toBe(true);
    expect(pieces).toEqual([
      { isLast: false, opcode: 2, length: fragment },
      { isLast: true, opcode: 0, length: 5 },
    ]);
  });
});
