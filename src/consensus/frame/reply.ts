import { setU32 } from '../../base/index.js';
import { Command } from '../../wire/index.js';
import { headerSize, prepareAt, replyAt } from './layout.js';
import { prepareBuilder, prepareOperation } from './prepare.js';

/**
 * Fills zeroed bytes with the committed reply to a prepare. Every byte comes from what the prepare's identity covers, so
 * all replicas, now or after a replay, build the same bytes. `view` is not covered (a
 * retransmission changes it), hence the reply carries the lowest view its builder leads.
 */
export function fillReply(reply: Uint8Array, prepare: Uint8Array, body: Uint8Array): Uint8Array {
  copy(reply, replyAt.cluster, prepare, prepareAt.cluster, 16);
  setU32(reply, replyAt.size, reply.length);
  setU32(reply, replyAt.view, prepareBuilder(prepare));
  copy(reply, replyAt.release, prepare, prepareAt.release, 4);
  reply[replyAt.command] = Command.Reply;
  reply[replyAt.replica] = prepareBuilder(prepare);
  copy(reply, replyAt.requestChecksum, prepare, prepareAt.requestChecksum, 16);
  copy(reply, replyAt.client, prepare, prepareAt.client, 16);
  copy(reply, replyAt.op, prepare, prepareAt.op, 8);
  copy(reply, replyAt.commit, prepare, prepareAt.op, 8);
  copy(reply, replyAt.timestamp, prepare, prepareAt.timestamp, 8);
  copy(reply, replyAt.request, prepare, prepareAt.request, 8);
  reply[replyAt.operation] = prepareOperation(prepare);
  if (body.length > 0) reply.set(body, headerSize);
  return reply;
}

function copy(
  target: Uint8Array,
  to: number,
  source: Uint8Array,
  from: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) target[to + i] = source[from + i] ?? 0;
}
