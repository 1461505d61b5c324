import { existsSync } from 'node:fs';
import { usageError } from '../cli-error.js';
import { nearest } from '../nearest.js';
import { cli } from './cli.js';
import { failover } from './failover.js';
import { persistence } from './persistence.js';
import { protocol } from './protocol.js';
import { quick } from './quick.js';
import { readScenario } from './scenario-file.js';
import { session } from './session.js';
import { type SmokeSuite, type SuiteName, suiteNames } from './step.js';

const suites: Readonly<Record<SuiteName, SmokeSuite>> = {
  ...{ quick, protocol, session, failover, persistence, cli },
};

/** The suites of these names or files; `quick` if none is named. @throws CliError E_USAGE, E_IO */
export async function chooseSuites(names: readonly string[]): Promise<readonly SmokeSuite[]> {
  const wanted = names.length === 0 ? ['quick'] : names;
  const chosen: SmokeSuite[] = [];
  for (const name of wanted) chosen.push(...(await suitesOf(name)));
  return chosen;
}

async function suitesOf(name: string): Promise<readonly SmokeSuite[]> {
  if (name === 'all') return suiteNames.map((each) => suites[each]);
  const known = suiteNames.find((each) => each === name);
  if (known !== undefined) return [suites[known]];
  if (existsSync(name) || /[./]/.test(name)) return [await readScenario(name)];
  const near = nearest(name, [...suiteNames, 'all']);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw usageError(`there is no suite ${name}${hint}`, 'iggyctl smoke --list');
}
