import { Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { parseClientId } from '../../cli/connect/client-id.js';
import { changeResult } from '../../cli/output/change.js';
import { hex128 } from '../../cli/output/wire-values.js';
import { ServerCommand } from '../../cli/server-command.js';

export default class SessionDrop extends ServerCommand<typeof SessionDrop> {
  static override summary = 'Remove a client id from the client table of every replica.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --client-id 0x2a',
    '<%= config.bin %> <%= command.id %> --client-id 0x2a --json',
  ];
  static override resultKind = 'change';
  static override flags = {
    'client-id': Flags.string({
      summary: 'Client id to register and log out.',
      helpValue: 'HEX',
    }),
  };

  protected override async execute(): Promise<void> {
    const text = this.flags['client-id'];
    if (text === undefined) throw usageError('name the session with --client-id HEX');
    const clientId = parseClientId(text);
    const client = await this.client({ clientId });
    await client.logout();
    const target = hex128(clientId);
    const done = `the session of client ${target} is gone on every replica`;
    this.out.object(changeResult({ action: 'session.drop', target, changed: true, text: done }));
  }
}
