// What the commands say of themselves: help, examples, and the reference that is made from them.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { packageRoot, readJson, readText } from '../helpers/package-files.js';
import { cliEnvironment } from '../helpers/run-cli.js';

interface ManifestCommand {
  readonly id: string;
  readonly summary?: string;
  readonly examples?: readonly (string | { readonly command: string })[];
  readonly relativePath: readonly string[];
}

const manifest = readJson<{ commands: Record<string, ManifestCommand> }>('oclif.manifest.json');
const commands = Object.values(manifest.commands);

/** Command lines of this program in an example, which may be a pipeline. */
function linesOf({ id, examples = [] }: ManifestCommand): string[][] {
  const texts = examples.flatMap((each) =>
    (typeof each === 'string' ? each : each.command).split('\n'),
  );
  return texts.flatMap((text) => {
    const filled = text
      .replaceAll('<%= config.bin %>', 'iggyctl')
      .replaceAll('<%= command.id %>', id.replaceAll(':', ' '));
    const own = /\biggyctl\s.*$/.exec(filled)?.[0];
    return own === undefined ? [] : [wordsOf(own).slice(1)];
  });
}

/** Words as a shell makes them; what follows a pipe or a redirection belongs to others. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [word, single, double] of line.matchAll(/'([^']*)'|"([^"]*)"|\S+/g)) {
    if (word === '|' || word === '>' || word === '&&' || word === ';') break;
    words.push(single ?? double ?? word);
  }
  return words;
}

/** The longest command that the words begin with. */
function idOf(words: readonly string[]): string {
  for (let length = words.length; length > 0; length--) {
    const id = words.slice(0, length).join(':');
    if (manifest.commands[id] !== undefined) return id;
  }
  return '';
}

describe('every command', () => {
  test('has a summary and two examples', () => {
    const poor = commands.filter((each) => !each.summary || linesOf(each).length < 2);
    expect(poor.map(({ id }) => id)).toEqual([]);
  });

  test('reads its own examples', () => {
    const input = commands.flatMap((each) =>
      linesOf(each).map((words) => {
        const id = idOf(words);
        const file = join(packageRoot, ...(manifest.commands[id]?.relativePath ?? [each.id]));
        return { file: pathToFileURL(file).href, id, words: words.slice(id.split(':').length) };
      }),
    );
    const reader = join(packageRoot, 'test/helpers/read-command-lines.mjs');
    const home = mkdtempSync(join(tmpdir(), 'iggyctl-examples-'));
    const run = spawnSync(process.execPath, [reader], {
      ...{ input: JSON.stringify(input), cwd: home, env: cliEnvironment(home) },
    });
    rmSync(home, { recursive: true, force: true });
    expect(JSON.parse(run.stdout.toString())).toEqual([]);
  });
});

test('docs/commands.md is what npm run docs:commands makes', async () => {
  const script = pathToFileURL(join(packageRoot, 'scripts/lib/command-docs.mjs')).href;
  const { commandDocs } = (await import(script)) as { commandDocs: (value: unknown) => string };
  expect(readText('docs/commands.md') === `${commandDocs(manifest)}\n`).toBe(true);
});
