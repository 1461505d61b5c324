import { ControlError, type Json, type JsonObject } from '../../cluster/index.js';
import { type Column, humanDuration, type Row } from '../../render/index.js';
import { CliError } from '../cli-error.js';
import { JsonFields } from './json-fields.js';
import type { OpenCluster } from './local-clusters.js';

/** A rule of one directed link. */
export type RuleRecord = {
  readonly from: number;
  readonly to: number;
  readonly cut: boolean;
  readonly drop: number;
  readonly delay_us: number;
  readonly jitter_us: number;
  readonly duplicate: number;
  readonly reorder: number;
};

/** The result of everything that changes how a cluster runs. */
export type ActionRecord = {
  readonly kind: 'cluster.action';
  readonly v: 1;
  readonly action: string;
  readonly nodes: readonly { readonly id: number; readonly was: string; readonly now: string }[];
  readonly rules: readonly RuleRecord[];
  readonly view: number | null;
  readonly primary: number | null;
  readonly took_us: number | null;
};

/** Calls a method that acts, and gives what it did. @throws CliError with the cluster's reason */
export async function act(
  { control }: OpenCluster,
  method: string,
  params: JsonObject,
): Promise<ActionRecord> {
  const start = performance.now();
  const answer = await calling(() => control.call(method, params));
  return actionRecord(answer, Math.round((performance.now() - start) * 1000));
}

/** The answer of an action as a record. */
function actionRecord(answer: Json, tookMicros: number | null): ActionRecord {
  const fields = new JsonFields(answer);
  return {
    kind: 'cluster.action',
    v: 1,
    action: fields.text('action') ?? '',
    nodes: fields.fieldsList('nodes').map((node) => ({
      id: node.number('id') ?? 0,
      was: stateText(node.text('was')),
      now: stateText(node.text('now')),
    })),
    rules: fields.fieldsList('rules').map(ruleOf),
    view: fields.number('view') ?? null,
    primary: fields.number('primary') ?? null,
    took_us: tookMicros,
  };
}

/** Runs a control call; a refusal becomes an error with the exit status it deserves. */
export async function calling<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    if (error.origin === 'CLUSTER_NODE_UNKNOWN') {
      throw new CliError('E_NOT_FOUND', error.message, { cause: error });
    }
    if (error.origin === 'CLUSTER_STATE') {
      throw new CliError('E_CONFLICT', error.message, { cause: error });
    }
    if (error.origin === 'LISTEN_FAILED') {
      throw new CliError('E_CONFLICT', error.message, { cause: error });
    }
    if (error.code === 'CONTROL_UNREACHABLE') {
      throw new CliError('E_UNHEALTHY', 'the cluster ended before it answered', { cause: error });
    }
    if (error.code === 'CONTROL_MALFORMED' || error.origin === 'CONTROL_MALFORMED') {
      throw new CliError('E_USAGE', error.message, { cause: error });
    }
    throw new CliError('E_FAILED', error.message, { cause: error });
  }
}

/** Columns of actions on nodes. */
export const nodeActionColumns: readonly Column[] = [
  { key: 'id', title: 'Node' },
  { key: 'was', title: 'Was' },
  { key: 'now', title: 'Now' },
  { key: 'view', title: 'View', align: 'right' },
  { key: 'primary', title: 'Primary', align: 'right' },
];

/** The same while nobody leads. */
export const withoutPrimary = nodeActionColumns.filter(({ key }) => key !== 'primary');

/** Columns of actions on links. */
export const ruleColumns: readonly Column[] = [
  { key: 'from', title: 'From' },
  { key: 'to', title: 'To' },
  { key: 'state', title: 'State' },
  { key: 'drop', title: 'Drop', align: 'right' },
  { key: 'delay', title: 'Delay', align: 'right' },
  { key: 'jitter', title: 'Jitter', align: 'right' },
  { key: 'duplicate', title: 'Duplicate', align: 'right' },
  { key: 'reorder', title: 'Reorder', align: 'right' },
];

export function ruleRow(rule: RuleRecord): Row {
  return {
    from: rule.from,
    to: rule.to,
    state: rule.cut ? { text: 'cut', tone: 'bad' } : { text: 'faulty', tone: 'warn' },
    drop: rule.drop,
    delay: humanDuration(rule.delay_us),
    jitter: humanDuration(rule.jitter_us),
    duplicate: rule.duplicate,
    reorder: rule.reorder,
  };
}

function ruleOf(rule: JsonFields): RuleRecord {
  return {
    from: rule.number('from') ?? 0,
    to: rule.number('to') ?? 0,
    cut: rule.isTrue('cut'),
    drop: rule.number('drop') ?? 0,
    delay_us: rule.number('delay_us') ?? 0,
    jitter_us: rule.number('jitter_us') ?? 0,
    duplicate: rule.number('duplicate') ?? 0,
    reorder: rule.number('reorder') ?? 0,
  };
}

function stateText(state: string | undefined): string {
  return state === 'killed' ? 'down' : (state ?? 'unknown');
}
