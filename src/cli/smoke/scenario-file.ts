import { readFileSync } from 'node:fs';
import { CliError, usageError } from '../cli-error.js';
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
 * Reads a scenario: one JSON object a line, each a command line of this program and what is to be seen.
 * `$PREFIX` stands for the random prefix of the run.
 *
 * @throws CliError E_IO, E_USAGE with the number of the line
 */
export function readScenario(path: string): SmokeSuite {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CliError('E_IO', `cannot read the scenario ${path}`, { cause });
  }
  const steps = text.split('\n').flatMap((line, at): SmokeStep[] => {
    if (line.trim() === '') return [];
    return [toStep(lineOf(line, `${path}:${at + 1}`))];
  });
  return { name: path, steps };
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

function lineOf(line: string, where: string): ScenarioLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw usageError(`${where}: not a JSON object`);
  }
  if (typeof value !== 'object' || value === null) throw usageError(`${where}: not a JSON object`);
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
