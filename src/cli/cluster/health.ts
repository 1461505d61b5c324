import { type StatusRecord, takesPart } from './status-record.js';
import { committed } from './until.js';

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
  const { healthy, reasons, view, primary, nodes_healthy: well, nodes_expected: need } = record;
  const word = healthy ? 'OK' : 'CRITICAL';
  const text = healthy ? `view ${view ?? '-'}, primary ${primary ?? '-'}` : reasons.join('; ');
  const figures = `nodes=${well};;${need};0;${status.nodes.length} commit=${committed(status)}c`;
  return `CLUSTER ${word} - ${status.name}: ${text} | ${figures}`;
}
