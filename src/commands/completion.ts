import { Args, Flags } from '@oclif/core';
import { usageError } from '../cli/cli-error.js';
import { cacheFile, writeNames } from '../cli/completion/cache.js';
import { fetchNames } from '../cli/completion/fetch-names.js';
import { completionText } from '../cli/completion/run-completion.js';
import { shells } from '../cli/completion/scripts.data.js';
import { findCredentials } from '../cli/connect/credentials.js';
import { Prompt } from '../cli/connect/prompt.js';
import { ServerCommand } from '../cli/server-command.js';

export default class Completion extends ServerCommand<typeof Completion> {
  static override summary = 'Print what makes a shell complete command lines of iggyctl.';
  static override description =
    'Commands, flags, contexts, local clusters and, from a server that answers at once, streams, ' +
    'topics and consumer groups. bash: eval "$(iggyctl completion bash)"; zsh likewise; fish: ' +
    'iggyctl completion fish | source; PowerShell: iggyctl completion powershell | Out-String | ' +
    'Invoke-Expression.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bash',
    '<%= config.bin %> <%= command.id %> zsh > ~/.zfunc/_iggyctl',
  ];
  static override strict = false;
  static override usesSettings = false;
  static override args = { shell: Args.string({ options: shells }) };
  static override flags = {
    query: Flags.boolean({ summary: 'Answer a shell.', hidden: true }),
    refresh: Flags.boolean({ summary: 'Ask the server for names.', hidden: true }),
  };

  protected override async execute(): Promise<void> {
    if (this.flags.refresh) return await this.#refresh();
    const words = this.flags.query ? ['--query', '--', ...this.words] : this.words;
    const text = await completionText(words);
    if (text === undefined) {
      throw usageError(`name one shell: ${shells.join(', ')}`, 'iggyctl completion bash');
    }
    this.out.raw(text);
  }

  /** Keeps the names of a server. It is kept too that there are none, so that nobody asks at once again. */
  async #refresh(): Promise<void> {
    const path = cacheFile(this.settings);
    try {
      const { flags, settings } = this;
      const prompt = new Prompt({ noInput: true, env: process.env });
      const credentials = await findCredentials({ flags, settings, prompt, useStored: true });
      const client = await this.client({ credentials });
      writeNames(path, { at: Date.now(), streams: await fetchNames(client) });
    } catch {
      writeNames(path, { at: Date.now(), streams: [] });
    }
  }
}
