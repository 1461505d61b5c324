import { Args } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { compareNodes, shortName } from '../../cli/inspect/compare-nodes.js';
import { nodesIn } from '../../cli/inspect/data-files.js';
import { InspectCommand, inspectFlags } from '../../cli/inspect/inspect-command.js';
import { renderTable } from '../../render/index.js';

export default class InspectCompare extends InspectCommand<typeof InspectCompare> {
  static override summary = 'Compare data directories of replicas; show where they first differ.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> node-0 node-1 node-2',
    '<%= config.bin %> <%= command.id %> data --json',
  ];
  static override resultKind = 'inspect.compare';
  static override strict = false;
  static override args = {
    dirs: Args.string({
      required: true,
      description: 'Directories of nodes, or one of a cluster with all of them.',
    }),
  };
  static override flags = inspectFlags;

  protected override async execute(): Promise<void> {
    const directories = this.words.length === 1 ? nodesIn(this.args.dirs) : this.words;
    if (directories.length < 2) {
      throw usageError('name at least two directories of nodes, or that of a cluster');
    }
    for (const directory of directories) this.checkOffline(directory);
    const { facts, first } = compareNodes(directories);
    const { width, style } = this.out.options;
    const table = renderTable(
      [
        { key: 'node', title: 'Directory' },
        { key: 'view', title: 'View', align: 'right' },
        { key: 'commit', title: 'Commit', align: 'right' },
        { key: 'firstOp', title: 'First op', align: 'right' },
        { key: 'lastOp', title: 'Last op', align: 'right' },
        { key: 'snapshotOp', title: 'Snapshot op', align: 'right' },
      ],
      facts.map((each) => ({ ...each, node: shortName(each.directory, directories) })),
      { width, style },
    );
    const values = Object.entries(first?.values ?? {});
    const verdict =
      first === undefined
        ? 'no divergence'
        : [
            style('bad', `first divergence: ${first.where}: ${first.what}`),
            ...values.map(([name, value]) => `  ${shortName(name, directories)}  ${value}`),
          ].join('\n');
    const nodes = facts.map(({ directory, view, commit, ...rest }) => ({
      ...{ directory, view, commit: BigInt(commit) },
      ...{ first_op: rest.firstOp, last_op: rest.lastOp, snapshot_op: rest.snapshotOp },
    }));
    this.out.object({
      kind: 'inspect.compare',
      value: { equal: first === undefined, first: first ?? null, nodes },
      text: `${table}\n\n${verdict}`,
    });
    if (first !== undefined) this.exitWith('checkFailed');
  }
}
