import { isZeroBytes } from '../../base/index.js';
import { maxReplicas, quorums } from '../../consensus/index.js';
import { frameSpecs, frameView, headerSize } from '../../wire/index.js';
import type { Report } from './verdict.js';

/** S12: any two quorums that must meet do so, whatever the size of the cluster. */
export function checkQuorums(report: Report): void {
  for (let n = 1; n <= maxReplicas; n++) {
    const { replication, viewChange, nack } = quorums(n);
    if (replication + viewChange > n && replication + nack > n) continue;
    const detail = `${n} replicas: replication ${replication}, view change ${viewChange}, nack ${nack}`;
    report({ class: 'S', invariant: 'S12', detail });
    return;
  }
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Places of the header that nobody may write to, by command. */
const reserved: ReadonlyMap<number, readonly Range[]> = new Map(
  Object.values(frameSpecs).flatMap(({ codec, commands }) => {
    const fields = Object.entries<number>(codec.offsetOf).sort((a, b) => a[1] - b[1]);
    const ranges = fields.flatMap(([name, from], i) => {
      const to = fields[i + 1]?.[1] ?? headerSize;
      // What heartbeats and their answers say lies where the generic header has nothing.
      const isReserved = name.startsWith('reserved') && name !== 'reservedCommand';
      return isReserved ? [{ from, to }] : [];
    });
    return commands.map((command): readonly [number, readonly Range[]] => [command, ranges]);
  }),
);

/** R1: bytes without a meaning that are not zero come from wherever the memory was before. */
export function checkReserved(frame: Uint8Array, node: number, report: Report): void {
  const command = frameView.command(frame);
  for (const { from, to } of reserved.get(command) ?? []) {
    if (isZeroBytes(frame, from, to)) continue;
    const detail = `r${node}: reserved bytes of a frame with command ${command} are not zero`;
    report({ class: 'R', invariant: 'R1', detail, node });
    return;
  }
}
