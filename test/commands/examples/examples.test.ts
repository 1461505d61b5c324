// Every example that a command shows is run, in one process, against one cluster.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../../src/base/index.js';
import { resultShapes } from '../../../src/cli/output/shapes.data.js';
import { ClusterHome } from '../../helpers/cluster-home.js';
import { schemaProblems } from '../../helpers/json-schema.js';
import { ManyCommands } from '../../helpers/many-commands.js';
import { readJson } from '../../helpers/package-files.js';
import type { CliRun } from '../../helpers/run-cli.js';
import { read } from '../../helpers/sample-frames.js';
import { plainWords, type StoryLine, story } from './read-story.js';

interface ManifestCommand {
  readonly id: string;
  readonly examples?: readonly string[];
}

const manifest = readJson<{ commands: Record<string, ManifestCommand> }>('oclif.manifest.json');
const examples = Object.values(manifest.commands).flatMap(({ id, examples: texts = [] }) =>
  texts.map((text) =>
    text
      .replaceAll('<%= config.bin %>', 'iggyctl')
      .replaceAll('<%= command.id %>', id.replaceAll(':', ' ')),
  ),
);

const home = new ClusterHome();
let commands: ManyCommands;

beforeAll(async () => {
  const [ping, stats] = [1, 10];
  writeFileSync(join(home.directory, 'frame.hex'), toHex(read(ping, new Uint8Array())));
  writeFileSync(join(home.directory, 'frame.bin'), read(stats, new Uint8Array()));
  commands = await ManyCommands.start(home.directory);
});

afterAll(async () => {
  await commands.close();
  await home.remove();
});

/** Kinds of results that were seen, of lists those of their items. */
const seen = new Set<string>();

async function play({ text, exits }: StoryLine): Promise<void> {
  const words = plainWords(text);
  const run = await (words === undefined ? home.shell(text) : runPlain(words));
  const [first] = exits;
  const exit = exits.find((each) => each === run.code) ?? first;
  expect([text, run.code, run.stderr], run.stdout).toEqual([text, exit, expect.any(String)]);
  if (words === undefined || !words.includes('--json') || words.includes('--dry-run')) return;
  const asked = await commands.run([...words, '--schema']);
  expect([text, asked.stderr]).toEqual([text, '']);
  const schema: unknown = JSON.parse(asked.stdout);
  for (const line of run.stdout.split('\n').filter((each) => each !== '')) {
    const value = JSON.parse(line) as { kind: string };
    seen.add(value.kind.replace(/\.list$/, ''));
    expect([text, schemaProblems(schema, value)]).toEqual([text, []]);
  }
}

/** The decoder writes to the file, not to the stream, which one process cannot tell apart. */
function runPlain(words: readonly string[]): Promise<CliRun> {
  return words[0] === 'decode' ? home.run(...words) : commands.run(words);
}

describe('the examples', () => {
  it.each(story)('$title work', { timeout: 120_000 }, async ({ lines }) => {
    for (const line of lines) {
      if (line.reason === undefined) await play(line);
    }
  });

  it('print what the schemas of the commands say, of every kind of result', () => {
    const elsewhere = ['proxy.ready', 'simulate.shrink', 'simulate.summary'];
    const missing = Object.keys(resultShapes).filter((kind) => !seen.has(kind));
    expect(missing.sort()).toEqual(elsewhere);
  });

  it('are all run, or have a reason why not', () => {
    const told = story.flatMap(({ lines }) => lines);
    const texts = new Set(told.map(({ text }) => text));
    expect(examples.filter((text) => !texts.has(text))).toEqual([]);
    const excused = told.filter(({ reason }) => reason !== undefined);
    expect(excused.filter(({ text }) => !examples.includes(text))).toEqual([]);
  });
});
