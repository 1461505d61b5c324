import { Args, Flags } from '@oclif/core';
import { mutationFlags } from '../../cli/flags.js';
import { notFound } from '../../cli/not-found.js';
import { changeResult } from '../../cli/output/change.js';
import { openStore } from '../../cli/secrets/store.js';
import { ServerCommand } from '../../cli/server-command.js';

export default class TokenDelete extends ServerCommand<typeof TokenDelete> {
  static override summary = 'Revoke a personal access token; its stored value goes too.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> ci --yes',
    '<%= config.bin %> <%= command.id %> ci --if-exists --yes',
  ];
  static override resultKind = 'change';
  static override args = {
    name: Args.string({ required: true, description: 'Name of the token.' }),
  };
  static override flags = {
    ...mutationFlags,
    'if-exists': Flags.boolean({ summary: 'Succeed when there is no such token.' }),
  };

  protected override async execute(): Promise<void> {
    const { name } = this.args;
    const change = { action: 'token.delete', target: name };
    if (!this.isDryRun) {
      const { tokens } = await this.call('get_personal_access_tokens', {});
      if (!tokens.some((each) => each.name === name)) {
        if (!this.flags['if-exists']) {
          const server = { code: 20, name: 'resource_not_found' };
          throw notFound(`token "${name}"`, server, 'iggyctl token list');
        }
        const text = `there is no token ${name}`;
        return this.out.object(changeResult({ ...change, changed: false, text }));
      }
      await this.confirm(`Delete token "${name}"? Whoever uses it is locked out.`);
    }
    const { raw } = await this.mutate('delete_personal_access_token', { name });
    await (await openStore(this.settings.places.state)).remove(name);
    const text = `token ${name} was deleted`;
    this.out.object(changeResult({ ...change, changed: true, text, raw }));
  }
}
