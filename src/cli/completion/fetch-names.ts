import type { IggyClient } from '../../client/index.js';
import type { ServerNames } from './cache.js';

/** No key press is worth asking for more than these. */
const most = 50;

/** Names of streams, topics and groups, as far as one may see them. */
export async function fetchNames(client: IggyClient): Promise<ServerNames['streams']> {
  const streams = await client.streams.list();
  return await Promise.all(
    streams.map(async ({ name }, at) => ({
      name,
      topics: at < most ? await topicsOf(client, name) : [],
    })),
  );
}

async function topicsOf(client: IggyClient, stream: string) {
  const topics = await client.topics.list(stream);
  return await Promise.all(
    topics.map(async ({ name }, at) => ({
      name,
      groups: at < most ? await groupsOf(client, stream, name) : [],
    })),
  );
}

async function groupsOf(client: IggyClient, stream: string, topic: string) {
  return (await client.groups.list(stream, topic)).map(({ name }) => name);
}
