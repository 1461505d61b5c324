import type { Exchange } from './exchange.js';
import type { SessionCore } from './session-core.js';

/** What a server of ours tells at a login about the client's entry in its table. */
interface TableEntry {
  readonly watermark: bigint;
  readonly origin: bigint;
}

/**
 * Decides, after a login, about the mutations whose answers were lost. They are sent again only if
 * the server can tell copies apart: the entry of the client table is the one they were sent under.
 * Otherwise their outcome is unknown, and is never guessed.
 *
 * @source Iggy client session layer: reconnect, resume and at-most-once
 */
export function resumeMutations(core: SessionCore, entry: TableEntry | undefined): void {
  const { identity } = core;
  identity.origin = entry?.origin;
  if (entry !== undefined) identity.raiseAbove(entry.watermark);
  const { waiting } = core;
  core.waiting = [];
  for (const exchange of waiting) {
    if (exchange.doubt === undefined || maySendAgain(core, exchange)) core.waiting.push(exchange);
    else core.failInDoubt(exchange, exchange.doubt);
  }
}

function maySendAgain(core: SessionCore, exchange: Exchange): boolean {
  const { identity } = core;
  if (exchange.generation !== identity.generation) return false;
  if (exchange.origin !== undefined && identity.origin !== undefined) {
    return exchange.origin === identity.origin;
  }
  return exchange.retry === 'ambiguous';
}
