import { isIggyctlError } from '../../base/index.js';
import type { LocalCluster } from '../../cluster/index.js';
import type { LiveNotice } from '../../render/index.js';

/** What the screen of a live view is doing. */
export interface LiveState {
  selected: number;
  showsLog: boolean;
  message: LiveNotice | undefined;
  /** The question whether to stop stands on the screen. */
  isAsking: boolean;
}

/** What a key wants from whoever runs the view. */
export type KeyOutcome = 'stay' | 'stop' | 'interrupt';

const escapeKey = '\u001b';

/**
 * Performs a key: arrows and digits select, letters act on the selected node. Faults are not asked
 * about; stopping is.
 */
export async function pressKey(
  key: string,
  state: LiveState,
  cluster: LocalCluster,
): Promise<KeyOutcome> {
  if (key === '\u0003' || key === '\u0004') return 'interrupt';
  if (state.isAsking) return answer(key, state);
  if (select(key, state, cluster.nodes.length)) return 'stay';
  if (key === 'l') {
    state.showsLog = !state.showsLog;
    return 'stay';
  }
  if (key === 'q') {
    state.isAsking = true;
    state.message = { tone: 'strong', text: 'Stop the cluster? y/N' };
    return 'stay';
  }
  const action = actions[key];
  if (action === undefined) return 'stay';
  const node = state.selected;
  try {
    state.message = { tone: 'dim', text: await action(cluster, node) };
  } catch (error) {
    if (!isIggyctlError(error)) throw error;
    state.message = { tone: 'bad', text: error.message };
  }
  return 'stay';
}

type Action = (cluster: LocalCluster, node: number) => string | Promise<string>;

const actions: Readonly<Record<string, Action>> = {
  k: async (cluster, node) => {
    await cluster.kill(node, 'crash');
    return `node ${node} killed, as by a power cut`;
  },
  r: async (cluster, node) => {
    await cluster.restart(node);
    return `node ${node} restarted`;
  },
  i: (cluster, node) => {
    cluster.faults.isolate(node);
    return `node ${node} isolated from all others`;
  },
  h: (cluster, node) => {
    const count = cluster.faults.heal([node]);
    return count === 0 ? `node ${node} has no faults` : `${count} faults of node ${node} removed`;
  },
  s: (cluster) =>
    cluster.stepDown() ? 'the primary was asked to step down' : 'there is no primary',
};

function answer(key: string, state: LiveState): KeyOutcome {
  if (key === 'y' || key === 'Y' || key === 'q') return 'stop';
  state.isAsking = false;
  state.message = undefined;
  return 'stay';
}

function select(key: string, state: LiveState, count: number): boolean {
  if (/^\d$/.test(key)) {
    if (Number(key) < count) state.selected = Number(key);
    return true;
  }
  const step = steps[key];
  if (step === undefined) return false;
  state.selected = (state.selected + step + count) % count;
  return true;
}

const steps: Readonly<Record<string, number>> = {
  [`${escapeKey}[A`]: -1,
  [`${escapeKey}OA`]: -1,
  [`${escapeKey}[B`]: 1,
  [`${escapeKey}OB`]: 1,
  '\t': 1,
};
