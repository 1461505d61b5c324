import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { allRequests } from '../../cli/request/find-request.js';
import { requestFields } from '../../cli/request/request-fields.js';

export default class RequestList extends BaseCommand<typeof RequestList> {
  static override summary = 'List every command of the protocol.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --plane metadata --json',
  ];
  static override resultKind = 'command.list';
  static override usesSettings = false;
  static override flags = {
    plane: Flags.string({ summary: 'Only these.', options: ['metadata', 'partition', 'none'] }),
    replicated: Flags.boolean({ summary: 'Only those that go through the log.' }),
  };

  protected override async execute(): Promise<void> {
    const { plane, replicated } = this.flags;
    const items = allRequests()
      .map(requestFields)
      .filter((each) => plane === undefined || each.plane === plane)
      .filter((each) => !replicated || each.replicated);
    this.out.list({
      kind: 'command',
      items,
      idKey: 'code',
      spare: ['session', 'plane', 'replicated', 'permission'],
      columns: [
        { key: 'code', title: 'Code', align: 'right' },
        { key: 'name', title: 'Name' },
        { key: 'operation', title: 'Operation' },
        { key: 'replicated', title: 'Replicated' },
        { key: 'plane', title: 'Plane' },
        { key: 'session', title: 'Session' },
        { key: 'permission', title: 'Permission' },
      ],
    });
  }
}
