import { listFlags } from '../../cli/flags.js';
import { openStore } from '../../cli/secrets/store.js';
import { ServerCommand } from '../../cli/server-command.js';
import { tokenColumns, tokenFields } from '../../cli/token/token-result.js';

export default class TokenList extends ServerCommand<typeof TokenList> {
  static override summary = 'List your personal access tokens.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override resultKind = 'token.list';
  static override flags = { ...listFlags };

  protected override async execute(): Promise<void> {
    const { tokens } = await this.call('get_personal_access_tokens', {});
    const store = await openStore(this.settings.places.state);
    const items = [];
    for (const token of tokens) {
      const isStored = (await store.get(token.name)) !== undefined;
      items.push(tokenFields(token, isStored ? store.kind : null));
    }
    this.out.list({ kind: 'token', items, columns: tokenColumns, empty: 'no tokens' });
  }
}
