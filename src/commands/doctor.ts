import { runChecks } from '../cli/doctor/checks.js';
import { ServerCommand } from '../cli/server-command.js';

export default class Doctor extends ServerCommand<typeof Doctor> {
  static override summary = 'Check files, machine and servers, and say what to mend.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override resultKind = 'doctor';
  static override usesSettings = false;

  protected override async execute(): Promise<void> {
    const checks = await runChecks({ flags: this.flags, env: process.env, cwd: process.cwd() });
    const failed = checks.filter(({ ok }) => !ok);
    const width = Math.max(...checks.map(({ name }) => name.length));
    const lines = checks.map(({ name, ok, detail }) => {
      return `${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(width)}  ${detail}`;
    });
    const fixes = failed.flatMap(({ name, fix }) => (fix === null ? [] : [`${name}: ${fix}`]));
    const last = failed.length === 0 ? 'nothing to mend' : `${failed.length} to mend`;
    const text = [...lines, '', ...fixes, last].join('\n');
    this.out.object({ kind: 'doctor', value: { checks }, text });
    if (failed.length > 0) this.exitWith('unhealthy');
  }
}
