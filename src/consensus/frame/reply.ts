import { setU32 } from '../../base/index.js';
import { Command } from '../../wire/index.js';
import { headerSize, prepareAt, replyAt } from './layout.js';
import { prepareBuilder } from './prepare.js';

/**
 * The committed reply to a prepare. Every byte comes from what the prepare's identity covers, so
 * all replicas, now or after a replay, build the same bytes. `view` is not covered (a
 * retransmission changes it), hence the reply carries the lowest view its builder leads.
 */
export function buildReply(prepare: Uint8Array, body: Uint8Array): Uint8Array {
  const size = headerSize + body.length;
  const reply = new Uint8Array(size);
  const copy = (to: number, from: number, length: number): void => {
    for (let i = 0; i < length; i++) reply[to + i] = prepare[from + i] ?? 0;
  };
  copy(replyAt.cluster, prepareAt.cluster, 16);
  setU32(reply, replyAt.size, size);
  setU32(reply, replyAt.view, prepareBuilder(prepare));
  copy(replyAt.release, prepareAt.release, 4);
  reply[replyAt.command] = Command.Reply;
  reply[replyAt.replica] = prepareBuilder(prepare);
  copy(replyAt.requestChecksum, prepareAt.requestChecksum, 16);
  copy(replyAt.client, prepareAt.client, 16);
  copy(replyAt.op, prepareAt.op, 8);
  copy(replyAt.commit, prepareAt.op, 8);
  copy(replyAt.timestamp, prepareAt.timestamp, 8);
  copy(replyAt.request, prepareAt.request, 8);
  copy(replyAt.operation, prepareAt.operation, 1);
  reply.set(body, headerSize);
  return reply;
}
