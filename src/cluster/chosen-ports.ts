import { ListenError } from '../platform/index.js';
import type { NodePorts } from './node-listeners.js';

const pauseMillis = 50;
const waitMillis = 20_000;

/**
 * Opens listeners on the ports a node had before. Ports that the system chose are also given to
 * others while the node is down: those are waited for, as clients know the node by them.
 * @param asked what the node asked for at first; 0 = a free port
 * @param isGivenUp whether nobody waits any more
 */
export async function openAgain<T>(
  asked: NodePorts,
  open: () => Promise<T>,
  isGivenUp: () => boolean,
): Promise<T> {
  const end = performance.now() + waitMillis;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isTaken(error, asked) || isGivenUp() || performance.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMillis));
  }
}

/** Ports asked for by number are somebody's decision; whoever has them will not go away soon. */
function isTaken(error: unknown, asked: NodePorts): boolean {
  if (!(error instanceof ListenError) || error.details['reason'] !== 'EADDRINUSE') return false;
  const all = [asked.tcp, asked.correlated, asked.websocket];
  const { port } = error.details;
  return all.includes(0) && !all.some((each) => each === port);
}
