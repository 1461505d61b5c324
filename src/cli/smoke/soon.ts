import { setTimeout as sleep } from 'node:timers/promises';

const patienceMillis = 10_000;
const lookMillis = 50;

/**
 * Looks until what is expected is seen. Reads are answered by the node at hand, which may not know yet
 * what another node that leads the partition has just acknowledged.
 */
export async function soon<T>(look: () => Promise<T>, isThere: (seen: T) => boolean): Promise<T> {
  const end = Date.now() + patienceMillis;
  for (;;) {
    const seen = await look();
    if (isThere(seen) || Date.now() >= end) return seen;
    await sleep(lookMillis);
  }
}
