import { setTimeout as sleep } from 'node:timers/promises';
import { Flags } from '@oclif/core';
import { groupLag, lagColumns, type PartitionLag } from '../../cli/group/group-lag.js';
import { existingGroup, groupArgs, takeGroup } from '../../cli/group/group-target.js';
import { ServerCommand } from '../../cli/server-command.js';
import { existingTopic } from '../../cli/topic/topic-lookup.js';
import { parseInteger } from '../../cli/values.js';
import { renderTable, toNdjsonLine } from '../../render/index.js';

export default class ConsumerGroupLag extends ServerCommand<typeof ConsumerGroupLag> {
  static override summary = 'Show how far a consumer group is behind, by partition.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders workers',
    '<%= config.bin %> <%= command.id %> shop/orders workers --fail-above 1000 --json',
  ];
  static override resultKind = 'consumer_group.lag';
  static override strict = false;
  static override stopsItself = true;
  static override args = groupArgs;
  static override flags = {
    watch: Flags.boolean({ summary: 'Look every second, and print what changed, until Ctrl-C.' }),
    'only-lagging': Flags.boolean({ summary: 'Only partitions with a lag.' }),
    'fail-above': Flags.string({ summary: 'End with 9 above this total.', helpValue: 'N' }),
  };

  protected override async execute(): Promise<void> {
    const { target } = takeGroup(this.words);
    const { 'fail-above': limitText, watch } = this.flags;
    const limit =
      limitText === undefined
        ? undefined
        : parseInteger(limitText, '--fail-above', 0, Number.MAX_SAFE_INTEGER);
    let shown = '';
    do {
      const { name, rows } = await this.#look(target);
      const total = rows.reduce((sum, { lag }) => sum + lag, 0n);
      const text = this.#text(name, total, rows);
      if (text !== shown) this.out.raw(text);
      shown = text;
      if (limit !== undefined) this.#judge(total, limit);
      if (watch) await sleep(1000, undefined, { signal: this.signal }).catch(() => undefined);
    } while (watch && !this.signal.aborted);
  }

  async #look(target: ReturnType<typeof takeGroup>['target']) {
    const client = await this.client(this.flags.watch ? { heartbeatMillis: 5000 } : {});
    const group = await existingGroup(client, target, this.signal);
    const topic = await existingTopic(client, target, this.signal);
    const place = { stream: target.stream_id, topic: target.topic_id, group: target.group_id };
    return { name: group.name, rows: await groupLag(client, place, { topic, group }) };
  }

  #text(group: string, total: bigint, rows: readonly PartitionLag[]): string {
    const { options } = this.out;
    const partitions = this.flags['only-lagging'] ? rows.filter(({ lag }) => lag > 0n) : rows;
    if (this.out.isJson) {
      return toNdjsonLine({
        ...{ kind: 'consumer_group.lag', v: 1, group, total_lag: total, partitions },
      });
    }
    if (options.quiet || options.format === 'name') return `${total}\n`;
    if (options.format === 'csv' || options.format === 'plain') {
      const separator = options.format === 'csv' ? ',' : '\t';
      const keys = lagColumns.map(({ key }) => key);
      const lines = partitions.map((row) => keys.map((key) => String(row[key] ?? '')));
      const all = options.format === 'csv' && !options.noHeader ? [keys, ...lines] : lines;
      return all.map((line) => `${line.join(separator)}\n`).join('');
    }
    const cells = partitions.map((row) =>
      Object.fromEntries(
        lagColumns.map((each) => [each.key, each.cell?.(row) ?? cell(row, each.key)]),
      ),
    );
    return `${renderTable(lagColumns, cells, options)}\ntotal lag: ${total}\n`;
  }

  #judge(total: bigint, limit: number): void {
    if (total <= BigInt(limit)) return;
    this.exitWith('unhealthy');
    this.warning(`the total lag is ${total}, above ${limit}`);
  }
}

function cell(row: PartitionLag, key: string): string {
  return String(row[key] ?? '-');
}
