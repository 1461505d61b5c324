import { CliError, usageError } from '../cli-error.js';
import type { StatusRecord } from './status-record.js';

/** How nodes are named on the command line. */
export interface NodeChoice {
  readonly numbers: readonly string[];
  /** The primary, whichever it is. */
  readonly primary?: boolean | undefined;
  /** A backup that answers. */
  readonly backup?: boolean | undefined;
  readonly all?: boolean | undefined;
}

/** The nodes that were named, each once. @throws CliError E_USAGE, or E_UNHEALTHY without a primary */
export function chooseNodes(choice: NodeChoice, status: StatusRecord): readonly number[] {
  const chosen = choice.numbers.map((text) => nodeNumber(text, status.nodes.length));
  if (choice.all === true) chosen.push(...status.nodes.map(({ id }) => id));
  if (choice.primary === true) {
    if (status.primary === null) throw noSuchNode('--primary: there is no primary now');
    chosen.push(status.primary);
  }
  if (choice.backup === true) {
    const backup = status.nodes.find(
      ({ id, reachable, role }) => reachable && role === 'backup' && !chosen.includes(id),
    );
    if (backup === undefined) throw noSuchNode('--backup: there is no backup that answers');
    chosen.push(backup.id);
  }
  return [...new Set(chosen)];
}

function noSuchNode(message: string): CliError {
  return new CliError('E_UNHEALTHY', message, { hint: 'iggyctl cluster status' });
}

/** A node number from 0. @throws CliError E_USAGE for what is no number, else E_NOT_FOUND */
export function nodeNumber(text: string, count: number): number {
  if (!/^(?:node-)?\d+$/.test(text)) {
    throw usageError(`"${text}" is not the number of a node; the nodes are ${range(count)}`);
  }
  const value = Number(text.replace('node-', ''));
  if (value < count) return value;
  throw new CliError('E_NOT_FOUND', `there is no node ${text}; the nodes are ${range(count)}`);
}

function range(count: number): string {
  return count === 1 ? 'only 0' : `0 to ${count - 1}`;
}

/** Node numbers such as `0,2`. @throws CliError E_USAGE */
export function nodeNumbers(text: string, count: number): readonly number[] {
  return text.split(',').map((each) => nodeNumber(each.trim(), count));
}

/** Groups such as `0,1|2`. @throws CliError E_USAGE */
export function nodeGroups(text: string, count: number): readonly (readonly number[])[] {
  return text.split('|').map((group) => nodeNumbers(group, count));
}
