import { RawConnection, ServerError } from '../../client/index.js';
import { buildFrame, Operation } from '../../wire/index.js';
import { failing, holds, type SmokeSuite, type SmokeTarget, same } from './step.js';

const [nameTaken, streamMissing, topicMissing, invalidCommand] = [1012, 1009, 2011, 3];

/** Answers that clients of any language rely on: codes, empty and missing forms, malformed frames. */
export const protocol: SmokeSuite = {
  name: 'protocol',
  steps: [
    {
      name: 'a missing stream is null and not an error',
      run: async ({ client, prefix }) => {
        same('stream', await client.streams.get(`${prefix}none`), null);
      },
    },
    {
      name: 'a name that is taken is refused by its code',
      run: async ({ client, prefix }) => {
        await client.streams.create(`${prefix}twice`);
        const error = await failing('second create', client.streams.create(`${prefix}twice`));
        same('code', codeOf(error), nameTaken);
      },
    },
    {
      name: 'a topic of a missing stream is refused by its code',
      run: async ({ client, prefix }) => {
        const topic = { name: 'x', partitions: 1 };
        const error = await failing('create', client.topics.create(`${prefix}none`, topic));
        const known = [streamMissing, streamMissing + 1];
        holds(`code ${String(codeOf(error))}`, known.includes(codeOf(error) ?? 0));
      },
    },
    {
      name: 'a poll of a missing topic is refused by its code',
      run: async ({ client, prefix }) => {
        const place = { stream: `${prefix}twice`, topic: 'none', consumer: 1, partition: 0 };
        const error = await failing('poll', client.messages.poll(place));
        const known = [topicMissing, topicMissing - 1, 20];
        holds(`code ${String(codeOf(error))}`, known.includes(codeOf(error) ?? 0));
      },
    },
    {
      name: 'an unknown command is refused, and the connection goes on',
      run: async ({ client }) => {
        const error = await failing('command 9999', client.request(9999, new Uint8Array()));
        same('code', codeOf(error), invalidCommand);
        await client.ping();
      },
    },
    {
      name: 'a mutation without a session is answered by an eviction',
      run: async (target) => {
        const frame = buildFrame(
          'Request',
          { operation: Operation.CreateStream, client: 7n, session: 9n, request: 1n },
          new Uint8Array([1, 0x78, 0]),
        );
        const answer = await exchangeRaw(target, frame);
        same('command of the answer', answer?.[60], 13);
      },
    },
    {
      name: 'bytes that are no frame close the connection, and only that one',
      run: async (target) => {
        same('answer', await exchangeRaw(target, new Uint8Array(256).fill(255)), undefined);
        await target.client.ping();
      },
    },
    {
      name: 'remove what was made',
      run: async ({ client, prefix }) => {
        await client.streams.delete(`${prefix}twice`);
      },
    },
  ],
};

function codeOf(error: unknown): number | undefined {
  return error instanceof ServerError ? error.serverCode : undefined;
}

/** Sends bytes on a connection of their own; nothing comes back when it is closed. */
async function exchangeRaw({ client, options }: SmokeTarget, bytes: Uint8Array) {
  const { host = '', port = 0 } = client.session.endpoint ?? {};
  const { transport, tls } = options;
  const connection = await RawConnection.open(`${host}:${port}`, {
    ...(transport === undefined ? {} : { transport }),
    ...(tls === undefined ? {} : { tls }),
  });
  try {
    connection.send(bytes);
    return await connection.next();
  } finally {
    connection.close();
  }
}
