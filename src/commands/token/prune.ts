import { mutationFlags } from '../../cli/flags.js';
import { openStore } from '../../cli/secrets/store.js';
import { ServerCommand } from '../../cli/server-command.js';
import { isExpired, tokenColumns, tokenFields } from '../../cli/token/token-result.js';

export default class TokenPrune extends ServerCommand<typeof TokenPrune> {
  static override summary = 'Delete your tokens that have expired, and list them.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override resultKind = 'token.list';
  static override flags = { ...mutationFlags };

  protected override async execute(): Promise<void> {
    const { tokens } = await this.call('get_personal_access_tokens', {});
    const expired = tokens.filter(isExpired);
    const store = await openStore(this.settings.places.state);
    const items = [];
    for (const token of expired) {
      const { name } = token;
      const isStored = (await store.get(name)) !== undefined;
      items.push(tokenFields(token, isStored ? store.kind : null));
      await this.mutate('delete_personal_access_token', { name });
      await store.remove(name);
    }
    const empty = 'no token has expired';
    this.out.list({ kind: 'token', items, columns: tokenColumns, empty });
  }
}
