// Turns the descriptions of the wire layer into docs/wire.md.

const intro = `# Wire format

Made from the descriptions in \`src/wire\` by \`node scripts/generate-wire-docs.mjs\`; do not edit.

All integers are little-endian, without padding other than what is listed. A u128 has its low word
first. Sizes are in bytes. A \`name\` is a u8 length and 1 to 255 bytes of UTF-8; \`string(u32)\` is a
u32 length and UTF-8; \`?\` marks what may be absent. "Extension" marks bytes that official nodes leave
zero. Consensus frames are a 256-byte header and a body; \`size\` counts both. All headers begin with the
128 bytes listed under Generic; the other tables list what follows them.
`;

const cell = (text) => String(text).replaceAll('|', '\\|');

function table(heads, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => ' --- ').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Follows wrappers that change nothing about the bytes. */
function bare(codec) {
  const { shape } = codec;
  return ['mapped', 'constrained', 'secret'].includes(shape.kind) ? bare(shape.inner) : codec;
}

/** The structures a codec is made of, which get tables of their own. */
function partsOf(codec) {
  const { shape } = bare(codec);
  switch (shape.kind) {
    case 'struct':
      return shape.fields.flatMap((field) => named(field.codec));
    case 'union':
      return shape.variants.flatMap((variant) => named(variant.codec));
    case 'array':
    case 'repeat':
    case 'restOf':
      return named(shape.item);
    case 'optional':
    case 'prefixed':
      return named(shape.inner);
    default:
      return [];
  }
}

function named(codec) {
  const inner = bare(codec);
  const isNamed = ['struct', 'union', 'enum'].includes(inner.shape.kind);
  return isNamed ? [inner, ...partsOf(inner)] : partsOf(inner);
}

/** How a type is called in a table. */
function typeText(codec) {
  const inner = bare(codec);
  const { shape } = inner;
  const secret = codec.secret === true ? ' (secret)' : '';
  switch (shape.kind) {
    case 'prefixed':
      return `length, then ${typeText(shape.inner)}${secret}`;
    case 'constant':
      return `${inner.type} = ${String(shape.value)}`;
    case 'text':
    case 'blob':
      return `${inner.type}${limits(inner, shape)}${secret}`;
    default:
      return `${inner.type}${secret}`;
  }
}

function limits({ type }, { min, max }) {
  if (type === 'name' || (min === 0 && max > 0xffff)) return '';
  return `, ${min}..${max} bytes`;
}

const prefixFields = 9;

/** @param skip number of leading fields that are described elsewhere */
function structTable({ shape }, skip = 0) {
  let offset = 0;
  const rows = shape.fields.map(({ name, codec, doc }) => {
    const at = offset === undefined ? '' : offset;
    offset = offset === undefined || codec.size === undefined ? undefined : offset + codec.size;
    return [at, codec.size ?? '', typeText(codec), `\`${name}\``, doc];
  });
  return table(['Offset', 'Size', 'Type', 'Field', 'Meaning'], rows.slice(skip));
}

function unionTable({ shape }) {
  const rows = shape.variants.map(({ name, tag, codec, doc = '' }) => [
    tag,
    name,
    codec.shape.kind === 'unit' ? '' : typeText(codec),
    doc,
  ]);
  return table(['Tag', 'Variant', 'Content', 'Meaning'], rows);
}

function body(codec) {
  const inner = bare(codec);
  const { shape } = inner;
  if (shape.kind === 'struct') {
    return shape.fields.length === 0 ? 'No bytes.' : structTable(inner);
  }
  if (shape.kind === 'union') return unionTable(inner);
  if (shape.kind === 'enum') {
    return table(
      ['Value', 'Name'],
      shape.entries.map(([name, value]) => [value, name]),
    );
  }
  if (shape.kind === 'unit') return 'No bytes.';
  return shape.kind === 'custom' ? shape.note : `${typeText(codec)}.`;
}

function entrySection({ name, codec, doc }) {
  const title = name.slice(name.indexOf('/') + 1);
  const isHeader = name.startsWith('header/') && title !== 'Generic';
  const content = isHeader ? structTable(codec, prefixFields) : body(codec);
  return `### ${title}\n\n${doc}\n\n${content}\n`;
}

const chapters = [
  ['header/', 'Consensus headers'],
  ['frame/', 'Small frames'],
  ['request/', 'Request bodies'],
  ['response/', 'Response payloads'],
  ['prepare/', 'Replicated bodies'],
];

function partsChapter(registry) {
  const parts = new Map();
  const own = new Set(registry.map((entry) => bare(entry.codec).type));
  for (const { codec } of registry) {
    for (const part of partsOf(codec)) if (!own.has(part.type)) parts.set(part.type, part);
  }
  const sorted = [...parts.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
  const sections = sorted.map((part) => `### ${part.type}\n\n${body(part)}\n`);
  return ['## Parts\n\nStructures and enums that others are made of.\n', ...sections];
}

function tablesChapter({ commandCodes, operationName, evictionReasons, serverErrors }) {
  return [
    '## Tables\n',
    `### Command codes\n\n${table(
      ['Code', 'Name', 'Dispatch name', 'Sent as operation'],
      commandCodes.map(({ code, name, dispatchName, operation }) => [
        ...[code, name, dispatchName],
        `${operationName(operation)} (${operation})`,
      ]),
    )}\n`,
    `### Eviction reasons\n\n${table(
      ['Value', 'Name', 'Error code', 'Meaning'],
      evictionReasons.map(({ value, name, errorCode, meaning }) => [
        ...[value, name, errorCode, meaning],
      ]),
    )}\n`,
    `### Server errors\n\n${table(
      ['Code', 'Name', 'Meaning'],
      serverErrors().map(({ code, name, meaning }) => [code, name, meaning]),
    )}\n`,
  ];
}

/** The whole document. */
export function renderWireDocs(wire) {
  const { wireRegistry: registry } = wire;
  const evictionReasons = Object.values(wire.EvictionReason).map((value) => ({
    value,
    ...wire.evictionReasonInfo(value),
  }));
  return [
    intro,
    ...chapters.flatMap(([prefix, title]) => [
      `## ${title}\n`,
      ...registry.filter((entry) => entry.name.startsWith(prefix)).map(entrySection),
    ]),
    ...partsChapter(registry),
    ...tablesChapter({ ...wire, evictionReasons }),
  ].join('\n');
}
