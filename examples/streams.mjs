// Connects, creates a stream, looks at it, and removes it again.
import { IggyClient, ServerError } from 'iggyctl';
import { freshName, settings } from './settings.mjs';

const client = await IggyClient.connect(settings);
const { clientId, session, endpoint } = client.session;
console.log(`session ${session} of client ${clientId.toString(16)} at port ${endpoint?.port}`);

const name = freshName('example');
const created = await client.streams.create(name);
console.log(`created stream ${created.id}, "${created.name}"`);

try {
  await client.streams.create(name);
} catch (error) {
  if (!(error instanceof ServerError)) throw error;
  console.log(`a second one is refused: ${error.serverName} (${error.serverCode})`);
}

console.log(`streams: ${(await client.streams.list()).length > 0 ? 'some' : 'none'}`);
await client.streams.delete(name);
console.log(`deleted, so it is now ${await client.streams.get(name)}`);
await client.close();
