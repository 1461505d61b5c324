import { type DiskFault, diskFaultKinds, diskFaultTargets } from '../platform/index.js';
import type { ControlParams } from './control-params.js';
import { inspectSections } from './inspect.js';
import { cleanLink, type LinkRule } from './link-rules.js';
import type { LocalCluster } from './local-cluster.js';

/** What a control call may use besides the cluster. */
export interface ControlContext {
  readonly cluster: LocalCluster;
  /** Stops the cluster and the process that runs it. */
  shutDown(): void;
}

type Method = (context: ControlContext, params: ControlParams) => unknown;

/** Node states before and after an action. */
interface ActionResult {
  readonly action: string;
  readonly nodes: readonly { readonly id: number; readonly was: string; readonly now: string }[];
  readonly rules: readonly LinkRuleView[];
  readonly view: number | null;
  readonly primary: number | null;
}

interface LinkRuleView {
  readonly from: number;
  readonly to: number;
  readonly cut: boolean;
  readonly drop: number;
  readonly delay_us: number;
  readonly jitter_us: number;
  readonly duplicate: number;
  readonly reorder: number;
}

/** Every call of the control protocol that has one answer. */
export const controlMethods: Readonly<Record<string, Method>> = {
  status: ({ cluster }) => cluster.status(),
  ready: ({ cluster }) => cluster.readyRecord(),
  settings: ({ cluster }) => cluster.settings.list(),
  inspect: ({ cluster }, params) =>
    cluster.inspect(params.integer('node'), params.choices('sections', inspectSections)),
  kill: (context, params) => {
    const mode = params.choice('mode', ['crash', 'clean', 'pause'], 'crash');
    return act(context, 'kill', params.integers('nodes'), (id) => context.cluster.kill(id, mode));
  },
  restart: (context, params) => {
    const wipe = params.flag('wipe');
    const nodes = params.integers('nodes');
    return act(context, 'restart', nodes, (id) => context.cluster.restart(id, { wipe }));
  },
  isolate: (context, params) => {
    const from = params.integers('from');
    const direction = params.choice('direction', ['in', 'out', 'both'], 'both');
    return act(context, 'isolate', params.integers('nodes'), (id) =>
      context.cluster.faults.isolate(id, from, direction),
    );
  },
  partition: (context, params) => {
    context.cluster.faults.partition(params.groups('groups'));
    return act(context, 'isolate', [], () => undefined);
  },
  link: (context, params) => {
    const change: Partial<LinkRule> = Object.fromEntries(
      (['drop', 'delayMillis', 'jitterMillis', 'duplicate', 'reorder'] as const).flatMap((name) => {
        const value = params.number(name);
        return value === undefined ? [] : [[name, value]];
      }),
    );
    context.cluster.faults.link(params.integer('from'), params.integer('to'), change);
    return act(context, 'link', [], () => undefined);
  },
  fault: (context, params) => {
    const fault: DiskFault = {
      kind: params.choice('disk', diskFaultKinds),
      once: params.flag('once'),
      ...targetOf(params),
    };
    return act(context, 'fault', [params.integer('node')], (id) =>
      context.cluster.faults.disk(id, fault),
    );
  },
  heal: async (context, params) => {
    const { cluster } = context;
    const nodes = params.integers('nodes');
    const removed = cluster.faults.links;
    cluster.faults.heal(nodes);
    const down = params.flag('restart')
      ? cluster.nodes.filter(({ state }) => state === 'killed' || state === 'stopped')
      : [];
    const result = await act(
      context,
      'heal',
      down.map(({ id }) => id),
      (id) => cluster.restart(id),
    );
    return { ...result, rules: removed.map(linkView) };
  },
  'step-down': (context) => {
    context.cluster.stepDown();
    return act(context, 'step-down', [], () => undefined);
  },
  tracing: ({ cluster }, params) => cluster.setTracing(params.flag('on')),
  down: ({ shutDown }) => shutDown(),
};

async function act(
  { cluster }: ControlContext,
  action: string,
  nodes: readonly number[],
  perform: (id: number) => void | Promise<void>,
): Promise<ActionResult> {
  const was = nodes.map((id) => ({ id, was: cluster.nodes[id]?.state ?? 'unknown' }));
  await Promise.all(nodes.map(async (id) => perform(id)));
  const { view, primary = null, nodes: rows } = cluster.status();
  // While nobody leads, the newest view that somebody is in.
  const newest = Math.max(-1, ...rows.map((row) => row.view ?? -1));
  return {
    action,
    nodes: was.map((each) => ({ ...each, now: cluster.nodes[each.id]?.state ?? 'unknown' })),
    rules: cluster.faults.links.map(linkView),
    view: view ?? (newest < 0 ? null : newest),
    primary,
  };
}

function linkView(link: LinkRule & { readonly from: number; readonly to: number }): LinkRuleView {
  const { from, to, isCut, drop, delayMillis, jitterMillis, duplicate, reorder } = {
    ...cleanLink,
    ...link,
  };
  return {
    from,
    to,
    cut: isCut,
    drop,
    delay_us: Math.round(delayMillis * 1000),
    jitter_us: Math.round(jitterMillis * 1000),
    duplicate,
    reorder,
  };
}

function targetOf(params: ControlParams): Pick<DiskFault, 'target'> {
  const target = params.choice('target', [...diskFaultTargets, 'all'], 'all');
  return target === 'all' ? {} : { target };
}
