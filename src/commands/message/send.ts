import { createReadStream } from 'node:fs';
import { Args, Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { readLines } from '../../cli/message/read-lines.js';
import { ServerCommand } from '../../cli/server-command.js';
import { takeTopic } from '../../cli/topic/topic-target.js';
import { parseDuration } from '../../cli/values.js';
import type { Partitioning, Producer } from '../../client/index.js';
import { humanDuration, humanSize } from '../../render/index.js';

interface Totals {
  sent: number;
  acknowledged: number;
  bytes: number;
  retried: number;
  readonly batches: Set<string>;
  readonly failed: { readonly line: number; readonly failure: Error }[];
}

export default class MessageSend extends ServerCommand<typeof MessageSend> {
  static override summary =
    'Send messages: the arguments, or one message a line from a file or stdin.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders "first" "second"',
    'seq 1 1000 | <%= config.bin %> <%= command.id %> shop/orders --partition 0',
  ];
  static override resultKind = 'message.send';
  static override strict = false;
  static override args = {
    stream: Args.string({ description: 'Stream, or STREAM/TOPIC.' }),
    topic: Args.string({ description: 'Topic, by name or id.' }),
    messages: Args.string({ description: 'Messages; without any, lines of --file or stdin.' }),
  };
  static override flags = {
    partition: Flags.integer({ summary: 'Partition; in turn by default.', min: 0 }),
    key: Flags.string({
      summary: 'Messages of one key go to one partition.',
      exclusive: ['partition'],
    }),
    header: Flags.string({
      char: 'H',
      summary: 'Header of every message.',
      helpValue: 'k=v',
      multiple: true,
    }),
    file: Flags.string({ char: 'f', summary: 'Read lines from a file.', helpValue: 'PATH' }),
    batch: Flags.integer({ summary: 'Messages of one batch at most.', default: 1000, min: 1 }),
    linger: Flags.string({ summary: 'How long a message waits for others.', default: '0ms' }),
    'on-error': Flags.string({
      options: ['stop', 'continue'],
      default: 'stop',
      summary: 'After a failed message.',
    }),
  };

  protected override async execute(): Promise<void> {
    const { target, rest } = takeTopic(this.words);
    const started = performance.now();
    const readsStdin = rest.length === 0 && this.flags.file === undefined;
    const client = await this.client({ stdinIsTaken: readsStdin });
    const totals: Totals = {
      sent: 0,
      acknowledged: 0,
      bytes: 0,
      retried: 0,
      batches: new Set(),
      failed: [],
    };
    const producer = client.producer({
      stream: target.stream_id,
      topic: target.topic_id,
      partitioning: this.#partitioning(),
      batchMessages: this.flags.batch,
      lingerMillis: parseDuration(this.flags.linger, '--linger') / 1000,
      onRetry: () => {
        totals.retried += 1;
      },
    });
    await this.#send(producer, this.#input(rest), totals);
    await producer.close();
    this.#report(totals, Math.round((performance.now() - started) * 1000));
  }

  /** Keeps a bounded number of messages under way, so that input of any length fits in memory. */
  async #send(producer: Producer, input: AsyncIterable<string>, totals: Totals): Promise<void> {
    const headers = headersOf(this.flags.header ?? []);
    const open = new Set<Promise<void>>();
    const limit = this.flags.batch * 4;
    for await (const payload of input) {
      totals.sent += 1;
      totals.bytes += Buffer.byteLength(payload);
      const line = totals.sent;
      const sending = producer
        .send({ payload, ...(headers === undefined ? {} : { headers }) })
        .then(({ confirmation }) => {
          totals.acknowledged += 1;
          if (confirmation !== undefined)
            totals.batches.add(JSON.stringify(Object.values(confirmation).map(String)));
        })
        .catch((error: unknown) => {
          const failure = error instanceof Error ? error : new Error(String(error));
          totals.failed.push({ line, failure });
        })
        .finally(() => open.delete(sending));
      open.add(sending);
      if (open.size >= limit) await Promise.race(open);
      if (this.#stopsAfter(totals) !== undefined) break;
    }
    await producer.flush();
    await Promise.all(open);
    const failed = this.#stopsAfter(totals);
    if (failed === undefined) return;
    this.warning(`${totals.acknowledged} of ${totals.sent} messages were acknowledged`);
    throw failed;
  }

  /** The failure that ends the command, if there is one. */
  #stopsAfter({ failed }: Totals): Error | undefined {
    return this.flags['on-error'] === 'stop' ? failed[0]?.failure : undefined;
  }

  async *#input(messages: readonly string[]): AsyncGenerator<string> {
    if (messages.length > 0) {
      yield* messages;
      return;
    }
    const { file } = this.flags;
    if (file === undefined && process.stdin.isTTY) {
      throw usageError('there is nothing to send', 'give messages, --file, or lines on stdin');
    }
    yield* readLines(file === undefined ? process.stdin : createReadStream(file));
  }

  #partitioning(): Partitioning {
    const { partition, key } = this.flags;
    if (partition !== undefined) return { partition };
    return key === undefined ? 'balanced' : { key };
  }

  #report({ sent, acknowledged, batches, bytes, retried, failed }: Totals, took: number): void {
    const rate = Math.round((acknowledged * 1_000_000) / Math.max(1, took));
    if (failed.length > 0) this.exitWith('failed');
    this.out.object({
      kind: 'message.send',
      value: {
        ...{ sent: BigInt(sent), acknowledged: BigInt(acknowledged), batches: batches.size },
        ...{
          bytes: BigInt(bytes),
          retried,
          took_us: took,
          failed: failed.map(({ line, failure }) => ({ line, error: failure.message })),
        },
      },
      pairs: [
        { label: 'Sent', value: sent },
        { label: 'Acknowledged', value: acknowledged },
        { label: 'Batches', value: batches.size },
        { label: 'Bytes', value: humanSize(bytes) },
        { label: 'Retried', value: retried },
        { label: 'Took', value: humanDuration(took) },
        { label: 'Rate', value: `${rate} messages/s` },
      ],
    });
  }
}

function headersOf(texts: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (texts.length === 0) return undefined;
  const headers: Record<string, string> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at < 1) throw usageError(`--header: "${text}" is not of the form key=value`);
    headers[text.slice(0, at)] = text.slice(at + 1);
  }
  return headers;
}
