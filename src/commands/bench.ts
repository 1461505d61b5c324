import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { type FailIf, parseFailIf } from '../cli/bench/fail-if.js';
import { benchKinds } from '../cli/bench/kinds.data.js';
import { planBench } from '../cli/bench/options.js';
import type { BenchResult } from '../cli/bench/result.js';
import type { BenchPlace } from '../cli/bench/run-bench.js';
import { CliError } from '../cli/cli-error.js';
import { ioError, writePrivateFile } from '../cli/config/private-file.js';
import { clientOptions } from '../cli/connect/client-options.js';
import { findCredentials, noCredentials } from '../cli/connect/credentials.js';
import { ServerCommand } from '../cli/server-command.js';
import type { ClientOptions } from '../client/index.js';

/** Fewer percentiles tell as much. */
const spare = ['p95', 'p90', 'bytes', 'p999', 'messages'];
const columns = [
  { key: 'actor', title: 'Actor' },
  ...[
    ...[
      ['messages', 'Messages'],
      ['bytes', 'Bytes'],
      ['msgs_per_s', 'msg/s'],
    ],
    ...[
      ['mb_per_s', 'MB/s'],
      ['avg', 'avg'],
      ['p50', 'p50'],
      ['p90', 'p90'],
      ['p95', 'p95'],
    ],
    ...[
      ['p99', 'p99'],
      ['p999', 'p99.9'],
      ['max', 'max'],
    ],
  ].map(([key = '', title = '']) => ({ key, title, align: 'right' as const })),
];

export default class Bench extends ServerCommand<typeof Bench> {
  static override summary = 'Measure throughput and latency.';
  static override description = [
    'Kinds, with their short names:',
    ...benchKinds.map(
      ({ name, short, about }) => `${name}${short === name ? '' : ` (${short})`}: ${about}`,
    ),
    'With --rate the latency counts from when a request was meant to be sent.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> <%= command.id %> pinned-producer --cluster-up 1 --duration 2s',
    "<%= config.bin %> <%= command.id %> e2e --cluster-up 3 --batches 100 --fail-if 'p99>50ms'",
  ];
  static override resultKind = 'bench';
  static override stopsItself = true;
  static override args = {
    kind: Args.string({ required: true, description: 'What is measured; see below.' }),
  };
  static override flags = {
    producers: Flags.integer({ summary: 'Actors that send (1).', min: 1, max: 10_000 }),
    consumers: Flags.integer({ summary: 'Actors that read (as many).', min: 1, max: 10_000 }),
    streams: Flags.integer({ summary: 'Streams the actors spread over.', min: 1, max: 10_000 }),
    partitions: Flags.integer({ summary: 'Partitions of each topic.', min: 1, max: 1000 }),
    groups: Flags.integer({ summary: 'Consumer groups.', min: 1, max: 1000, default: 1 }),
    'message-size': Flags.string({
      summary: 'Bytes of a message.',
      default: '1000',
      helpValue: 'N|A..B',
    }),
    'messages-per-batch': Flags.integer({ summary: 'Messages of a batch.', min: 1, default: 1000 }),
    batches: Flags.integer({ summary: 'Batches of each actor, instead of a time.', min: 1 }),
    total: Flags.string({
      summary: 'Bytes of all producers, instead of a time.',
      helpValue: 'SIZE',
      exclusive: ['batches'],
    }),
    duration: Flags.string({ summary: 'How long to measure (5s).', helpValue: 'DURATION' }),
    rate: Flags.string({ summary: 'Messages a second of all producers.', helpValue: 'N/s' }),
    warmup: Flags.string({
      summary: 'Time before measuring.',
      default: '0s',
      helpValue: 'DURATION',
    }),
    sampling: Flags.string({
      summary: 'Interval of the time series.',
      default: '1s',
      helpValue: 'DURATION',
    }),
    connections: Flags.integer({
      summary: 'Clients the actors share; one each if absent.',
      min: 1,
    }),
    payload: Flags.string({
      summary: 'random, zero, or a file.',
      default: 'random',
      helpValue: 'FILE',
    }),
    reuse: Flags.boolean({ summary: 'Use the streams of an earlier run; implies --keep.' }),
    keep: Flags.boolean({ summary: 'Leave what was made.' }),
    'cluster-up': Flags.integer({
      summary: 'Start a cluster in memory of so many nodes.',
      min: 1,
      max: 7,
    }),
    baseline: Flags.string({
      summary: 'Compare with an earlier result (its JSON).',
      helpValue: 'FILE',
    }),
    'fail-if': Flags.string({
      summary: 'End with 15 if this is true; repeatable.',
      helpValue: "'p99>5ms'",
      multiple: true,
    }),
    out: Flags.string({ summary: 'Write the result to this folder too.', helpValue: 'DIR' }),
  };

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const plan = planBench(this.args.kind, flags);
    const conditions = (flags['fail-if'] ?? []).map(parseFailIf);
    const baseline = flags.baseline === undefined ? undefined : readBaseline(flags.baseline);
    const { runBench } = await import('../cli/bench/run-bench.js');
    const { benchResult } = await import('../cli/bench/result.js');
    const options = plan.kind.name === 'decode' ? {} : await this.#target();
    const place: BenchPlace = {
      ...{ options, reuse: flags.reuse, keep: flags.keep, signal: this.signal },
      prefix: flags.reuse ? 'bench' : `bench-${randomBytes(3).toString('hex')}`,
    };
    const outcome = await runBench(plan, place);
    const cluster = { servers: options.servers ?? [], own_nodes: flags['cluster-up'] ?? null };
    const result = benchResult(plan, outcome, cluster);
    await this.#show(result);
    if (flags.out !== undefined) await this.#save(result, flags.out);
    if (baseline !== undefined) await this.#compare(result, baseline);
    await this.#judge(result, conditions);
  }

  async #target(): Promise<ClientOptions> {
    const { flags, settings, prompt } = this;
    const nodes = flags['cluster-up'];
    if (nodes !== undefined) {
      const { LocalCluster } = await import('../cluster/index.js');
      const cluster = await LocalCluster.start({ nodes, portBase: 0, ephemeral: true });
      this.onEnd(() => cluster.stop());
      const servers = cluster.readyRecord().nodes.map(({ tcp }) => `127.0.0.1:${tcp}`);
      const credentials = { username: 'iggy', password: 'iggy' };
      return { servers, credentials, heartbeatMillis: 0 };
    }
    const found = await findCredentials({ flags, settings, prompt, useStored: true });
    if (found !== undefined)
      return clientOptions(settings, { credentials: found, retries: flags.retries });
    throw noCredentials(settings, 'iggyctl login, or iggyctl bench … --cluster-up 3');
  }

  async #show(result: BenchResult): Promise<void> {
    if (this.out.isJson) return this.out.object({ kind: 'bench', value: result });
    const { tableRows } = await import('../cli/bench/result.js');
    this.out.list({
      kind: 'bench.actor',
      items: tableRows(result),
      columns,
      spare,
      nameKey: 'actor',
    });
  }

  async #save(result: BenchResult, folder: string): Promise<void> {
    const { toJson } = await import('../render/index.js');
    const time = result.environment.time.replaceAll(':', '').slice(0, 17);
    const path = join(folder, `${result.kind_name}-${time}.json`);
    writePrivateFile(path, `${toJson({ kind: 'bench', v: 1, ...result }, { indent: 2 })}\n`);
    this.notice(`written to ${path}`);
  }

  async #compare(result: BenchResult, baseline: unknown): Promise<void> {
    const { comparison } = await import('../cli/bench/result.js');
    for (const line of comparison(result, baseline)) process.stderr.write(`${line}\n`);
  }

  async #judge(result: BenchResult, conditions: readonly FailIf[]): Promise<void> {
    const { figuresOf } = await import('../cli/bench/result.js');
    const failed = conditions.filter(({ isTrue }) => isTrue(figuresOf(result)));
    for (const { text } of failed) this.warning(`--fail-if ${text} is true`);
    if (failed.length > 0) this.exitWith('checkFailed');
  }
}

/** @throws CliError E_IO, E_USAGE */
function readBaseline(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw ioError('read', `the baseline ${path}`, cause);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CliError('E_USAGE', `--baseline: ${path} is not JSON`, { cause });
  }
}
