// Shows what goes over the wire. Login frames hold the password, so only sizes are printed here;
// `iggyctl decode` explains whole frames and masks secrets.
import { IggyClient } from 'iggyctl';
import { settings } from './settings.mjs';

const client = new IggyClient(settings);
client.on('frame', ({ direction, node, bytes }) => {
  const arrow = direction === 'out' ? '->' : '<-';
  console.log(`${arrow} ${node} command ${bytes[60]}, ${bytes.length} bytes`);
});
client.on('connected', ({ node }) => console.log(`connected to ${node}`));
client.on('redirected', ({ from, to }) => console.log(`moving from ${from} to the leader ${to}`));

await client.connect();
await client.ping();
const answer = await client.request(10, new Uint8Array(0));
console.log(`statistics: ${answer.payload.length > 0 ? 'received' : 'none'}`);
await client.close();
