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
}

/** Adds to the marks of a run. */
export function adder({ marks }: Recorder) {
  return (name: string, count: number) => {
    if (count > 0) marks.set(name, (marks.get(name) ?? 0) + count);
  };
}
