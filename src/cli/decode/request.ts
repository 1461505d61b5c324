import {
  compileFilter,
  type DecoderOptions,
  type Direction,
  type FormName,
  type FramingChoice,
  formNames,
} from '../../decoder/index.js';
import { usageError } from '../cli-error.js';
import { decodeFormats } from './flags.data.js';

/** Flags of `decode` as they come from the command line. */
export interface DecodeFlags {
  readonly file?: readonly string[] | undefined;
  readonly input?: string | undefined;
  readonly framing?: string | undefined;
  readonly layout?: string | undefined;
  readonly direction?: string | undefined;
  readonly port?: readonly number[] | undefined;
  readonly follow?: boolean | undefined;
  readonly resync?: boolean | undefined;
  readonly verify?: boolean | undefined;
  readonly filter?: string | undefined;
  readonly fields?: string | undefined;
  readonly only?: string | undefined;
  readonly skip?: number | undefined;
  readonly limit?: number | undefined;
  readonly annotate?: boolean | undefined;
  readonly pair?: boolean | undefined;
  readonly strict?: boolean | undefined;
  readonly 'show-secrets'?: boolean | undefined;
  readonly output?: string | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly color?: string | undefined;
  readonly config?: string | undefined;
  readonly context?: string | undefined;
}

/** One place to read bytes from. */
export type Source =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'stdin' };

type DecodeFormat = (typeof decodeFormats)[number];

/** What `decode` was asked to do. */
export interface DecodeRequest {
  readonly sources: readonly Source[];
  /** Everything but the ports, which depend on the configuration. */
  readonly decoder: Omit<DecoderOptions, 'ports'>;
  readonly ports: readonly number[] | undefined;
  readonly format: DecodeFormat;
  readonly annotate: boolean;
  readonly only: 'header' | 'body' | undefined;
  readonly fields: readonly string[] | undefined;
  readonly follow: boolean;
  readonly strict: boolean;
  readonly showSecrets: boolean;
  readonly quiet: boolean;
  readonly color: string | undefined;
  /** Where the context is looked up, for the default of `--port`. */
  readonly config: string | undefined;
  readonly context: string | undefined;
}

export interface Surroundings {
  readonly stdinIsTty: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Checks flags and arguments, and decides where to read from: the arguments, then the files; else
 * standard input. No sources at all means that help is wanted.
 * @throws CliError E_USAGE, DecodeInputError INPUT_FILTER
 */
export function decodeRequest(
  flags: DecodeFlags,
  words: readonly string[],
  around: Surroundings,
): DecodeRequest {
  const format = formatOf(flags, around.env);
  const quiet = flags.quiet ?? false;
  const skip = flags.skip ?? 0;
  const limit = flags.limit ?? Number.POSITIVE_INFINITY;
  const filter = flags.filter === undefined ? undefined : compileFilter(flags.filter);
  const all = filter === undefined && skip === 0 && limit === Number.POSITIVE_INFINITY;
  return {
    sources: sourcesOf(flags, words, around),
    decoder: {
      form: oneOf(['auto', ...formNames], flags.input, 'auto', 'input') as FormName | 'auto',
      framing: oneOf(
        ['auto', 'vsr', 'request', 'response'],
        flags.framing,
        'auto',
        'framing',
      ) as FramingChoice,
      layout: flags.layout === 'origin' ? 'origin' : 'current',
      direction: directionOf(flags.direction),
      verify: flags.verify ?? true,
      resync: flags.resync ?? false,
      pair: flags.pair ?? false,
      countOnly: quiet && all,
      filter,
      skip,
      limit,
    },
    ports: portsOf(flags.port),
    format,
    annotate: flags.annotate ?? false,
    only: flags.only === 'header' || flags.only === 'body' ? flags.only : undefined,
    fields: fieldsOf(flags.fields),
    follow: flags.follow ?? false,
    strict: flags.strict ?? false,
    showSecrets: flags['show-secrets'] ?? false,
    quiet,
    color: flags.color,
    config: flags.config,
    context: flags.context,
  };
}

function sourcesOf(
  flags: DecodeFlags,
  words: readonly string[],
  around: Surroundings,
): readonly Source[] {
  const sources: Source[] = [];
  const text = words.filter((word) => word !== '-');
  if (text.length > 0) sources.push({ kind: 'text', text: text.join(' ') });
  for (const path of flags.file ?? []) sources.push({ kind: 'file', path });
  const isAsked = words.includes('-');
  if (isAsked || (sources.length === 0 && !around.stdinIsTty)) sources.push({ kind: 'stdin' });
  return sources;
}

function formatOf(flags: DecodeFlags, env: Surroundings['env']): DecodeFormat {
  const fromEnv = env['IGGYCTL_OUTPUT'] === '' ? undefined : env['IGGYCTL_OUTPUT'];
  const wanted = flags.json === true ? 'json' : (flags.output ?? fromEnv ?? 'table');
  const found = decodeFormats.find((format) => format === wanted);
  if (found !== undefined) return found;
  throw usageError(`decode has no output format "${wanted}"; it has ${decodeFormats.join(', ')}`);
}

function oneOf(
  options: readonly string[],
  value: string | undefined,
  otherwise: string,
  name: string,
): string {
  if (value === undefined) return otherwise;
  if (options.includes(value)) return value;
  throw usageError(`--${name}: "${value}" is none of ${options.join(', ')}`);
}

function directionOf(value: string | undefined): Direction | undefined {
  return value === 'client' || value === 'server' || value === 'replica' ? value : undefined;
}

/** Port 0 stands for every port. */
function portsOf(ports: readonly number[] | undefined): readonly number[] | undefined {
  if (ports === undefined || ports.length === 0) return undefined;
  return ports.includes(0) ? [] : ports;
}

function fieldsOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw usageError('--fields: no field is named');
  return names;
}
