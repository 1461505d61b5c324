import { renderRecord, type Style, wrap } from '../../render/index.js';
import { topicSummaries } from './aliases.data.js';

interface TopicSummary {
  readonly id: string;
  readonly summary: string;
}

const first = [
  { label: '  iggyctl cluster up', value: 'start a replicated cluster of three nodes, right here' },
  { label: '  iggyctl login', value: 'log in and register a session' },
  { label: '  iggyctl decode HEX', value: 'explain any frame' },
];

/** One screen: what this is, three first commands, and everything there is. */
export function rootHelp(
  topics: readonly string[],
  commands: readonly string[],
  options: { readonly width: number; readonly style: Style },
): string {
  const { style, width } = options;
  const table = (pairs: readonly TopicSummary[]) =>
    renderRecord(
      pairs.map(({ id, summary }) => ({ label: `  ${id}`, value: summary })),
      { style: (tone, text) => (tone === 'strong' ? text : style(tone, text)), width },
    );
  const about = topics.map((id) => ({ id, summary: topicSummaries[id] ?? '' }));
  return [
    'Run, use and look into Apache Iggy clusters: client, SDK, embedded cluster.',
    '',
    style('strong', 'First commands'),
    renderRecord(first, { width }),
    '',
    style('strong', 'Topics'),
    table(about),
    '',
    style('strong', 'Commands'),
    ...wrap(commands.join(', '), width - 2).map((line) => `  ${line}`),
    '',
    'iggyctl help COMMAND, or --help behind any command, says more.',
    '',
  ].join('\n');
}
