import { createReadStream } from 'node:fs';
import { Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { timeoutOf } from '../../cli/connect/client-options.js';
import { importedMessages } from '../../cli/message/import-source.js';
import { Progress } from '../../cli/message/progress.js';
import { checkInputFile } from '../../cli/message/read-input.js';
import { SendRun } from '../../cli/message/send-run.js';
import { ServerCommand } from '../../cli/server-command.js';
import { existingTopic } from '../../cli/topic/topic-lookup.js';
import { parsePartition, refuseMore, takeTopic, topicArgs } from '../../cli/topic/topic-target.js';
import type { Partitioning } from '../../client/index.js';

export default class MessageImport extends ServerCommand<typeof MessageImport> {
  static override summary = 'Send the messages of an exported file.';
  static override description =
    'Payloads, ids and headers are kept. Delivery is at least once: Retried counts messages that ' +
    'may be stored twice.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop copy --file orders.ndjson',
    '<%= config.bin %> <%= command.id %> shop/copy/0 --file orders.bin --format iggy',
  ];
  static override resultKind = 'message.send';
  static override strict = false;
  static override args = topicArgs;
  static override flags = {
    file: Flags.string({ char: 'f', summary: 'File to read, or -.', helpValue: 'FILE|-' }),
    format: Flags.string({ summary: 'Form.', options: ['ndjson', 'iggy'], default: 'ndjson' }),
    partition: Flags.string({ summary: 'Partition; in turn by default.' }),
    key: Flags.string({ summary: 'Messages of one key go to one partition.' }),
    'keep-partitions': Flags.boolean({ summary: 'To the partitions they were in (ndjson).' }),
    'preserve-timestamps': Flags.boolean({ summary: 'Keep the time of the producer.' }),
    batch: Flags.integer({ summary: 'Messages of one batch at most.', default: 1000, min: 1 }),
  };

  protected override get stdinIsTaken(): boolean {
    return (this.flags.file ?? '-') === '-';
  }

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const { target, rest } = takeTopic(this.words);
    refuseMore(rest.slice(1));
    const input = this.#input();
    const client = await this.client();
    await existingTopic(client, target, this.signal);
    const progress = new Progress({ isOff: flags.quiet || this.out.isJson });
    this.onEnd(() => progress.stop());
    const run = new SendRun(client, target, {
      ...{ partitioning: this.#partitioning(rest[0] ?? flags.partition), batch: flags.batch },
      ...{ lingerMillis: 0, perSecond: undefined, stopsOnError: true, retries: flags.retries },
      ...{ timeoutMillis: timeoutOf(this.settings), signal: this.signal },
      onProgress: (acknowledged) => progress.tell(`${acknowledged} messages acknowledged`),
    });
    const rules = {
      format: flags.format,
      preserveTimestamps: flags['preserve-timestamps'],
      keepPartitions: flags['keep-partitions'],
    };
    try {
      await run.send(importedMessages(input, rules));
    } catch (error) {
      progress.stop();
      this.warning(`${run.acknowledged} of ${run.sent} messages were acknowledged`);
      throw error;
    }
    progress.stop();
    this.out.object(run.result());
  }

  #input(): AsyncIterable<Uint8Array | string> {
    const { file } = this.flags;
    if (file !== undefined && file !== '-') {
      checkInputFile(file);
      return createReadStream(file);
    }
    if (process.stdin.isTTY) throw usageError('there is nothing to import', 'add --file FILE');
    return process.stdin;
  }

  #partitioning(text: string | undefined): Partitioning {
    const { key } = this.flags;
    if (text !== undefined && key !== undefined) throw usageError('give a partition or a key');
    if (text !== undefined) return { partition: parsePartition(text) };
    return key === undefined ? 'balanced' : { key };
  }
}
