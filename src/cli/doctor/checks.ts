import { Settings } from '../config/settings.js';
import { reportOf } from '../output/report-error.js';
import { type Check, type DoctorInput, fine, wrong } from './check.js';
import { localChecks } from './local-checks.js';
import { serverChecks } from './server-checks.js';

/** All checks, those of this machine first; a broken configuration leaves out those that need one. */
export async function runChecks(input: DoctorInput): Promise<readonly Check[]> {
  const { flags, env, cwd } = input;
  let settings: Settings;
  try {
    settings = new Settings(flags, env, cwd);
  } catch (error) {
    const { message, hint } = reportOf(error);
    return [...localChecks(input), wrong('config', message, hint ?? 'iggyctl config validate')];
  }
  const config =
    settings.warnings.length === 0
      ? fine('config', settings.places.configFile)
      : wrong('config', settings.warnings.join('; '), 'iggyctl config validate');
  return [...localChecks(input, settings), config, ...(await serverChecks(input, settings))];
}
