import { displayWidth, renderRecord, type Style, wrap } from '../../render/index.js';
import { topicBriefs } from './aliases.data.js';

const first = [
  { label: '  iggyctl cluster up', value: 'start a replicated cluster of three nodes, right here' },
  { label: '  iggyctl login', value: 'log in and register a session' },
  { label: '  iggyctl decode HEX', value: 'explain any frame' },
];

/** Between two columns of topics. */
const gap = 2;

/** One screen of 24 lines: what this is, three first commands, and everything there is. */
export function rootHelp(
  topics: readonly string[],
  commands: readonly string[],
  options: { readonly width: number; readonly style: Style },
): string {
  const { style, width } = options;
  return [
    'Run, use and look into Apache Iggy clusters: client, SDK, embedded cluster.',
    '',
    renderRecord(first, { width }),
    '',
    style('strong', 'Topics'),
    ...inColumns(topics, width),
    '',
    style('strong', 'Commands'),
    ...wrap(commands.join(', '), width - 2).map((line) => `  ${line}`),
    '',
    'iggyctl help COMMAND, or --help behind any command, says more.',
    '',
  ].join('\n');
}

/** Topics in two columns, or in one where two do not fit. */
function inColumns(topics: readonly string[], width: number): readonly string[] {
  const half = Math.ceil(topics.length / 2);
  const [left, right] = [lines(topics.slice(0, half)), lines(topics.slice(half))];
  const leftWidth = widest(left) + gap;
  if (leftWidth + widest(right) > width) return lines(topics, width);
  return left.map((line, at) => `${line.padEnd(leftWidth)}${right[at] ?? ''}`.trimEnd());
}

function lines(topics: readonly string[], width = 0): readonly string[] {
  const pairs = topics.map((id) => ({ label: `  ${id}`, value: topicBriefs[id] ?? '' }));
  return renderRecord(pairs, { width }).split('\n');
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(displayWidth));
}
