import { soon } from './soon.js';
import { holds, type SmokeSuite, type SmokeTarget, same } from './step.js';

const payloads = Array.from({ length: 100 }, (_, i) => `message ${i}`);
const names = ({ prefix }: SmokeTarget) => ({ stream: `${prefix}quick`, topic: 'orders' });

/** What a client does first: objects, messages, a group, and their end. */
export const quick: SmokeSuite = {
  name: 'quick',
  steps: [
    {
      name: 'ping',
      run: async ({ client }) => {
        await client.ping();
      },
    },
    {
      name: 'log in and register a session',
      run: async ({ client }) => {
        holds('the session has no number', (client.session.session ?? 0n) > 0n);
        await Promise.resolve();
      },
    },
    {
      name: 'create stream',
      run: async (target) => {
        const { stream } = names(target);
        const made = await target.client.streams.create(stream);
        same('name', made.name, stream);
      },
    },
    {
      name: 'create topic with 3 partitions',
      run: async (target) => {
        const { stream, topic } = names(target);
        const made = await target.client.topics.create(stream, { name: topic, partitions: 3 });
        same('partitions', made.partitions.length, 3);
      },
    },
    {
      name: 'send 100 messages',
      run: async (target) => {
        const messages = payloads.map((payload) => ({ payload }));
        await target.client.messages.send(
          { ...names(target), partitioning: { partition: 0 } },
          messages,
        );
      },
    },
    {
      name: 'poll them in order',
      run: async (target) => {
        const place = { ...names(target), consumer: 1, partition: 0, from: 'first' as const };
        const look = () => target.client.messages.poll({ ...place, count: 1000 });
        const { messages } = await soon(look, (seen) => seen.messages.length >= payloads.length);
        same('messages', messages.length, payloads.length);
        const texts = messages.map(({ payload }) => new TextDecoder().decode(payload));
        same('payloads', texts.join(), payloads.join());
        holds(
          'offsets rise by one',
          messages.every(({ offset }, at) => offset === at),
        );
      },
    },
    {
      name: 'store and read an offset',
      run: async (target) => {
        const { offsets } = target.client;
        const place = { ...names(target), consumer: 1, partition: 0 };
        await offsets.store(place, { offset: 41n });
        const found = await soon(
          () => offsets.get(place),
          (seen) => seen !== null,
        );
        same('stored offset', found?.stored_offset, 41n);
      },
    },
    {
      name: 'consumer group: join, share, leave',
      run: async (target) => {
        const { groups } = target.client;
        const place = { ...names(target), group: 'workers' };
        const { stream, topic } = names(target);
        await groups.create(stream, topic, 'workers');
        await groups.join(place);
        same('members', (await groups.get(place))?.members.length, 1);
        await groups.leave(place);
        same('members', (await groups.get(place))?.members.length, 0);
      },
    },
    {
      name: 'delete topic and stream',
      run: async (target) => {
        const { stream, topic } = names(target);
        await target.client.topics.delete(stream, topic);
        await target.client.streams.delete(stream);
        same('stream', await target.client.streams.get(stream), null);
      },
    },
  ],
};
