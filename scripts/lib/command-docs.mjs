// The text of docs/commands.md, from the manifest that the build writes.

/** Markdown for all commands of a manifest. */
export function commandDocs({ commands }) {
  const all = Object.values(commands).filter(({ hidden }) => !hidden);
  const isGlobal = (name) => all.every(({ flags }) => flags[name] !== undefined);
  const globals = Object.values(all[0].flags).filter(({ name }) => isGlobal(name));
  const topics = grouped(all);
  const names = [...topics.keys()].sort();
  return [
    '# Commands',
    '',
    'Made from the commands themselves by `npm run docs:commands`; `iggyctl help COMMAND` says the same.',
    '',
    names.map((name) => `[${name}](#${name})`).join(' · '),
    '',
    '## Flags of every command',
    '',
    ...globalTable(globals),
    ...names.flatMap((name) => [
      `## ${name}`,
      '',
      ...topics.get(name).flatMap(oneCommand(isGlobal)),
    ]),
  ].join('\n');
}

const topicOf = ({ id }) => id.split(':')[0];

function grouped(all) {
  const topics = new Map();
  for (const command of all)
    topics.set(topicOf(command), [...(topics.get(topicOf(command)) ?? []), command]);
  return topics;
}

function globalTable(flags) {
  const groups = new Map();
  for (const flag of flags)
    groups.set(flag.helpGroup ?? '', [...(groups.get(flag.helpGroup ?? '') ?? []), flag]);
  return [...groups].flatMap(([group, members]) => [
    `**${group === '' ? 'Other' : group[0] + group.slice(1).toLowerCase()}**`,
    '',
    ...table(members),
    '',
  ]);
}

const oneCommand = (isGlobal) => (command) => {
  const args = Object.values(command.args).filter(({ hidden }) => !hidden);
  const own = Object.values(command.flags).filter(({ name, hidden }) => !isGlobal(name) && !hidden);
  return [
    `### iggyctl ${spaced(command.id)}`,
    '',
    command.summary ?? '',
    ...(command.description ? ['', plain(render(command.description, command))] : []),
    '',
    '```console',
    `$ iggyctl ${usageOf(command, args)}`,
    '```',
    '',
    ...(args.some(({ description }) => description) ? [...argTable(args), ''] : []),
    ...(own.length > 0 ? [...table(own), ''] : []),
    ...(command.examples?.length ? ['Examples:', '', ...examplesOf(command), ''] : []),
  ];
};

function usageOf(command, args) {
  if (typeof command.usage === 'string') return render(command.usage, command);
  const words = args.map(({ name, required }) => {
    const shown = name.toUpperCase();
    return required ? shown : `[${shown}]`;
  });
  const rest = command.strict === false && args.length > 0 ? ['…'] : [];
  return [spaced(command.id), ...words, ...rest, '[FLAGS]'].join(' ');
}

function argTable(args) {
  const rows = args.map(({ name, description = '', options }) => {
    const values = options ? ` One of ${options.join(', ')}.` : '';
    return `| \`${name.toUpperCase()}\` | ${cell(description + values)} |`;
  });
  return ['| Argument | Meaning |', '| --- | --- |', ...rows];
}

function table(flags) {
  const rows = flags.map((flag) => {
    const { name, char, type, helpValue, options, summary = '', allowNo } = flag;
    const value = type === 'boolean' ? '' : ` ${helpValue ?? 'VALUE'}`;
    const long = allowNo ? `--[no-]${name}` : `--${name}`;
    const shown = `${char ? `-${char}, ` : ''}${long}${value}`;
    const values = options ? ` One of ${options.join(', ')}.` : '';
    const standard = ['string', 'number'].includes(typeof flag.default)
      ? ` Default: ${flag.default}.`
      : '';
    return `| \`${shown.replaceAll('|', '\\|')}\` | ${cell(summary + values + standard)} |`;
  });
  return ['| Flag | Meaning |', '| --- | --- |', ...rows];
}

function examplesOf(command) {
  const lines = command.examples.flatMap((each) =>
    (typeof each === 'string' ? each : each.command).split('\n'),
  );
  const shown = lines.map((line) => render(line, command).trim()).filter((line) => line !== '');
  return ['```console', ...shown.map((line) => (line.startsWith('$') ? line : `$ ${line}`)), '```'];
}

function render(text, { id }) {
  return text
    .replaceAll(/<%= config\.bin %>/g, 'iggyctl')
    .replaceAll(/<%= command\.id %>/g, spaced(id));
}

function spaced(id) {
  return id.replaceAll(':', ' ');
}

/** Text that Markdown takes as it is, line by line. */
function plain(text) {
  return text.replaceAll('<', '&lt;').replaceAll('\n', '  \n');
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}
