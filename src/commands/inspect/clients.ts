import { Args } from '@oclif/core';
import { CliError } from '../../cli/cli-error.js';
import { InspectCommand, inspectFlags } from '../../cli/inspect/inspect-command.js';
import { readSnapshot, snapshotIn } from '../../cli/inspect/read-snapshot.js';
import { sessionsOf } from '../../cli/inspect/snapshot-view.js';

export default class InspectClients extends InspectCommand<typeof InspectClients> {
  static override summary = 'List the client table in the snapshot of a node.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> node-0',
    '<%= config.bin %> <%= command.id %> node-0/metadata/snapshot.bin --json',
  ];
  static override resultKind = 'inspect.client.list';
  static override args = {
    dir: Args.string({ required: true, description: 'Folder of a node, or its snapshot.bin.' }),
  };
  static override flags = inspectFlags;

  protected override async execute(): Promise<void> {
    this.checkOffline(this.args.dir);
    const { content, problem, path } = readSnapshot(snapshotIn(this.args.dir));
    if (content === undefined) {
      throw new CliError('E_DAMAGED', `${path} cannot be read: ${problem ?? 'damaged'}`);
    }
    if (problem !== undefined) {
      this.warning(problem);
      this.exitWith('malformed');
    }
    this.out.list({
      kind: 'inspect.client',
      items: sessionsOf(content),
      idKey: 'client_id',
      nameKey: 'client_id',
      empty: 'no sessions',
      columns: [
        { key: 'tier', title: 'Tier' },
        { key: 'client_id', title: 'Client' },
        { key: 'user_id', title: 'User', align: 'right' },
        { key: 'epoch', title: 'Epoch', align: 'right' },
        { key: 'watermark', title: 'Watermark', align: 'right' },
        { key: 'cached_replies', title: 'Cached replies', align: 'right' },
        { key: 'slot', title: 'Slot', align: 'right', wide: true },
        { key: 'origin', title: 'Origin', align: 'right', wide: true },
      ],
    });
  }
}
