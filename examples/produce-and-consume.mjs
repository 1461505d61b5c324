// Sends messages with keys, and reads them as a member of a consumer group.
import { IggyClient } from 'iggyctl';
import { freshName, settings } from './settings.mjs';

const client = await IggyClient.connect(settings);
const stream = freshName('shop');
await client.streams.create(stream);
await client.topics.create(stream, { name: 'orders', partitions: 3 });

// Messages with one key go to one partition, so their order is kept.
const producer = client.producer({
  stream,
  topic: 'orders',
  lingerMillis: 5,
  onRetry: (error, attempt) => console.log(`attempt ${attempt} after ${error.code}: may repeat`),
});
const customers = ['ada', 'grace', 'edsger'];
const sent = Array.from({ length: 12 }, (_, i) => {
  const customer = customers[i % customers.length];
  const message = { payload: JSON.stringify({ order: i }), headers: { customer } };
  return producer.send(message, { key: customer });
});
const reports = await Promise.all(sent);
await producer.close();
const again = reports.filter((report) => report.retries > 0).length;
console.log(`sent ${reports.length} messages, ${again} of them more than once`);

const consumer = client.consumer({
  stream,
  topic: 'orders',
  group: 'billing',
  createGroup: true,
  stopAtEnd: true,
  onAssignment: (partitions) => console.log(`partitions ${partitions.join(', ')} are mine`),
});
let count = 0;
for await (const { payload } of consumer) {
  const { order } = JSON.parse(Buffer.from(payload).toString());
  if (Number.isInteger(order)) count += 1;
}
console.log(`read ${count} messages`);
await client.streams.delete(stream);
await client.close();
