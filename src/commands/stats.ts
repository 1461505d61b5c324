import type { Fields } from '../cli/output/result.js';
import { ServerCommand } from '../cli/server-command.js';
import { humanSize } from '../render/index.js';

export default class Stats extends ServerCommand<typeof Stats> {
  static override summary = 'Show figures about the node that answers.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override resultKind = 'stats';

  protected override async execute(): Promise<void> {
    const stats = await this.call('get_stats', {});
    const value = { ...stats } as unknown as Fields;
    const isWide = this.out.options.format === 'wide';
    const pairs = Object.entries(value).flatMap(([key, field]) => {
      if (typeof field === 'object' && field !== null) return [];
      const isSize = typeof field === 'bigint' && /bytes|memory|space/.test(key) && !isWide;
      return [{ label: key.replaceAll('_', ' '), value: isSize ? humanSize(field) : field }];
    });
    this.out.object({ kind: 'stats', value, pairs });
  }
}
