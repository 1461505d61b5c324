import type { Command } from '@oclif/core';
import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { CliError } from '../cli-error.js';
import { holderOf } from './running.js';

/** Flags of all inspections. */
export const inspectFlags = {
  'offline-only': Flags.boolean({
    summary: 'Refuse to look at files of a node that runs.',
  }),
};

/** What inspections share. They never write, and need neither a server nor a configuration. */
export abstract class InspectCommand<
  T extends typeof Command = typeof Command,
> extends BaseCommand<T> {
  static override usesSettings = false;

  /**
   * Says when the files belong to a process that runs: they may change while they are read.
   * @throws CliError E_CONFLICT with `--offline-only`
   */
  protected checkOffline(path: string): void {
    const holder = holderOf(path);
    if (holder === undefined) return;
    const flags: Readonly<Record<string, unknown>> = this.flags;
    const text = `${holder.directory} is in use by process ${holder.pid}`;
    if (flags['offline-only'] === true) {
      throw new CliError('E_CONFLICT', text, {
        hint: 'stop it first, or leave --offline-only out',
      });
    }
    this.warning(`${text}; its files may change while they are read`);
  }
}
