import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CliHome } from '../helpers/cli-home.js';
import { runCli } from '../helpers/run-cli.js';

const query = (...words: string[]) => ['completion', '--query', '--', ...words];
const values = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[0]);

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish', 'powershell'])('06-S06 prints a script for %s', async (shell) => {
    const run = await runCli(['completion', shell]);
    expect(run.code).toBe(0);
    expect(run.stderr).toBe('');
    expect(run.stdout).toContain('iggyctl completion --query --');
  });

  it('06-S06 the scripts are read by the shells that are here', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { stdout } = await runCli(['--generate', shell]);
      const checked = spawnSync(shell, ['-n'], { input: stdout });
      if (checked.error === undefined) expect([shell, checked.status]).toEqual([shell, 0]);
    }
  });

  it('names commands, verbs, flags and the values of flags', async () => {
    expect(values((await runCli(query('st'))).stdout)).toEqual(['stats', 'stream']);
    expect(values((await runCli(query('stream', 'pu'))).stdout)).toEqual(['purge']);
    expect(values((await runCli(query('stream', 'list', '--js'))).stdout)).toEqual(['--json']);
    expect(values((await runCli(query('stream', 'list', '-o', 'c'))).stdout)).toEqual(['csv']);
    expect(values((await runCli(query('completion', 'b'))).stdout)).toEqual(['bash']);
    expect((await runCli(query('cluster', 'run', '--', 'x', ''))).stdout).toBe('');
  });

  it('06-S06 completes contexts with the server down', async () => {
    const home = new CliHome({});
    try {
      mkdirSync(join(home.path, 'config/iggyctl'), { recursive: true, mode: 0o700 });
      const text = 'version = 1\n[contexts.prod]\nservers = ["127.0.0.1:1"]\n[contexts.dev]\n';
      writeFileSync(join(home.path, 'config/iggyctl/config.toml'), text, { mode: 0o600 });
      const used = await home.run(query('context', 'use', ''));
      expect(values(used.stdout).sort()).toEqual(['dev', 'prod']);
      const flag = await home.run(query('-C', 'pr'));
      expect(values(flag.stdout)).toEqual(['prod']);
      const nothing = await home.run(query('-C', 'prod', 'stream', 'get', ''));
      expect(nothing).toEqual({ code: 0, stdout: '', stderr: '' });
    } finally {
      home.remove();
    }
  });

  it('says nothing when the configuration is broken', async () => {
    const run = await runCli(query('stream', 'get', ''), { env: { IGGYCTL_CONTEXT: 'nope' } });
    expect(run).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('refuses a shell that it does not know', async () => {
    const run = await runCli(['completion', 'tcsh']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('bash');
  });
});
