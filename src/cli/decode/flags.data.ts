/** What one flag of `decode` accepts; the command and the entry without oclif both use this. */
export interface DecodeFlag {
  readonly name: string;
  readonly char?: string;
  readonly type: 'option' | 'boolean' | 'integer';
  readonly summary: string;
  readonly options?: readonly string[];
  readonly value?: string;
  readonly multiple?: true;
  /** `--no-NAME` switches it off; it is on otherwise. */
  readonly onByDefault?: true;
  readonly group: 'Input' | 'Selection' | 'Output';
  readonly min?: number;
  readonly max?: number;
}

/** Flags of `decode`, in the order of its help. */
export const decodeFlags: readonly DecodeFlag[] = [
  {
    name: 'file',
    char: 'f',
    type: 'option',
    value: 'PATH',
    multiple: true,
    group: 'Input',
    summary: 'Read this file; may be given several times.',
  },
  {
    name: 'input',
    type: 'option',
    group: 'Input',
    options: [
      ...['auto', 'hex', 'xxd', 'hexdump', 'od', 'tcpdump', 'wireshark'],
      ...['c', 'json', 'base64', 'binary', 'pcap', 'pcapng'],
    ],
    summary: 'Form of the input; found out from its beginning unless given.',
  },
  {
    name: 'framing',
    type: 'option',
    group: 'Input',
    options: ['auto', 'vsr', 'request', 'response'],
    summary: 'Consensus frames (vsr), or the plain frames of requests or responses.',
  },
  {
    name: 'layout',
    type: 'option',
    group: 'Input',
    options: ['current', 'origin'],
    summary: "Header layout: today's, or that of the proposal it grew from.",
  },
  {
    name: 'direction',
    type: 'option',
    group: 'Input',
    options: ['auto', 'client', 'server', 'replica'],
    summary: 'Who sent the frames.',
  },
  {
    name: 'port',
    type: 'integer',
    value: 'N',
    multiple: true,
    group: 'Input',
    min: 0,
    max: 65_535,
    summary: "TCP port of a capture; 8090 and those of the context's servers, 0 = every port.",
  },
  {
    name: 'follow',
    type: 'boolean',
    group: 'Input',
    summary: 'Keep reading a file that grows, or a pipe.',
  },
  {
    name: 'resync',
    type: 'boolean',
    group: 'Input',
    summary: 'After bytes that are no frame, go on at the next plausible header.',
  },
  {
    name: 'verify',
    type: 'boolean',
    group: 'Input',
    onByDefault: true,
    summary: 'Compare checksums.',
  },
  {
    name: 'filter',
    type: 'option',
    value: 'EXPR',
    group: 'Selection',
    summary: 'Only frames that match, such as "command=Prepare && view>=2 && operation~Stream".',
  },
  {
    name: 'fields',
    type: 'option',
    value: 'A,B',
    group: 'Selection',
    summary: 'Only these fields.',
  },
  {
    name: 'only',
    type: 'option',
    group: 'Selection',
    options: ['header', 'body'],
    summary: 'Only this part of each frame.',
  },
  {
    name: 'skip',
    type: 'integer',
    value: 'N',
    group: 'Selection',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    summary: 'Leave out the first N frames.',
  },
  {
    name: 'limit',
    type: 'integer',
    value: 'N',
    group: 'Selection',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    summary: 'Stop after N frames.',
  },
  {
    name: 'annotate',
    type: 'boolean',
    group: 'Output',
    summary: 'Show a hexdump that names the field of every byte.',
  },
  {
    name: 'pair',
    type: 'boolean',
    group: 'Output',
    summary: 'Join requests with their replies, and measure latency.',
  },
  {
    name: 'strict',
    type: 'boolean',
    group: 'Output',
    summary: 'Treat warnings as errors (exit 1).',
  },
  {
    name: 'show-secrets',
    type: 'boolean',
    group: 'Output',
    summary: 'Show passwords and tokens.',
  },
];

/** Output formats that `decode` knows. */
export const decodeFormats = ['table', 'json', 'ndjson', 'plain'] as const;
