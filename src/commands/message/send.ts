import { Args, Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { timeoutOf } from '../../cli/connect/client-options.js';
import { mutationFlags } from '../../cli/flags.js';
import { headersOf } from '../../cli/message/header-flags.js';
import { parseRate } from '../../cli/message/pace.js';
import { Progress } from '../../cli/message/progress.js';
import { type InputForm, inputForms, openInput } from '../../cli/message/read-input.js';
import { type Outgoing, SendRun } from '../../cli/message/send-run.js';
import { delimiterOf, messageId, outgoing, repeated } from '../../cli/message/send-source.js';
import { type SendPlan, showSend } from '../../cli/message/show-send.js';
import { ServerCommand } from '../../cli/server-command.js';
import { whatIsMissing } from '../../cli/topic/topic-lookup.js';
import {
  parsePartition,
  type TakenTopic,
  takeTopic,
  topicArgs,
} from '../../cli/topic/topic-target.js';
import { parseDuration } from '../../cli/values.js';
import type { Partitioning } from '../../client/index.js';

export default class MessageSend extends ServerCommand<typeof MessageSend> {
  static override summary = 'Send messages: the arguments, or those of a file or standard input.';
  static override description =
    'Without messages and --file, standard input is sent as it comes, one message a line. ' +
    'Delivery is at least once: Retried counts messages that may be stored twice.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders "first" "second"',
    'seq 1 1000 | <%= config.bin %> <%= command.id %> shop/orders --partition 0',
    '<%= config.bin %> <%= command.id %> shop orders "order {{n}}" --template --repeat 10 --rate 50/s',
  ];
  static override resultKind = 'message.send';
  static override strict = false;
  static override oldShorts = [
    { char: 'p', instead: '--partition N', when: /^\d*$/ },
    { char: 'k', instead: '--key KEY' },
  ];
  static override args = {
    ...topicArgs,
    messages: Args.string({ description: 'Messages; without any, --file or standard input.' }),
  };
  static override flags = {
    ...mutationFlags,
    partition: Flags.integer({ summary: 'Partition; in turn by default.', min: 0 }),
    key: Flags.string({
      summary: 'Messages of one key go to one partition.',
      exclusive: ['partition'],
      aliases: ['message-key'],
    }),
    header: Flags.string({
      char: 'H',
      summary: 'Header of every message.',
      helpValue: 'k[:kind]=v',
      multiple: true,
      aliases: ['headers'],
    }),
    id: Flags.string({ summary: 'Id of the first message; the others count on.', helpValue: 'N' }),
    input: Flags.string({
      summary: 'Form of the input.',
      options: [...inputForms],
      default: 'lines',
    }),
    file: Flags.string({ char: 'f', summary: 'Read a file.', helpValue: 'PATH' }),
    delimiter: Flags.string({ char: 'D', summary: 'What ends a message; \\n.', helpValue: 'TEXT' }),
    batch: Flags.integer({ summary: 'Messages of one batch at most.', default: 1000, min: 1 }),
    linger: Flags.string({ summary: 'How long a message waits for others.', default: '0ms' }),
    rate: Flags.string({ summary: 'Not faster than this.', helpValue: 'N/s' }),
    repeat: Flags.integer({ summary: 'Send the arguments so often.', default: 1, min: 1 }),
    template: Flags.boolean({ summary: 'Fill in {{n}}, {{time}} and {{random 16}}.' }),
    'on-error': Flags.string({
      options: ['stop', 'continue'],
      default: 'stop',
      summary: 'After a message that fails or cannot be read.',
    }),
    progress: Flags.boolean({
      summary: 'Tell how far it is, on a terminal.',
      default: true,
      allowNo: true,
    }),
    'input-file': Flags.string({ hidden: true }),
  };

  #readsStdin = false;

  protected override get stdinIsTaken(): boolean {
    return this.#readsStdin;
  }

  protected override async execute(): Promise<void> {
    const { flags } = this;
    if (flags['input-file'] !== undefined) {
      throw usageError('--input-file is not known', 'use iggyctl message import --file FILE');
    }
    const { target, rest, hasPartition } = takeTopic(this.words);
    const words = hasPartition ? rest.slice(1) : rest;
    this.#check(words);
    const partitioning = this.#partitioning({ rest, hasPartition });
    const headers = headersOf(flags.header ?? []);
    const facts = { headers, firstId: messageId(flags.id) };
    const rules = {
      ...{ partitioning, batch: flags.batch, retries: flags.retries, signal: this.signal },
      lingerMillis: parseDuration(flags.linger, '--linger') / 1000,
      perSecond: flags.rate === undefined ? undefined : parseRate(flags.rate),
      stopsOnError: flags['on-error'] === 'stop',
      timeoutMillis: timeoutOf(this.settings),
    };
    const skipped: { readonly line: number; readonly problem: string }[] = [];
    const source = await this.#source(words, (line, problem) => skipped.push({ line, problem }));
    if (this.isDryRun) return await this.#show(outgoing(source, facts), { target, ...rules });
    const client = await this.client();
    const progress = new Progress({
      isOff: !flags.progress || flags.quiet || this.out.isJson || !this.prompt.isPossible,
    });
    this.onEnd(() => progress.stop());
    const run = new SendRun(client, target, {
      ...rules,
      onProgress: (acknowledged) => progress.tell(`${acknowledged} messages acknowledged`),
      onBatch: ({ partition, baseOffset }) =>
        this.detail(`batch at ${target.topic_id}/${partition} offset ${baseOffset}`),
    });
    try {
      await run.send(outgoing(source, facts));
    } catch (error) {
      progress.stop();
      this.warning(`${run.acknowledged} of ${run.sent} messages were acknowledged`);
      const partition =
        typeof partitioning === 'object' && 'partition' in partitioning
          ? partitioning.partition
          : undefined;
      throw await whatIsMissing(error, client, { ...target, partition });
    }
    progress.stop();
    for (const { line, problem } of skipped) run.skip(line, problem);
    if (run.failed.length > 0) this.exitWith('failed');
    this.out.object(run.result());
  }

  async #show(messages: AsyncIterable<Outgoing>, plan: SendPlan): Promise<void> {
    const { format } = this.out.options;
    await showSend(messages, plan, { format, color: this.flags.color });
  }

  #check(words: readonly string[]): void {
    const { file, repeat, template, input, delimiter } = this.flags;
    if (words.length > 0) {
      if (file !== undefined) throw usageError('give messages or --file, not both');
      if (input !== 'lines' || delimiter !== undefined) {
        const flag = input === 'lines' ? '--delimiter' : '--input';
        throw usageError(`${flag} is about --file and standard input; arguments go as they are`);
      }
      return;
    }
    if (repeat > 1 || template) {
      throw usageError('--repeat and --template need messages as arguments');
    }
    this.#readsStdin = file === undefined;
    if (this.#readsStdin && process.stdin.isTTY) {
      throw usageError('there is nothing to send', 'give messages, --file, or lines on stdin');
    }
  }

  async #source(
    words: readonly string[],
    skip: (line: number, problem: string) => void,
  ): Promise<AsyncIterable<Pick<Outgoing, 'payload' | 'line'>>> {
    const { flags } = this;
    if (words.length > 0) return repeated(words, flags);
    return await openInput(
      {
        file: flags.file,
        form: flags.input as InputForm,
        delimiter: delimiterOf(flags.delimiter),
        ...(flags['on-error'] === 'continue' ? { skip } : {}),
      },
      (cleanUp) => this.onEnd(cleanUp),
    );
  }

  #partitioning({ rest, hasPartition }: Pick<TakenTopic, 'rest' | 'hasPartition'>): Partitioning {
    const { partition, key } = this.flags;
    if (hasPartition) {
      if (partition !== undefined || key !== undefined) {
        throw usageError('the path names a partition already');
      }
      return { partition: parsePartition(rest[0] ?? '') };
    }
    if (partition !== undefined) return { partition };
    return key === undefined ? 'balanced' : { key };
  }
}
