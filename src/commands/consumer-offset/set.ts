import { Args, Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { mutationFlags } from '../../cli/flags.js';
import { partitionNotFound } from '../../cli/not-found.js';
import { asMember } from '../../cli/offset/as-member.js';
import { type Destination, offsetBefore } from '../../cli/offset/offset-position.js';
import {
  kindFlag,
  neededPartition,
  type OffsetTarget,
  offsetArgs,
  placeOf,
  takeOffset,
  wireTarget,
} from '../../cli/offset/offset-target.js';
import { beforeAfterTable, changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { parseTime } from '../../cli/times.js';
import { existingTopic } from '../../cli/topic/topic-lookup.js';
import { refuseMore } from '../../cli/topic/topic-target.js';
import { parseInteger } from '../../cli/values.js';

export default class ConsumerOffsetSet extends ServerCommand<typeof ConsumerOffsetSet> {
  static override summary = 'Store the offset that a consumer or a group has read up to.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> billing shop orders 0 41',
    '<%= config.bin %> <%= command.id %> workers shop/orders/0 --to first -k consumer-group',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override args = {
    ...offsetArgs,
    offset: Args.string({ description: 'Offset of the last message that was read.' }),
  };
  static override flags = {
    ...mutationFlags,
    ...kindFlag,
    to: Flags.string({
      summary: 'Go on at the first message, behind the last, or at a time; or store an offset.',
      helpValue: 'first|last|OFFSET|TIME',
    }),
  };

  protected override async execute(): Promise<void> {
    const target = takeOffset(this.words, this.flags.kind);
    const partition = neededPartition(target);
    const wanted = this.#wanted(target);
    if (typeof wanted === 'bigint' && this.isDryRun) {
      await this.mutate('store_consumer_offset', {
        ...wireTarget(target, partition),
        offset: wanted,
      });
      return;
    }
    const client = await this.client();
    const call = { signal: this.signal };
    const topic = await existingTopic(client, target.topic, this.signal);
    const found = topic.partitions.find(({ id }) => id === partition);
    if (found === undefined) {
      throw partitionNotFound(`${target.label}/${partition}`, target.topic);
    }
    const before = await client.offsets.get(placeOf(target, partition), call);
    const offset =
      typeof wanted === 'bigint'
        ? wanted
        : await offsetBefore(client, { ...target.topic, partition: found }, wanted);
    const raw = await asMember(client, target, this.signal, () =>
      this.#store(target, partition, offset, before !== null),
    );
    const was = before?.stored_offset ?? null;
    const now = offset ?? null;
    const text = beforeAfterTable(was, now, this.out.options);
    this.out.object(
      changeResult({
        ...{ action: 'consumer_offset.set', target: `${target.label}/${partition}` },
        ...{ changed: was !== now, text, raw },
        ...{ before: { stored_offset: was }, after: { stored_offset: now } },
      }),
    );
  }

  async #store(
    target: OffsetTarget,
    partition: number,
    offset: bigint | undefined,
    isStored: boolean,
  ) {
    const request = wireTarget(target, partition);
    if (offset !== undefined) {
      return (await this.mutate('store_consumer_offset', { ...request, offset })).raw;
    }
    // Without a stored offset the next poll starts at the first message.
    if (!isStored) return undefined;
    return (await this.mutate('delete_consumer_offset', request)).raw;
  }

  #wanted(target: OffsetTarget): bigint | Destination {
    const { to } = this.flags;
    const [positional] = target.rest;
    refuseMore(target.rest.slice(1));
    if (to !== undefined && positional !== undefined) throw usageError('the offset is given twice');
    const text = to ?? positional;
    if (text === undefined) throw usageError('an offset is needed', 'write OFFSET, or --to first');
    if (text === 'first' || text === 'last') return text;
    // Digits alone are an offset, since a time in seconds would look the same.
    if (/^\d+$/.test(text)) return BigInt(parseInteger(text, 'OFFSET', 0, Number.MAX_SAFE_INTEGER));
    if (to === undefined) throw usageError(`OFFSET: "${text}" is not a whole number`);
    return { timestampMicros: parseTime(text, '--to') };
  }
}
