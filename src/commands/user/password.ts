import { Args, Flags } from '@oclif/core';
import { CliError, usageError } from '../../cli/cli-error.js';
import { readStdinLine } from '../../cli/connect/stdin-line.js';
import { mutationFlags } from '../../cli/flags.js';
import { changeResult } from '../../cli/output/change.js';
import { Secret } from '../../cli/secrets/secret.js';
import { ServerCommand } from '../../cli/server-command.js';
import { checked, refusePassword, typedTwice } from '../../cli/user/new-password.js';
import { parseIdentifier } from '../../cli/values.js';

const hint = 'run it on a terminal, or give two lines, current and new, with --stdin';

export default class UserPassword extends ServerCommand<typeof UserPassword> {
  static override summary = 'Change a password; both are typed, the new one twice.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bob',
    '<%= config.bin %> <%= command.id %> bob --stdin < passwords.txt',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override args = { user: Args.string({ description: 'User, by name or id.' }) };
  static override flags = {
    ...mutationFlags,
    stdin: Flags.boolean({ summary: 'Read two lines: the current and the new password.' }),
  };

  protected override get stdinIsTaken(): boolean {
    return this.flags.stdin;
  }

  protected override async execute(): Promise<void> {
    refusePassword(this.words, 1, hint);
    const { user } = this.args;
    if (user === undefined) throw usageError('missing argument USER of iggyctl user password');
    const user_id = parseIdentifier(user, 'USER');
    const { current, next } = this.flags.stdin ? fromStdin() : await this.#typed();
    const { raw } = await this.mutate('change_password', {
      ...{ user_id, current_password: current.reveal(), new_password: next.reveal() },
    });
    const text = `the password of user ${user} was changed`;
    const change = { action: 'user.password', target: user, changed: true, text, raw };
    this.out.object(changeResult(change));
  }

  async #typed(): Promise<{ readonly current: Secret; readonly next: Secret }> {
    const { prompt } = this;
    if (!prompt.isPossible) {
      throw new CliError('E_NEEDS_CONFIRMATION', 'the passwords cannot be asked for here', {
        hint,
      });
    }
    const current = await prompt.secret('Current password:');
    return { current, next: await typedTwice(prompt, '--stdin') };
  }
}

function fromStdin(): { readonly current: Secret; readonly next: Secret } {
  const current = new Secret(readStdinLine());
  const next = readStdinLine();
  if (next === '') {
    throw usageError('standard input holds fewer than two lines', 'current, then new password');
  }
  return { current, next: checked(new Secret(next)) };
}
