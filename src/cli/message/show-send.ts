import type { Partitioning } from '../../client/index.js';
import { commands, encodeSendMessages, type NewMessage } from '../../wire/index.js';
import { requestFrameOf, showFrames } from '../connect/dry-run.js';
import type { TopicTarget } from '../topic/topic-target.js';
import type { Outgoing } from './send-run.js';

/** What decides the frame of a send. */
export interface SendPlan {
  readonly target: TopicTarget;
  readonly partitioning: Partitioning;
  readonly batch: number;
}

/** Shows the request of the first batch, for `--dry-run`. */
export async function showSend(
  messages: AsyncIterable<Outgoing>,
  { target, partitioning, batch }: SendPlan,
  shown: { readonly format: string; readonly color: string | undefined },
): Promise<void> {
  const { encodeUserHeaders } = await import('../../wire/index.js');
  const first: NewMessage[] = [];
  for await (const { payload, id, headers } of messages) {
    const now = BigInt(Date.now()) * 1000n;
    const userHeaders = headers === undefined ? {} : { userHeaders: encodeUserHeaders(headers) };
    first.push({
      id: id ?? BigInt(first.length + 1),
      payload,
      originTimestamp: now,
      ...userHeaders,
    });
    if (first.length === batch) break;
  }
  const to = { ...target, partitioning: wirePartitioning(partitioning) };
  const body = encodeSendMessages(to, first);
  const { code } = commands.send_messages;
  await showFrames([requestFrameOf({ code, body })], shown);
}

/** Without asking the server, so that keys and turns are left to it. */
function wirePartitioning(partitioning: Partitioning) {
  if (partitioning === 'balanced') return { kind: 1 } as const;
  if ('partition' in partitioning) return { kind: 2, value: partitioning.partition } as const;
  const { key } = partitioning;
  return { kind: 3, value: typeof key === 'string' ? Buffer.from(key) : key } as const;
}
