import type { World } from '../world/world.js';
import type { Report } from './verdict.js';

/** Ticks without any progress after which something hangs. */
const patience = 3000;

/** What moves when a cluster gets on. */
export interface Progress {
  readonly commits: number;
  readonly answered: number;
  readonly held: number;
  readonly transferred: number;
}

/** W7: after healing, something moves in any 3,000 ticks while anything is pending. */
export class ProgressWatch {
  readonly #report: Report;
  #last = '';
  #since: number;

  constructor(tick: number, report: Report) {
    this.#since = tick;
    this.#report = report;
  }

  observe(tick: number, progress: Progress, isPending: boolean): void {
    const { commits, answered, held, transferred } = progress;
    const now = `${commits}/${answered}/${held}/${transferred}`;
    if (now !== this.#last || !isPending) {
      this.#last = now;
      this.#since = tick;
    } else if (tick - this.#since >= patience) {
      const detail = `nothing moved for ${patience} ticks although something is pending`;
      this.#report({ class: 'W', invariant: 'W7', detail });
    }
  }
}

/** How far everything is, over all nodes and clients. */
export function progressOf(world: World): Progress {
  let commits = 0;
  let held = 0;
  let transferred = 0;
  for (const { host } of world.nodes) {
    if (host === undefined) continue;
    const { state, status, counters } = host.replica;
    commits += status.commitMin;
    held += state.log.size + state.staged.size + status.view;
    transferred += counters.transfersInstalled;
    for (const { received } of state.transfer?.artifacts ?? []) transferred += received;
  }
  let answered = 0;
  for (const client of world.clients) answered += client.answered;
  return { commits, answered, held, transferred };
}
