import { Args } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { CliError } from '../cli/cli-error.js';
import { causeOfError } from '../cli/error-advice.data.js';
import { exitClassOfServerCode, exitCodes } from '../cli/exit-codes.js';
import { nearest } from '../cli/nearest.js';

export default class Errors extends BaseCommand<typeof Errors> {
  static override summary = 'Explain the errors that servers answer with.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 1010',
    '<%= config.bin %> <%= command.id %> stream_name_not_found --json',
  ];
  static override resultKind = 'error_code|error_code.list';
  static override usesSettings = false;
  static override args = { error: Args.string({ description: 'Number or name; all if absent.' }) };

  protected override async execute(): Promise<void> {
    const { serverErrors } = await import('../wire/index.js');
    const all = serverErrors().map(({ code, name, meaning }) => ({
      ...{ code, name, meaning },
      cause: causeOfError[code]?.[0] ?? null,
      action: causeOfError[code]?.[1] ?? null,
      exit_code: exitCodes[exitClassOfServerCode(code)],
    }));
    const { error } = this.args;
    if (error === undefined) {
      const columns = [
        { key: 'code', title: 'Code', align: 'right' as const },
        { key: 'name', title: 'Name' },
        { key: 'exit_code', title: 'Exit', align: 'right' as const },
        { key: 'meaning', title: 'Meaning' },
      ];
      return this.out.list({ kind: 'error_code', items: all, columns, idKey: 'code' });
    }
    const wanted = plain(error);
    const found = all.find(({ code, name }) => String(code) === error || plain(name) === wanted);
    if (found === undefined) {
      const near = nearest(
        error,
        all.map(({ name }) => name),
      );
      throw new CliError('E_NOT_FOUND', `no server error is called ${error}`, {
        hint: near === undefined ? 'iggyctl errors' : `iggyctl errors ${near}`,
      });
    }
    const { code, name, meaning, cause, action, exit_code: exit } = found;
    this.out.object({
      kind: 'error_code',
      value: found,
      name: code,
      pairs: [
        { label: 'Code', value: code },
        { label: 'Name', value: name },
        { label: 'Meaning', value: meaning },
        { label: 'Usual cause', value: cause },
        { label: 'What to do', value: action },
        { label: 'Exit status', value: exit },
      ],
    });
  }
}

/** Names are compared without regard to case and underscores. */
function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}
