import { readFileSync } from 'node:fs';
import { CliError } from '../cli-error.js';

/** One event of a written trace. */
export interface WrittenEvent {
  readonly n: number;
  readonly t: number;
  readonly r: string;
  readonly k: string;
  readonly text: string;
}

/** The events of a trace file. @throws CliError E_DAMAGED */
export function readTrace(path: string): readonly WrittenEvent[] {
  const document: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const isTrace = typeof document === 'object' && document !== null && 'events' in document;
  if (!isTrace || !Array.isArray(document.events)) {
    throw new CliError('E_DAMAGED', `${path} is not a trace of a simulation`);
  }
  return document.events.filter(isEvent);
}

function isEvent(value: unknown): value is WrittenEvent {
  return typeof value === 'object' && value !== null && 'n' in value && 'k' in value;
}
