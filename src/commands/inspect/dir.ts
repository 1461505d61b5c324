import { Args } from '@oclif/core';
import { nodesIn } from '../../cli/inspect/data-files.js';
import { describeNode, nodeText } from '../../cli/inspect/describe-node.js';
import { InspectCommand, inspectFlags } from '../../cli/inspect/inspect-command.js';
import { holderOf } from '../../cli/inspect/running.js';
import { humanSize } from '../../render/index.js';

export default class InspectDir extends InspectCommand<typeof InspectDir> {
  static override summary = 'Show what is in a data directory, of ours or of an official server.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> node-0',
    '<%= config.bin %> <%= command.id %> data --json',
  ];
  static override resultKind = 'inspect.dir';
  static override args = {
    dir: Args.string({ required: true, description: 'Data directory of a cluster or a node.' }),
  };
  static override flags = inspectFlags;

  protected override async execute(): Promise<void> {
    const { dir } = this.args;
    this.checkOffline(dir);
    const nodes = nodesIn(dir).map((path) => describeNode(path));
    const holder = holderOf(dir);
    const bytes = nodes.reduce((sum, { size_bytes: size }) => sum + size, 0n);
    const running = holder === undefined ? 'not running' : `running, process ${holder.pid}`;
    const head = `${dir}  ${humanSize(bytes)}, ${running}`;
    const { style } = this.out.options;
    this.out.object({
      kind: 'inspect.dir',
      value: {
        ...{ directory: dir, running: holder !== undefined, pid: holder?.pid ?? null },
        ...{ size_bytes: bytes, nodes },
      },
      text: [style('heading', head), ...nodes.map((node) => nodeText(node, style))].join('\n'),
    });
  }
}
