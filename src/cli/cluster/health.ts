import { type StatusRecord, statesOf, takesPart } from './status-record.js';

/** The result of `cluster health`. */
export type HealthRecord = {
  readonly kind: 'cluster.health';
  readonly v: 1;
  readonly healthy: boolean;
  readonly reasons: readonly string[];
  readonly view: number | null;
  readonly primary: number | null;
  readonly nodes_expected: number;
  readonly nodes_healthy: number;
};

/** The verdict of a status; without an expectation a quorum is expected. */
export function healthRecord(status: StatusRecord, expected: number | undefined): HealthRecord {
  const { healthy, reasons, view, primary, quorum, nodes } = status;
  return {
    kind: 'cluster.health',
    v: 1,
    healthy,
    reasons,
    view,
    primary,
    nodes_expected: expected ?? quorum.need,
    nodes_healthy: nodes.filter(takesPart).length,
  };
}

/** The line of a monitoring plug-in: a verdict, a text, then figures behind a bar. */
export function nagiosLine(status: StatusRecord, record: HealthRecord): string {
  const { healthy, reasons, view, primary, nodes_healthy: taking, nodes_expected: need } = record;
  const word = healthy ? 'OK' : 'CRITICAL';
  const where = view === null ? '' : `view ${view}, `;
  const silent = statesOf(status.nodes.filter(({ reachable }) => !reachable));
  const well = `${where}primary ${primary ?? '-'}${silent === '' ? '' : `, ${silent}`}`;
  const text = healthy ? well : reasons.join('; ');
  // U is what a plug-in says of a figure that cannot be known, as a server does not tell its commit.
  const commits = status.nodes.flatMap(({ commit }) => (commit === null ? [] : [Number(commit)]));
  const commit = commits.length === 0 ? 'U' : `${Math.max(...commits)}c`;
  const figures = `nodes=${taking};;${need};0;${status.nodes.length} commit=${commit}`;
  return `CLUSTER ${word} - ${status.name}: ${text} | ${figures}`;
}
