import { clientFields, clientPairs } from '../cli/client/client-view.js';
import { ServerCommand } from '../cli/server-command.js';

export default class Me extends ServerCommand<typeof Me> {
  static override summary = 'Show what the server knows about this connection.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override resultKind = 'client';

  protected override async execute(): Promise<void> {
    const me = clientFields(await this.call('get_me', {}));
    this.out.object({ kind: 'client', value: me, pairs: clientPairs(me), name: me.client_id });
  }
}
