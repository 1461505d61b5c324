import { Args } from '@oclif/core';
import { clientFields, clientPairs } from '../../cli/client/client-view.js';
import { notFound } from '../../cli/not-found.js';
import { ServerCommand } from '../../cli/server-command.js';
import { parseInteger } from '../../cli/values.js';

export default class ClientGet extends ServerCommand<typeof ClientGet> {
  static override summary = 'Show one client connected to the node that answers.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 1',
    '<%= config.bin %> <%= command.id %> 1 --json',
  ];
  static override resultKind = 'client';
  static override args = { id: Args.string({ required: true, description: 'Its number.' }) };

  protected override async execute(): Promise<void> {
    const id = parseInteger(this.args.id, 'ID', 0, 0xffff_ffff);
    const found = await this.call('get_client', { client_id: id });
    if (found === null) {
      const server = { code: 100, name: 'client_not_found' };
      throw notFound(`client ${id}`, server, 'iggyctl client list');
    }
    const value = clientFields(found);
    this.out.object({ kind: 'client', value, pairs: clientPairs(value), name: id });
  }
}
