// A mutation is never applied twice. When its connection is lost, the client comes back under the same
// client id and finishes it; when the server cannot tell whether it was applied, the client says so.
import { IggyClient, OutcomeUnknownError } from 'iggyctl';
import { freshName, settings } from './settings.mjs';

const client = new IggyClient(settings);
client.on('disconnected', ({ node, reason }) => console.log(`lost ${node}: ${reason}`));
client.on('retrying', ({ request, reason }) => console.log(`again, number ${request}: ${reason}`));
client.on('signedIn', ({ resumed }) => console.log(resumed ? 'session resumed' : 'new session'));
await client.connect();

const names = Array.from({ length: 5 }, (_, i) => freshName(`once-${i}`));
for (const name of names) {
  try {
    await client.streams.create(name);
    console.log(`created ${name.slice(0, 6)}`);
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) throw error;
    // Nobody knows: look, and decide.
    const exists = (await client.streams.get(name)) !== null;
    console.log(`${name.slice(0, 6)} was ${exists ? 'created' : 'not created'} after all`);
  }
}
for (const name of names) await client.streams.delete(name);
await client.close();
