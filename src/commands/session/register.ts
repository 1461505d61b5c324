import { Flags } from '@oclif/core';
import { toHex } from '../../base/index.js';
import { parseClientId } from '../../cli/connect/client-id.js';
import { RegisterReply } from '../../cli/connect/register-reply.js';
import { observe, sessionResult } from '../../cli/connect/session-view.js';
import { untilAborted } from '../../cli/run/until-aborted.js';
import { ServerCommand } from '../../cli/server-command.js';

export default class SessionRegister extends ServerCommand<typeof SessionRegister> {
  static override summary = 'Register one session and show it; nothing is stored.';
  static override description =
    'The raw reply is the whole frame that answered the register; decode explains it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --hold --json',
  ];
  static override resultKind = 'session';
  static override stopsItself = true;
  static override flags = {
    'client-id': Flags.string({ summary: 'Client id to register.', helpValue: 'HEX' }),
    hold: Flags.boolean({ summary: 'Keep it open until Ctrl-C.' }),
  };

  protected override async execute(): Promise<void> {
    const id = this.flags['client-id'];
    const clientId = id === undefined ? undefined : parseClientId(id);
    if (clientId !== undefined) this.warning('other holders of this client id are fenced');
    const reply = new RegisterReply();
    const client = await this.client({ clientId, onFrame: (event) => reply.see(event) });
    const { settings } = this;
    const seen = await observe(client, settings.contextName.value, settings.servers);
    const facts = {
      ...{ authMethod: this.credentials?.method ?? '', source: this.credentials?.source ?? '' },
      ...{ verified: 'yes' as const, alreadyLoggedIn: false, store: null },
    };
    const { pairs = [], value, ...rest } = sessionResult(seen, facts, null);
    const digits = reply.frame === undefined ? null : toHex(reply.frame);
    this.out.object({
      ...rest,
      pairs: [...pairs, { label: 'Raw reply', value: digits }],
      value: { ...value, reply_frame_hex: digits },
    });
    if (!this.flags.hold) return;
    this.notice('the session is open; Ctrl-C ends it');
    await untilAborted(this.signal);
  }
}
