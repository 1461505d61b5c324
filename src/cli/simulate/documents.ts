import { readFileSync } from 'node:fs';
import { printable } from '../../render/index.js';
import { type Plan, PlanError, parsePlan } from '../../simulator/index.js';
import { CliError } from '../cli-error.js';
import { ioError } from '../config/private-file.js';

/** The JSON document in a file. @throws CliError E_IO, E_DAMAGED */
export function readDocument(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw ioError('read', path, cause);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const lines = text.split('\n').filter((line) => line !== '');
    const documents = lines.length > 1 ? parsedLines(lines) : undefined;
    if (documents !== undefined) return joinedTrace(documents);
    const reason = printable(cause instanceof Error ? cause.message : String(cause));
    throw new CliError('E_DAMAGED', `${path} is not JSON: ${reason}`, { cause });
  }
}

/** Reads a file with a plan, or with anything that has one. @throws CliError E_IO, E_DAMAGED */
export function planIn(path: string, document: unknown = readDocument(path)): Plan {
  try {
    return parsePlan(document);
  } catch (cause) {
    if (!(cause instanceof PlanError)) throw cause;
    throw new CliError('E_DAMAGED', `${path}: ${cause.message}`, { cause });
  }
}

function parsedLines(lines: readonly string[]): readonly unknown[] | undefined {
  try {
    return lines.map((line): unknown => JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** A trace of one record a line: everything but the events first, then they, then how it ended. */
function joinedTrace(records: readonly unknown[]): unknown {
  const events = records.filter((record) => isObject(record) && 'n' in record && 'k' in record);
  const rest = records.filter((record) => isObject(record) && !('k' in record));
  return Object.assign({}, ...rest, { events });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
