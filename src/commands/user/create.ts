import { Args, Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { mutationFlags } from '../../cli/flags.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { newPassword, refusePassword } from '../../cli/user/new-password.js';
import { permissionsOf, saysPermissions } from '../../cli/user/permission-source.js';
import { userResult } from '../../cli/user/user-result.js';
import { userStatuses } from '../../wire/index.js';

const hint = 'use --password-stdin, --password-file FILE, --generate-password, or type it twice';

export default class UserCreate extends ServerCommand<typeof UserCreate> {
  static override summary = 'Create a user; the password is typed twice, read, or made up.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bob --password-file bob.txt --global read_streams',
    '<%= config.bin %> <%= command.id %> bob --generate-password --stream "shop:r_str#orders:s_msg"',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override oldShorts = [
    { char: 'u', instead: '--inactive', when: /^(?:active|inactive)$/ },
    { char: 'g', instead: '--global' },
    { char: 's', instead: '--stream', when: /#|:[a-z]/ },
  ];
  static override args = {
    name: Args.string({ description: 'User name, 3 to 50 bytes.' }),
  };
  static override flags = {
    ...mutationFlags,
    'password-stdin': Flags.boolean({ summary: 'Read the new password from standard input.' }),
    'password-file': Flags.string({
      summary: 'Read the new password from the first line of a file.',
      helpValue: 'FILE',
    }),
    'generate-password': Flags.boolean({ summary: 'Make a password up and print it, once.' }),
    inactive: Flags.boolean({ summary: 'The user may not log in yet.' }),
    global: Flags.string({
      summary: 'Rights on everything.',
      helpValue: 'RIGHT,…',
      multiple: true,
    }),
    stream: Flags.string({
      summary: 'Rights on a stream and its topics.',
      helpValue: 'STREAM:RIGHT,…#TOPIC:RIGHT,…',
      multiple: true,
    }),
    'if-not-exists': Flags.boolean({ summary: 'Succeed when there is one already.' }),
  };

  protected override get loginFlags() {
    // The password flags of this command are about the new user.
    const { 'password-stdin': _stdin, 'password-file': _file, ...flags } = this.flags;
    return flags;
  }

  protected override get stdinIsTaken(): boolean {
    return this.flags['password-stdin'];
  }

  protected override async execute(): Promise<void> {
    const { flags } = this;
    refusePassword(this.words, 1, hint);
    const username = this.args.name;
    if (username === undefined) throw usageError('missing argument NAME of iggyctl user create');
    const size = new TextEncoder().encode(username).length;
    if (size < 3 || size > 50) throw usageError(`a user name has 3 to 50 bytes, not ${size}`);
    const action = 'user.create';
    if (flags['if-not-exists'] && !this.isDryRun) {
      const found = await this.call('get_user', { user_id: username });
      if (found !== null) {
        const text = `user "${username}" is there already`;
        const change = { action, target: username, changed: false, text, id: found.id };
        return this.out.object(changeResult(change));
      }
    }
    const password = await newPassword(flags, this.prompt);
    const permissions = saysPermissions(flags)
      ? await permissionsOf(flags, () => this.client())
      : null;
    const { value, raw } = await this.mutate('create_user', {
      ...{ username, password: password.reveal(), permissions, options: [] },
      status: flags.inactive ? userStatuses.inactive : userStatuses.active,
    });
    const shown = userResult(value);
    const made = flags['generate-password'] ? { password: password.reveal() } : {};
    const after = { ...shown.value, ...made };
    const change = { action, target: username, changed: true, text: '', id: value.id, after, raw };
    const pairs = [
      ...(shown.pairs ?? []),
      ...Object.values(made).map((each) => ({ label: 'Password', value: each })),
    ];
    this.out.object({ ...changeResult(change), pairs });
  }
}
