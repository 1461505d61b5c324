// Differences that a comparison with an official server, frame by frame, brought to light.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operation, requestFrame } from '../helpers/raw-client.js';
import { answers } from './hand/answers.js';
import { HandClient, outcome } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import { readConfirmations } from './hand/replies.js';
import {
  op,
  optionText,
  place,
  sendBody,
  streamBody,
  topicBody,
  updateTopicBody,
} from './hand/requests.js';

const clusterOf = (frame: Buffer): string => frame.subarray(32, 48).toString('hex');

describe('answers that an official server gives byte for byte', () => {
  let server: HandCluster;
  let root: HandClient;

  beforeAll(async () => {
    server = await HandCluster.open();
    root = await server.root();
  });
  afterAll(() => server.stop());

  it('names the cluster in evictions as in committed replies', async () => {
    const created = await root.mutate(op.createStream, streamBody('named'));
    const cluster = clusterOf(created.frame);
    expect(cluster).not.toBe('0'.repeat(32));
    const stranger = await HandClient.dial(server.port());
    const login = requestFrame({ operation: operation.register, client: stranger.id });
    const malformed = await stranger.raw.ask(login);
    expect([outcome(malformed), clusterOf(malformed.frame)]).toEqual(['E 15', cluster]);
    const unbound = await stranger.raw.ask(
      requestFrame({ operation: op.createStream, client: stranger.id, session: 1, request: 1 }),
    );
    expect([outcome(unbound), clusterOf(unbound.frame)]).toEqual(['E 1', cluster]);
    stranger.close();
  });

  it('reads option texts with bits, fractions, zero and no limit', async () => {
    await root.must(op.createStream, streamBody('texts'));
    const row = (key: string, value: string, said: string) =>
      [
        `${key} ${value}`,
        topicBody('texts', `${key}-${value}`, 1, optionText(key, value)),
        said,
      ] as const;
    await answers(
      [
        row('max_topic_size', '2gb', 'S 1019'),
        row('max_topic_size', '16 Gbit', 'ok'),
        row('max_topic_size', 'none', 'ok'),
        row('max_topic_size', '15 EB', 'ok'),
        row('max_topic_size', '2\tGB', 'S 4042'),
        row('segment_size', '0.5', 'S 4042'),
        row('segment_size', '8388608 b', 'ok'),
        row('segment_size', 'Unlimited', 'ok'),
        row('size_of_messages_required_to_save', '2gb', 'ok'),
        row('message_expiry', '0', 'ok'),
        row('message_expiry', '1.5h', 'ok'),
        row('message_expiry', '1micros', 'S 4042'),
      ],
      (body) => root.does(op.createTopic, body),
    );
    const change = updateTopicBody(
      'texts',
      'message_expiry-0',
      'x',
      optionText('message_expiry', '0'),
    );
    expect(await root.does(op.updateTopic, change)).toBe('ok');
  });

  it('begins a topic at its first partition, also where a topic of its id was', async () => {
    await root.must(op.createStream, streamBody('turns'));
    for (let round = 0; round < 2; round++) {
      await root.must(op.createTopic, topicBody('turns', 't', 3));
      for (const partition of [0, 1]) {
        const [sent] = readConfirmations(
          await root.sends(sendBody('turns', 't', 'balanced', ['x'])),
        );
        expect(sent).toMatchObject({ partition });
      }
      await root.must(op.deleteTopic, place('turns', 't'));
    }
  });
});
