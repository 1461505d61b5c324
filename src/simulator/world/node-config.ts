import { consensusLimits } from '../../consensus/index.js';
import type { NodeHostConfig } from '../../host/index.js';
import { serverDefaults } from '../../server/index.js';
import type { Plan } from '../plan/plan.js';
import { hostOf } from './sim-client.js';
import { rootHash } from './sim-node.js';

const clusterId = 0x1c1n;

/** How one node of a plan is set up. */
export function configOf(plan: Plan, index: number): NodeHostConfig {
  const { replicas, limits, requestPolicy, data } = plan;
  return {
    node: index,
    nodeCount: replicas,
    cluster: clusterId,
    limits: consensusLimits(limits),
    ...(data !== undefined && {
      partitions: {
        ack: data.ack,
        limits: consensusLimits(limits),
        cleanIntervalMillis: 10_000,
      },
    }),
    requestPolicy,
    root: { username: 'iggy', passwordHash: rootHash },
    server: {
      ...serverDefaults,
      serverVersion: 'iggyctl/sim',
      dummyPasswordHash: '$sim$none',
      roster: {
        clusterName: 'sim',
        nodes: Array.from({ length: replicas }, (_, replica) => ({
          ...{ name: `node-${replica}`, replica, host: hostOf(replica) },
          ...{ tcp: 8090, quic: 0, http: 0, websocket: 0 },
        })),
      },
    },
    tracing: false,
  };
}
