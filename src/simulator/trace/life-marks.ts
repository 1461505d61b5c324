import type { ReplicaCounters } from '../../consensus/index.js';
import type { NodeHost } from '../../host/index.js';
import type { Recorder } from './recorder.js';

/** What one life of a node reached; asked for when it ends. */
export function collectLife(recorder: Recorder, host: NodeHost): void {
  const { counters } = host.replica;
  const add = adder(recorder);
  for (const [reason, count] of counters.ignored) add(`ignored ${reason}`, count);
  for (const [reason, count] of counters.viewChanges) add(`view change: ${reason}`, count);
  for (const [name, count] of counters.alarms) add(`alarm ${name}`, count);
  for (const [outcome, count] of counters.merges) add(`merge ${outcome}`, count);
  for (const [name, count] of counters.marks) add(name, count);
  add('prepare retransmitted', counters.prepareRetransmits);
  add('checkpoint', counters.checkpoints);
  add('transfer installed', counters.transfersInstalled);
  for (const { host: running } of host.partitions.slots.values()) {
    if (running === undefined) continue;
    collectPartition(add, running.replica.counters);
    add('partition offsets jumped', running.machine.offsetJumps);
  }
}

/** The same of one of its partitions: little, since a run may have many. */
function collectPartition(add: ReturnType<typeof adder>, counters: ReplicaCounters): void {
  for (const [outcome, count] of counters.merges) add(`partition merge ${outcome}`, count);
  for (const [name, count] of counters.marks) add(`partition ${name}`, count);
  add('partition transfer installed', counters.transfersInstalled);
}

/** Adds to the marks of a run. */
export function adder({ marks }: Recorder) {
  return (name: string, count: number) => {
    if (count > 0) marks.set(name, (marks.get(name) ?? 0) + count);
  };
}
