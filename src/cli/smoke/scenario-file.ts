import { readFileSync } from 'node:fs';
import { usageError } from '../cli-error.js';
import { ioError } from '../config/private-file.js';
import type { ScenarioItem } from './scenario-item.js';
import { holds, type SmokeStep, type SmokeSuite, same } from './step.js';

interface ScenarioLine {
  readonly name: string;
  readonly run: readonly string[];
  readonly input?: string;
  readonly exit: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

/**
 * Reads a scenario: a JSON object a line, or a list in YAML if the file is called so. Each is a command
 * line of this program and what is to be seen. `$PREFIX` stands for the random prefix of the run.
 *
 * @throws CliError E_IO, E_USAGE with the number of the line
 */
export async function readScenario(path: string): Promise<SmokeSuite> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw ioError('read', `the scenario ${path}`, cause);
  }
  const items = /\.ya?ml$/.test(path)
    ? (await import('./scenario-yaml.js')).yamlItems(text, path)
    : jsonItems(text, path);
  return { name: path, steps: items.map((item) => toStep(lineOf(item))) };
}

function jsonItems(text: string, path: string): ScenarioItem[] {
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    const where = `${path}:${at + 1}`;
    try {
      return [{ where, value: JSON.parse(line) as unknown }];
    } catch {
      throw usageError(`${where}: not a JSON object`);
    }
  });
}

function toStep({ name, run: words, input, exit, stdout, stderr }: ScenarioLine): SmokeStep {
  return {
    name,
    run: async ({ run, prefix }) => {
      const filled = (part: string) => part.replaceAll('$PREFIX', prefix);
      const made = await run(words.map(filled), input === undefined ? undefined : filled(input));
      same('exit code', made.code, exit);
      if (stdout !== undefined)
        holds(`"${filled(stdout)}" on standard output`, made.stdout.includes(filled(stdout)));
      if (stderr !== undefined)
        holds(`"${filled(stderr)}" on standard error`, made.stderr.includes(filled(stderr)));
    },
  };
}

function lineOf({ where, value }: ScenarioItem): ScenarioLine {
  if (typeof value !== 'object' || value === null) {
    throw usageError(`${where}: a step is an object with "run" and what is to be seen`);
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const run = fields.get('run');
  if (!Array.isArray(run) || !run.every((word) => typeof word === 'string')) {
    throw usageError(`${where}: "run" must be a list of words, such as ["stream","list"]`);
  }
  const text = (key: string): string | undefined => {
    const found = fields.get(key);
    if (found !== undefined && typeof found !== 'string')
      throw usageError(`${where}: "${key}" must be text`);
    return found;
  };
  const exit = fields.get('exit') ?? 0;
  if (typeof exit !== 'number') throw usageError(`${where}: "exit" must be a number`);
  const known = ['name', 'run', 'input', 'exit', 'stdout', 'stderr'];
  const odd = [...fields.keys()].find((key) => !known.includes(key));
  if (odd !== undefined) throw usageError(`${where}: "${odd}" is none of ${known.join(', ')}`);
  const [input, stdout, stderr] = [text('input'), text('stdout'), text('stderr')];
  return {
    ...{ name: text('name') ?? `iggyctl ${run.join(' ')}`, run, exit },
    ...(input === undefined ? {} : { input }),
    ...(stdout === undefined ? {} : { stdout }),
    ...(stderr === undefined ? {} : { stderr }),
  };
}
