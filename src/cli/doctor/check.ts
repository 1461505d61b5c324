import type { Command } from '@oclif/core';
import type { CommandFlags } from '../base-command.js';

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
