import { Flags } from '@oclif/core';
import { clientColumns, clientFields } from '../../cli/client/client-view.js';
import { ServerCommand } from '../../cli/server-command.js';

export default class ClientList extends ServerCommand<typeof ClientList> {
  static override summary = 'List the clients connected to the node that answers.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --user 0 --json',
  ];
  static override resultKind = 'client.list';
  static override flags = {
    user: Flags.integer({ summary: 'Only of this user id.', min: 0 }),
  };

  protected override async execute(): Promise<void> {
    const { clients } = await this.call('get_clients', {});
    const { user } = this.flags;
    const items = clients
      .map(clientFields)
      .filter(({ user_id }) => user === undefined || user_id === user);
    this.out.list({
      kind: 'client',
      items,
      columns: clientColumns,
      idKey: 'client_id',
      nameKey: 'client_id',
      empty: 'no clients',
    });
  }
}
