import type { LocalCluster } from '../../cluster/index.js';
import { soon } from './soon.js';
import { holds, SmokeFailure, type SmokeSuite, type SmokeTarget, same } from './step.js';

const patience = 20_000;
const place = ({ prefix }: SmokeTarget) => ({ stream: `${prefix}failover`, topic: 't' });

/** The primary dies under load; nothing acknowledged may be lost. */
export const failover: SmokeSuite = {
  name: 'failover',
  steps: [
    {
      name: 'prepare a topic',
      needsCluster: true,
      run: async (target) => {
        const { stream, topic } = place(target);
        await target.client.streams.create(stream);
        await target.client.topics.create(stream, { name: topic, partitions: 1 });
      },
    },
    {
      name: 'kill the primary while messages are sent',
      needsCluster: true,
      run: async (target) => {
        const cluster = clusterOf(target);
        const { primary: old } = cluster.status();
        holds('there is no primary', old !== undefined);
        const producer = target.client.producer({
          ...place(target),
          retry: { retries: 30, intervalMillis: 300 },
        });
        const sends = Array.from({ length: 20 }, (_, i) =>
          producer.send({ payload: `before ${i}` }),
        );
        await Promise.all(sends);
        const killed = cluster.kill(old, 'crash');
        const after = Array.from({ length: 20 }, (_, i) =>
          producer.send({ payload: `after ${i}` }),
        );
        await Promise.all([killed, ...after]);
        await producer.close();
        await cluster.waitFor(({ primary }) => primary !== undefined && primary !== old, patience);
      },
    },
    {
      name: 'every acknowledged message is there',
      needsCluster: true,
      run: async (target) => {
        const { messages } = await soon(
          () =>
            target.client.messages.poll({
              ...place(target),
              ...{ consumer: 1, partition: 0, from: 'first', count: 1000 },
            }),
          (seen) => seen.messages.length >= 40,
        );
        const texts = new Set(messages.map(({ payload }) => new TextDecoder().decode(payload)));
        for (const when of ['before', 'after']) {
          for (let i = 0; i < 20; i++) holds(`${when} ${i} is missing`, texts.has(`${when} ${i}`));
        }
      },
    },
    {
      name: 'the killed node comes back and catches up',
      needsCluster: true,
      run: async (target) => {
        const cluster = clusterOf(target);
        for (const node of cluster.nodes) {
          if (node.state !== 'running') await cluster.restart(node.id);
        }
        await cluster.waitFor(({ nodes }) => {
          const commits = new Set(nodes.map(({ commit }) => commit));
          return commits.size === 1 && nodes.every(({ status }) => status === 'normal');
        }, patience);
        await target.client.streams.delete(place(target).stream);
        same('stream', await target.client.streams.get(place(target).stream), null);
      },
    },
  ],
};

function clusterOf({ cluster }: SmokeTarget): LocalCluster {
  if (cluster === undefined) throw new SmokeFailure('there is no cluster of its own');
  return cluster;
}
