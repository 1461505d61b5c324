import type { ListColumn } from '../output/result.js';
import type { ResultWriter } from '../output/result-writer.js';
import type { RunRecord } from './report.js';

const columns: readonly ListColumn<RunRecord['fields']>[] = [
  { key: 'seed', title: 'Seed' },
  { key: 'ticks', title: 'Ticks', align: 'right' },
  { key: 'ops', title: 'Ops', align: 'right' },
  { key: 'views', title: 'Views', align: 'right' },
  { key: 'crashes', title: 'Crashes', align: 'right' },
  { key: 'partitions', title: 'Partitions', align: 'right' },
  { key: 'result', title: 'Result' },
  { key: 'trace_hash', title: 'Hash' },
];

/** The table at the end of a swarm. */
export function printRunTable(out: ResultWriter, records: readonly RunRecord[]): void {
  const items = records.map(({ fields }) => fields);
  out.list({ kind: 'simulate.run', items, columns });
}
