import { Args, Flags } from '@oclif/core';
import { InspectCommand, inspectFlags } from '../../cli/inspect/inspect-command.js';
import { readSnapshot, snapshotIn } from '../../cli/inspect/read-snapshot.js';
import { dumpOf, snapshotCounts, snapshotFields } from '../../cli/inspect/snapshot-view.js';
import { hex128, timeOrNull } from '../../cli/output/wire-values.js';
import { humanSize, toJson } from '../../render/index.js';

export default class InspectSnapshot extends InspectCommand<typeof InspectSnapshot> {
  static override summary = 'Show what a metadata snapshot holds.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> node-0/metadata/snapshot.bin',
    '<%= config.bin %> <%= command.id %> node-0 --dump',
  ];
  static override resultKind = 'inspect.snapshot';
  static override args = {
    file: Args.string({ required: true, description: 'A snapshot.bin, or the folder of a node.' }),
  };
  static override flags = {
    ...inspectFlags,
    dump: Flags.boolean({ summary: 'Print the whole content as JSON; hashes are masked.' }),
  };

  protected override async execute(): Promise<void> {
    this.checkOffline(this.args.file);
    const found = readSnapshot(snapshotIn(this.args.file));
    const { content, problem, path, checksum, trailer, size } = found;
    const isBad = problem !== undefined;
    if (isBad) this.exitWith('malformed');
    const value = snapshotFields(found);
    const dump = this.flags.dump ? dumpOf(content ?? null) : undefined;
    if (dump !== undefined && !this.out.isJson) {
      this.out.raw(`${toJson(dump, { indent: 2 })}\n`);
      if (problem !== undefined) this.warning(problem);
      return;
    }
    const counts = content === undefined ? [] : Object.entries(snapshotCounts(content));
    this.out.object({
      kind: 'inspect.snapshot',
      value: dump === undefined ? value : { ...value, content: dump },
      pairs: [
        { label: 'File', value: path },
        { label: 'Size', value: humanSize(size) },
        { label: 'Op', value: content?.sequence_number },
        { label: 'Created', value: content && timeOrNull(content.created_at) },
        { label: 'Layout', value: content && (content.extension ? 'extended' : 'official') },
        { label: 'Checksum', value: hex128(checksum) },
        { label: 'Trailer', value: trailer === 'none' ? 'none (old file)' : trailer },
        ...counts.map(([key, count]) => ({
          label: key.charAt(0).toUpperCase() + key.slice(1),
          value: count,
        })),
        ...(isBad ? [{ label: 'Problem', value: problem, tone: 'bad' as const }] : []),
      ],
    });
  }
}
