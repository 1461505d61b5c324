import { CliError } from '../cli-error.js';
import { type ActionRecord, act } from './actions.js';
import type { OpenCluster } from './local-clusters.js';
import { nodeNumber } from './nodes.js';
import type { StatusRecord } from './status-record.js';
import { waitUntil } from './watch.js';

/** A change of leadership. */
export interface StepDown {
  readonly record: ActionRecord;
  readonly before: StatusRecord;
  readonly after: StatusRecord;
}

export interface StepDownOptions {
  /** Node that shall lead; the next one if absent. */
  readonly to?: string | undefined;
  readonly timeoutMillis: number;
}

/** Makes the primary step down until the wanted node leads. @throws CliError E_TIMEOUT, E_UNHEALTHY */
export async function stepDown(
  open: OpenCluster,
  look: () => Promise<StatusRecord>,
  { to, timeoutMillis }: StepDownOptions,
): Promise<StepDown> {
  const start = performance.now();
  const before = await look();
  const wanted = to === undefined ? undefined : nodeNumber(to, before.nodes.length);
  if (before.primary === null) {
    throw new CliError('E_UNHEALTHY', 'there is no primary that could step down', {
      hint: 'iggyctl cluster status',
    });
  }
  let status = before;
  while (status === before || (wanted !== undefined && status.primary !== wanted)) {
    if (status.primary === wanted) break;
    const { view } = status;
    await act(open, 'step-down', {});
    const left = timeoutMillis - (performance.now() - start);
    const next = await waitUntil(look, (each) => hasMovedOn(each, view), left);
    if (next.isOver) {
      throw new CliError('E_TIMEOUT', 'no other node took over in time', {
        hint: 'iggyctl cluster status',
      });
    }
    status = next.status;
  }
  return { record: recordOf(before, status, performance.now() - start), before, after: status };
}

function hasMovedOn({ view, primary, healthy }: StatusRecord, old: number | null): boolean {
  return healthy && primary !== null && view !== null && view > (old ?? -1);
}

function recordOf(before: StatusRecord, after: StatusRecord, millis: number): ActionRecord {
  const nodes = after.nodes.flatMap(({ id, role }) => {
    const was = before.nodes.find((each) => each.id === id)?.role ?? 'none';
    return was === role ? [] : [{ id, was, now: role }];
  });
  return {
    kind: 'cluster.action',
    v: 1,
    action: 'step-down',
    nodes,
    rules: [],
    view: after.view,
    primary: after.primary,
    took_us: Math.round(millis * 1000),
  };
}
