import { setTimeout as sleep } from 'node:timers/promises';
import { Args, Flags } from '@oclif/core';
import { statsOutput } from '../cli/flags.js';
import type { Fields } from '../cli/output/result.js';
import { ServerCommand } from '../cli/server-command.js';
import { essenceOf, statsList, statsPairs, statsToml } from '../cli/system/stats-view.js';
import { parseDuration } from '../cli/values.js';
import { renderRecord, truncate } from '../render/index.js';

const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

export default class Stats extends ServerCommand<typeof Stats> {
  static override summary = 'Show figures about the node that answers.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override resultKind = 'stats';
  static override stopsItself = true;
  static override args = {
    pause: Args.string({ default: '2s', description: 'With --watch: pause between two looks.' }),
  };
  static override flags = {
    ...statsOutput,
    watch: Flags.boolean({ summary: 'Go on until Ctrl-C; a pause may follow, such as 500ms.' }),
    'raw-bytes': Flags.boolean({ summary: 'Sizes as exact numbers of bytes.' }),
  };

  protected override async execute(): Promise<void> {
    const every = parseDuration(this.args.pause, '--watch') / 1000;
    if (!this.flags.watch) {
      this.#print(await this.#look());
      return;
    }
    let shown = '';
    let isFirst = true;
    while (!this.signal.aborted) {
      const stats = await this.#look();
      const essence = essenceOf(stats);
      if (this.out.isTerminal && !this.out.isJson) this.#redraw(stats, isFirst);
      else if (essence !== shown) this.#record(stats, isFirst);
      shown = essence;
      isFirst = false;
      await sleep(every, undefined, { signal: this.signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<Fields> {
    const { memory_usage: memory, ...rest } = await this.call('get_stats', {});
    const { process_id, cpu_usage, total_cpu_usage, ...others } = rest;
    const first = { process_id, cpu_usage, total_cpu_usage, memory_usage_bytes: memory };
    return { ...first, ...others };
  }

  #pairs(stats: Fields) {
    return statsPairs(stats, this.flags['raw-bytes'] || this.out.options.format === 'wide');
  }

  #print(value: Fields): void {
    const { format, quiet } = this.out.options;
    if (format === 'toml' || format === 'list') this.out.raw(quiet ? '' : `${this.#text(value)}\n`);
    else this.out.object({ kind: 'stats', value, pairs: this.#pairs(value) });
  }

  /** In place, over what was there. */
  #redraw(stats: Fields, isFirst: boolean): void {
    const { width } = this.out.options;
    const room = (process.stdout.rows || 24) - 1;
    const lines = this.#rendered(stats).split('\n').slice(0, room);
    const text = lines.map((line) => `${truncate(line, width)}${clearLine}`).join('\n');
    this.out.raw(`${isFirst ? `${home}${clearBelow}` : home}${text}${clearBelow}\n`);
  }

  /** One more record, since something changed. */
  #record(stats: Fields, isFirst: boolean): void {
    const text = this.#text(stats);
    this.out.event('stats', stats, isFirst ? text : `\n${text}`);
  }

  #text(stats: Fields): string {
    const { format } = this.out.options;
    if (format === 'toml') return statsToml(stats);
    return format === 'list' ? statsList(stats) : this.#rendered(stats);
  }

  #rendered(stats: Fields): string {
    const { style, width, noHeader } = this.out.options;
    return renderRecord(this.#pairs(stats), { style, width, header: !noHeader });
  }
}
