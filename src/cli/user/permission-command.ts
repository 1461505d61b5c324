import { Args, type Command, Flags } from '@oclif/core';
import type { Permissions, UserDetails } from '../../wire/index.js';
import { usageError } from '../cli-error.js';
import { mutationFlags } from '../flags.js';
import { changeResult } from '../output/change.js';
import { ServerCommand } from '../server-command.js';
import { parseIdentifier } from '../values.js';
import { combine, noPermissions } from './permission-grammar.js';
import { permissionsOf, saysPermissions } from './permission-source.js';
import { permissionChanges, permissionFields } from './permission-view.js';
import { existingUser } from './user-lookup.js';

/** The user whose permissions are meant. */
export const permissionArgs = {
  user: Args.string({ required: true, description: 'User, by name or id.' }),
};

/** Flags that say permissions. */
export const permissionFlags = {
  ...mutationFlags,
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
  file: Flags.string({
    char: 'f',
    summary: 'Everything from a file: the JSON of user permissions get.',
    helpValue: 'FILE',
  }),
};

/** Short options of the official command that mean something else. */
export const permissionShorts = [
  { char: 'g', instead: '--global' },
  { char: 's', instead: '--stream', when: /#|:[a-z]/ },
];

/** What is done with the permissions that flags say. */
export type PermissionAction = 'set' | 'add' | 'remove' | 'clear';

/** Commands that change the permissions of a user and show what that changed. */
export abstract class PermissionCommand<
  T extends typeof Command = typeof Command,
> extends ServerCommand<T> {
  /** Changes the permissions of `user`, after asking where something is lost. */
  protected async change(user: string, action: PermissionAction): Promise<void> {
    const flags: Readonly<Record<string, unknown>> = this.flags;
    const said = {
      global: flags['global'] as readonly string[] | undefined,
      stream: flags['stream'] as readonly string[] | undefined,
      file: flags['file'] as string | undefined,
    };
    if ((action === 'add' || action === 'remove') && !saysPermissions(said)) {
      throw usageError('no permissions are given', 'add --global, --stream or --file');
    }
    const found =
      this.isDryRun && action !== 'add' && action !== 'remove' ? undefined : await this.#user(user);
    const before = found?.permissions ?? null;
    const after = await this.#wanted(action, before, said);
    const lines = permissionChanges(before, after);
    const target = user;
    if (found !== undefined && lines.length === 0) {
      const text = `user ${user} has these permissions already`;
      const fields = permissionFields(before);
      const change = { action: `user.permissions.${action}`, target, changed: false, text };
      return this.out.object(changeResult({ ...change, before: fields, after: fields }));
    }
    const lost = lines.filter((line) => line.startsWith('-'));
    if (lost.length > 0) {
      await this.confirm(
        `User ${user} loses ${lost.length === 1 ? 'a permission' : `${lost.length} permissions`}:\n${lost.join('\n')}\nGo on?`,
      );
    }
    const { raw } = await this.mutate('update_permissions', {
      ...{ user_id: parseIdentifier(user, 'USER'), permissions: after },
    });
    this.out.object(
      changeResult({
        ...{ action: `user.permissions.${action}`, target, changed: true, raw },
        ...{ text: lines.join('\n') },
        ...{ before: permissionFields(before), after: permissionFields(after) },
      }),
    );
  }

  async #wanted(
    action: PermissionAction,
    before: Permissions | null,
    said: Parameters<typeof permissionsOf>[0],
  ): Promise<Permissions | null> {
    if (action === 'clear') return null;
    const named = await permissionsOf(said, () => this.client());
    if (action === 'set') return named;
    return combine(before ?? noPermissions, named, action);
  }

  async #user(user: string): Promise<UserDetails> {
    return await existingUser(await this.client(), user, this.signal);
  }
}
