import { usageError } from '../cli-error.js';
import { parseInteger } from '../values.js';
import { type NodeRecord, type StatusRecord, takesPart } from './status-record.js';

/** A condition that `cluster wait` waits for. */
export interface Condition {
  readonly text: string;
  holds(status: StatusRecord): boolean;
}

type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=';

const compare: Readonly<Record<Operator, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

const numbersOfNodes = ['view', 'log_view', 'commit', 'op', 'lag', 'pipeline'] as const;

/**
 * Reads a condition: `healthy`, `converged`, `primary=1`, `primary!=0`, `view>=3`, `commit>=100`,
 * `node.2.status=normal`, `node.0.lag<=5`. @throws CliError E_USAGE
 */
export function parseCondition(text: string): Condition {
  if (text === 'healthy') return { text, holds: ({ healthy }) => healthy };
  if (text === 'converged') return converged(text);
  const match = /^([a-z_]+(?:\.\d+\.[a-z_]+)?)\s*(!=|>=|<=|=|>|<)\s*(\S+)$/.exec(text);
  const [, left = '', sign = '', right = ''] = match ?? [];
  if (match === null || !isOperator(sign)) throw unknown(text);
  const node = /^node\.(\d+)\.([a-z_]+)$/.exec(left);
  if (node !== null) return ofNode(text, Number(node[1]), node[2] ?? '', sign, right);
  const value = parseInteger(right, `--until ${text}`, 0, Number.MAX_SAFE_INTEGER);
  const holds = compare[sign];
  switch (left) {
    case 'primary':
      return { text, holds: ({ primary }) => primary !== null && holds(primary, value) };
    case 'view':
      return { text, holds: ({ view }) => view !== null && holds(view, value) };
    case 'commit':
      return { text, holds: (status) => holds(committed(status), value) };
    default:
      throw unknown(text);
  }
}

function ofNode(text: string, id: number, field: string, sign: Operator, right: string): Condition {
  const node = ({ nodes }: StatusRecord): NodeRecord | undefined =>
    nodes.find((each) => each.id === id);
  if (field === 'status' || field === 'role') {
    if (sign !== '=' && sign !== '!=') throw unknown(text);
    return { text, holds: (status) => (node(status)?.[field] === right) === (sign === '=') };
  }
  const name = numbersOfNodes.find((each) => each === field);
  if (name === undefined) throw unknown(text);
  const value = parseInteger(right, `--until ${text}`, 0, Number.MAX_SAFE_INTEGER);
  return {
    text,
    holds: (status) => {
      const found = node(status)?.[name] ?? null;
      return found !== null && compare[sign](Number(found), value);
    },
  };
}

/**
 * Every node that answers is in one view under one primary, and has applied what any of them had
 * when this was asked first, and has no partition still to be filled. Not the same as the others: in a busy cluster they never have.
 */
function converged(text: string): Condition {
  let goal: number | undefined;
  const holds = (status: StatusRecord): boolean => {
    goal ??= committed(status);
    return isTogether(status, goal);
  };
  return { text, holds };
}

function isTogether({ nodes, primary, quorum }: StatusRecord, goal: number): boolean {
  const answering = nodes.filter(({ reachable }) => reachable);
  return (
    primary !== null &&
    answering.length >= quorum.need &&
    answering.every((node) => takesPart(node) && Number(node.commit ?? 0) >= goal) &&
    answering.every((node) => (node.partitions_behind ?? 0) === 0) &&
    new Set(answering.map(({ view }) => view)).size === 1
  );
}

/** The newest commit that any node has. */
export function committed({ nodes }: StatusRecord): number {
  return Math.max(0, ...nodes.map(({ commit }) => Number(commit ?? 0)));
}

function isOperator(text: string): text is Operator {
  return Object.hasOwn(compare, text);
}

function unknown(text: string): Error {
  return usageError(
    `--until: "${text}" is not a condition; write healthy, converged, primary=1, primary!=0, ` +
      'view>=3, commit>=100 or node.2.status=normal',
  );
}
