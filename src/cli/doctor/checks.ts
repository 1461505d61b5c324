import type { Command } from '@oclif/core';
import type { CommandFlags } from '../base-command.js';
import { Settings } from '../config/settings.js';
import { reportOf } from '../output/report-error.js';
import { localChecks } from './local-checks.js';
import { serverChecks } from './server-checks.js';

/** One thing that was looked at. */
export interface Check {
  readonly [key: string]: string | boolean | null;
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do about it. */
  readonly fix: string | null;
}

/** What the checks may look at. */
export interface DoctorInput {
  readonly flags: CommandFlags<typeof Command>;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** A check that found nothing wrong. */
export function fine(name: string, detail: string): Check {
  return { name, ok: true, detail, fix: null };
}

/** A check that found something wrong, and what to do. */
export function wrong(name: string, detail: string, fix: string | null): Check {
  return { name, ok: false, detail, fix };
}

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
