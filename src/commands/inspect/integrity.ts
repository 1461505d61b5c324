import { Args } from '@oclif/core';
import { checkIntegrity, countsText } from '../../cli/inspect/check-integrity.js';
import { InspectCommand, inspectFlags } from '../../cli/inspect/inspect-command.js';
import type { Tone } from '../../render/index.js';

export default class InspectIntegrity extends InspectCommand<typeof InspectIntegrity> {
  static override summary = 'Check every file of a data directory; nothing is changed.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> node-0',
    '<%= config.bin %> <%= command.id %> data --json',
  ];
  static override resultKind = 'inspect.integrity';
  static override args = {
    dir: Args.string({ required: true, description: 'Data directory of a cluster or a node.' }),
  };
  static override flags = inspectFlags;

  protected override async execute(): Promise<void> {
    const { dir } = this.args;
    this.checkOffline(dir);
    const { files, counts } = checkIntegrity(dir);
    if (this.out.options.format === 'table') {
      this.out.list({
        kind: 'inspect.integrity',
        items: files,
        columns: [
          { key: 'verdict', title: 'Verdict', cell: ({ verdict }) => toned(verdict) },
          { key: 'file', title: 'File' },
          { key: 'detail', title: 'Detail' },
        ],
      });
      if (this.out.options.quiet) {
        this.#judge(counts.damaged);
        return;
      }
      // In full, since a narrow terminal cuts the table.
      const found = files.filter(({ verdict }) => verdict === 'damaged' || verdict === 'torn');
      const lines = found.map(({ verdict, file, offset, detail }) => {
        return `${verdict}: ${file}${offset === null ? '' : ` at byte ${offset}`}: ${detail}`;
      });
      this.out.raw(`\n${[...lines, countsText(counts)].join('\n')}\n`);
    } else {
      const value = { directory: dir, healthy: counts.damaged === 0, ...counts, files };
      this.out.object({ kind: 'inspect.integrity', value });
    }
    this.#judge(counts.damaged);
  }

  #judge(damaged: number): void {
    if (damaged > 0) this.exitWith('malformed');
  }
}

const tones: Readonly<Record<string, Tone>> = {
  ...{ ok: 'ok', damaged: 'bad', torn: 'warn', unsealed: 'plain' },
};

function toned(verdict: string) {
  return { text: verdict, tone: tones[verdict] ?? 'dim' };
}
