import { getU64Number } from '../../base/index.js';
import { consensusLimits } from '../../consensus/index.js';
import { Command, prepareHeader } from '../../wire/index.js';
import type { SimNode } from '../world/sim-node.js';
import type { CanonicalEntry } from './canonical-log.js';
import { isMetadataFrame } from './frame-group.js';
import type { Judge, JudgeContext } from './judge.js';
import type { Violation } from './verdict.js';

const at = prepareHeader.offsetOf;

/**
 * W8: a member that is dead, besides the primary, does not hold commits up; S24: no more does a group
 * that hears nothing. Measures from the first time a prepare leaves to its commit, while somebody says
 * that it counts.
 */
export class CommitDelayJudge implements Judge {
  readonly #context: JudgeContext;
  readonly #sentAt = new Map<number, number>();
  #delays: number[] = [];
  /** Only a healed cluster with its leader in place has to be quick. */
  isMeasuring = false;

  constructor(context: JudgeContext) {
    this.#context = context;
  }

  /** Forgets what was measured, and measures. */
  restart(): void {
    this.#sentAt.clear();
    this.#delays = [];
    this.isMeasuring = true;
  }

  sent(_node: SimNode, frame: Uint8Array): void {
    if (!this.isMeasuring || frame[at.command] !== Command.Prepare) return;
    if (!isMetadataFrame(frame)) return;
    const op = getU64Number(frame, at.op);
    if (!this.#sentAt.has(op)) this.#sentAt.set(op, this.#context.tick());
  }

  committed({ op }: CanonicalEntry): void {
    const sent = this.#sentAt.get(op);
    if (sent !== undefined) this.#delays.push(this.#context.tick() - sent);
  }

  /** At the end: the delay that one in a hundred exceeds, against what links and disks explain. */
  judge(
    found: Pick<Violation, 'class' | 'invariant'> = { class: 'W', invariant: 'W8' },
    why = 'a member down',
  ): void {
    if (this.#delays.length === 0) return;
    const sorted = [...this.#delays].sort((a, b) => a - b);
    const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
    const bound = normalDelay(this.#context) + 4 * retransmitTicks(this.#context);
    if (p99 <= bound) return;
    const detail = `commits took ${p99} ticks with ${why}, more than ${bound}`;
    this.#context.report({ ...found, detail });
  }
}

function retransmitTicks({ plan }: JudgeContext): number {
  return consensusLimits(plan.limits).prepareTicks;
}

/** Once around the chain and back, with every link and disk at its slow end. */
function normalDelay({ plan }: JudgeContext): number {
  const { minDelay, meanDelay } = plan.network;
  const link = minDelay + 6 * meanDelay + 1;
  const disk = plan.disk.minDelay + 6 * plan.disk.meanDelay + (plan.disk.stall > 0 ? 100 : 0) + 1;
  return (plan.replicas + 1) * (link + disk);
}
