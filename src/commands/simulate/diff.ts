import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { readTrace } from '../../cli/simulate/trace-file.js';

export default class SimulateDiff extends BaseCommand<typeof SimulateDiff> {
  static override summary = 'Show the first event in which two traces differ.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> a.json b.json',
    '<%= config.bin %> <%= command.id %> a.json b.json --json',
  ];
  static override args = {
    a: Args.string({ required: true, description: 'A trace.' }),
    b: Args.string({ required: true, description: 'Another trace.' }),
  };
  static override resultKind = 'simulate.diff';
  static override usesSettings = false;

  protected override async execute(): Promise<void> {
    const a = readTrace(this.args.a);
    const b = readTrace(this.args.b);
    const length = Math.max(a.length, b.length);
    for (let i = 0; i < length; i++) {
      const left = JSON.stringify(a[i] ?? null);
      const right = JSON.stringify(b[i] ?? null);
      if (left === right) continue;
      const text = `a: ${left}\nb: ${right}`;
      this.out.event('simulate.diff', { equal: false, first: { a: left, b: right } }, text);
      this.exitWith('checkFailed');
      return;
    }
    this.out.event('simulate.diff', { equal: true, first: null }, 'equal');
  }
}
