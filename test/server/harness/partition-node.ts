import { encodeUtf8 } from '../../../src/base/index.js';
import { encodeSendMessages, Operation, type Partitioning } from '../../../src/wire/index.js';
import { commandFrame, loginFrame, requestFrame } from './requests.js';
import { ScriptNode } from './script-node.js';
import { addTopic, group, ScriptPartition } from './topics.js';

/** Session and number of the requests below. */
export const at = { session: 9, request: 4 } as const;

/** A node with a topic of three partitions and connection 1 bound to session 9 of root. */
export function served(config = {}): { node: ScriptNode; partitions: ScriptPartition[] } {
  const node = new ScriptNode(config);
  addTopic(node, 3);
  const partitions = [0, 1, 2].map((id) => {
    const partition = new ScriptPartition();
    node.partitions.set(group(id), partition);
    return partition;
  });
  node.open(1);
  node.login(1, loginFrame(), 9);
  return { node, partitions };
}

/** A send of one message. */
export function send(
  partitioning: Partitioning = { kind: 2, value: 1 },
  stream_id: number | string = 's',
) {
  const target = { stream_id, topic_id: 't', partitioning };
  const message = { id: 1n, payload: encodeUtf8('hi'), originTimestamp: 5n };
  const body = encodeSendMessages(target, [message]);
  return requestFrame(Operation.SendMessages, body, at);
}

/** A store of offset 7. */
export const store = (
  kind: 1 | 2,
  id: number | string,
  partition_id: number | null,
  ack: 0 | 1 = 1,
) =>
  commandFrame(
    'store_consumer_offset',
    { consumer: { kind, id }, stream_id: 's', topic_id: 't', partition_id, offset: 7n, ack },
    at,
  );
