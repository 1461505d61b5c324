import type { WebSocket } from 'ws';

/** Longest piece of a message that is taken, here and by official peers; longer ones go in several. */
export const longestFragment = 16 * 1024 * 1024;

/** Sends bytes as one binary message, cut into as many fragments as its length asks for. */
export function sendMessage(socket: WebSocket, bytes: Uint8Array): void {
  const last = Math.max(0, Math.ceil(bytes.length / longestFragment) - 1) * longestFragment;
  for (let at = 0; at < last; at += longestFragment) {
    socket.send(bytes.subarray(at, at + longestFragment), { binary: true, fin: false });
  }
  socket.send(bytes.subarray(last), { binary: true, fin: true });
}
