import { Flags } from '@oclif/core';
import { outputFormats } from './config/schema.js';

const connection = 'CONNECTION';
const identity = 'IDENTITY';
const output = 'OUTPUT';
const behaviour = 'BEHAVIOUR';

const connectionFlags = {
  context: Flags.string({
    char: 'C',
    summary: 'Profile to use this once (IGGYCTL_CONTEXT).',
    helpValue: 'NAME',
    helpGroup: connection,
  }),
  config: Flags.string({
    summary: 'Config file to use (IGGYCTL_CONFIG).',
    helpValue: 'FILE',
    helpGroup: connection,
  }),
  server: Flags.string({
    char: 's',
    summary: 'Servers to try in order (IGGYCTL_SERVER); 127.0.0.1:8090 if nothing says otherwise.',
    helpValue: 'HOST:PORT,…',
    helpGroup: connection,
    aliases: ['tcp-server-address', 'http-api-url'],
  }),
  node: Flags.string({
    summary: 'Talk to exactly this replica, without following the leader.',
    helpValue: 'N|HOST:PORT',
    helpGroup: connection,
  }),
  transport: Flags.string({
    summary: 'tcp or ws (IGGYCTL_TRANSPORT).',
    helpValue: 'NAME',
    helpGroup: connection,
  }),
  framing: Flags.string({
    summary: 'Frames of consensus headers, or the 16-byte frames of a correlated port.',
    options: ['vsr', 'correlated'],
    helpGroup: connection,
  }),
  consistency: Flags.string({
    summary: 'Whether reads ask the primary to confirm its leadership first.',
    options: ['local', 'linearizable'],
    helpGroup: connection,
  }),
  timeout: Flags.string({
    summary: 'Limit of one request, connecting included (IGGYCTL_TIMEOUT); 5s.',
    helpValue: 'DURATION',
    helpGroup: connection,
  }),
  retries: Flags.integer({
    summary: 'How often transient refusals and lost connections are tried again.',
    default: 2,
    min: 0,
    max: 1000,
    helpGroup: connection,
  }),
  tls: Flags.boolean({
    summary: 'Encrypt the connection (IGGYCTL_TLS).',
    helpGroup: connection,
    aliases: ['tcp-tls-enabled'],
  }),
  'tls-ca': Flags.string({
    summary: 'File with the accepted authorities.',
    helpValue: 'FILE',
    helpGroup: connection,
  }),
  'tls-server-name': Flags.string({
    summary: 'Name in the certificate of the server.',
    helpValue: 'NAME',
    helpGroup: connection,
    aliases: ['tcp-tls-domain'],
  }),
  'tls-insecure': Flags.boolean({
    summary: 'Accept any certificate.',
    helpGroup: connection,
  }),
};

const identityFlags = {
  username: Flags.string({
    char: 'u',
    summary: 'User to log in as (IGGYCTL_USERNAME, IGGY_USERNAME).',
    helpValue: 'NAME',
    helpGroup: identity,
  }),
  'password-stdin': Flags.boolean({
    summary: 'Read the password from the first line of standard input.',
    helpGroup: identity,
  }),
  'password-file': Flags.string({
    summary: 'Read the password from the first line of a file.',
    helpValue: 'FILE',
    helpGroup: identity,
  }),
  'token-stdin': Flags.boolean({
    summary: 'Read an access token from the first line of standard input.',
    helpGroup: identity,
  }),
  'token-file': Flags.string({
    summary: 'Read an access token from the first line of a file.',
    helpValue: 'FILE',
    helpGroup: identity,
  }),
  'token-name': Flags.string({
    summary: 'Use the access token stored under this name.',
    helpValue: 'NAME',
    helpGroup: identity,
  }),
};

const outputFlags = {
  output: Flags.string({
    char: 'o',
    summary: 'Format of the result (IGGYCTL_OUTPUT).',
    options: [...outputFormats],
    helpGroup: output,
  }),
  json: Flags.boolean({ summary: 'Same as --output json.', helpGroup: output }),
  columns: Flags.string({
    summary: 'Columns to show, by their JSON keys.',
    helpValue: 'A,B',
    helpGroup: output,
  }),
  sort: Flags.string({ summary: 'Order of a list.', helpValue: 'KEY[:desc]', helpGroup: output }),
  'no-header': Flags.boolean({ summary: 'Leave the header line out.', helpGroup: output }),
  limit: Flags.integer({
    summary: 'Show at most so many items of a list.',
    min: 0,
    helpGroup: output,
  }),
  schema: Flags.boolean({
    summary: 'Print the JSON Schema of the result and end.',
    helpGroup: output,
  }),
  quiet: Flags.boolean({
    char: 'q',
    summary: 'Print the essential value only, or nothing.',
    helpGroup: output,
  }),
  color: Flags.string({
    summary: 'When to colour (NO_COLOR, FORCE_COLOR).',
    options: ['auto', 'always', 'never'],
    helpGroup: output,
  }),
};

const behaviourFlags = {
  verbose: Flags.boolean({
    char: 'v',
    summary: 'Say more (IGGYCTL_LOG): -v origins, -vv every frame, -vvv stack traces.',
    helpGroup: behaviour,
  }),
  trace: Flags.string({
    summary: 'Write every frame to a .pcap file, or to another as NDJSON; secrets redacted.',
    helpValue: 'FILE',
    helpGroup: behaviour,
  }),
  strict: Flags.boolean({ summary: 'End with 1 if there was a warning.', helpGroup: behaviour }),
  'no-input': Flags.boolean({
    summary: 'Never ask (IGGYCTL_NO_INPUT, CI).',
    helpGroup: behaviour,
  }),
  yes: Flags.boolean({
    char: 'y',
    summary: 'Answer yes to questions.',
    helpGroup: behaviour,
  }),
};

/** Flags that every command has. */
export const globalFlags = {
  ...connectionFlags,
  ...identityFlags,
  ...outputFlags,
  ...behaviourFlags,
};

/** Flags of commands whose result is a list, as the official command line has them. */
export const listFlags = {
  'list-mode': Flags.string({
    char: 'l',
    summary: 'table, or list: values separated by | without a header.',
    options: ['table', 'list'],
    helpGroup: output,
  }),
};

/** The formats of `stats`: the official ones besides ours. */
export const statsOutput = {
  output: Flags.string({
    char: 'o',
    summary: 'Format of the result (IGGYCTL_OUTPUT); list has a line KEY|VALUE for each figure.',
    options: [...outputFormats, 'list', 'toml'],
    helpGroup: output,
  }),
};

/** Flags of commands that send a mutation. */
export const mutationFlags = {
  'dry-run': Flags.boolean({ summary: 'Show the request that would be sent, and send nothing.' }),
};
