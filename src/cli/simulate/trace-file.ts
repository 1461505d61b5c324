import { CliError } from '../cli-error.js';
import { readDocument } from './documents.js';

/** One event of a written trace. */
export interface WrittenEvent {
  readonly n: number;
  readonly t: number;
  readonly r: string;
  readonly k: string;
  readonly text: string;
  readonly op?: number;
}

/** The events of a trace file. @throws CliError E_IO, E_DAMAGED */
export function readTrace(path: string): readonly WrittenEvent[] {
  const document = readDocument(path);
  const isTrace = typeof document === 'object' && document !== null && 'events' in document;
  if (!isTrace || !Array.isArray(document.events)) {
    throw new CliError('E_DAMAGED', `${path} is not a trace of a simulation`);
  }
  return document.events.filter(isEvent);
}

/** An event as people read it. */
export function eventLine({ t, r, k, text }: WrittenEvent): string {
  return `${String(t).padStart(7)} ${r} ${k} ${text}\n`;
}

function isEvent(value: unknown): value is WrittenEvent {
  return typeof value === 'object' && value !== null && 'n' in value && 'k' in value;
}
