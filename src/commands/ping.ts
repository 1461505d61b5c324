import { setTimeout as sleep } from 'node:timers/promises';
import { Flags } from '@oclif/core';
import { reportOf } from '../cli/output/report-error.js';
import { StreamTable } from '../cli/output/stream-table.js';
import {
  type PingSample,
  pingStatistics,
  sampleText,
  summaryText,
} from '../cli/ping-statistics.js';
import { ServerCommand } from '../cli/server-command.js';
import { parseDuration } from '../cli/values.js';
import type { IggyClient } from '../client/index.js';
import { commands } from '../wire/index.js';

const columns = [
  { title: 'Seq', width: 3, align: 'right' as const },
  { title: 'Node', width: 21 },
  { title: 'RTT', width: 9 },
];

export default class Ping extends ServerCommand<typeof Ping> {
  static override summary = 'Measure the way to a node and back; needs no login.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --count 3 --interval 100ms --all-nodes',
  ];
  static override resultKind = 'ping';
  static override stopsItself = true;
  static override flags = {
    count: Flags.integer({
      char: 'c',
      summary: 'How often; 0 = until Ctrl-C.',
      default: 1,
      min: 0,
    }),
    interval: Flags.string({ char: 'i', summary: 'Pause between two pings.', default: '1s' }),
    size: Flags.integer({
      summary: 'Bytes of body to send along.',
      default: 0,
      min: 0,
      max: 1 << 20,
    }),
    'all-nodes': Flags.boolean({ summary: 'Ping every server of the seed list.' }),
  };

  protected override async execute(): Promise<void> {
    const pause = parseDuration(this.flags.interval, '--interval') / 1000;
    const targets = await this.#targets();
    const samples: PingSample[] = [];
    const { count } = this.flags;
    const { format, quiet } = this.out.options;
    const isTable = !quiet && (format === 'table' || format === 'wide');
    const table = new StreamTable(columns, this.out.options);
    const isOver = () => this.signal.aborted;
    for (let seq = 1; (count === 0 || seq <= count) && !isOver(); seq++) {
      for (const target of targets) {
        const sample = await this.#ping(seq, target);
        // One that an interrupt cut off says nothing about the server.
        if (isOver() && !sample.ok) break;
        samples.push(sample);
        if (isTable) this.out.raw(table.row([seq, sample.node, sampleText(sample)]));
      }
      if (seq === count) break;
      await sleep(pause, undefined, { signal: this.signal }).catch(() => undefined);
    }
    this.#sum(samples, isTable);
  }

  /** Everything at once for programs; for people the summary, which an interrupt sends to stderr. */
  #sum(samples: readonly PingSample[], isTable: boolean): void {
    const statistics = pingStatistics(samples);
    const summary = `\n${summaryText(statistics)}\n`;
    if (!isTable) this.out.object({ kind: 'ping', value: statistics });
    else if (this.signal.aborted) process.stderr.write(summary);
    else this.out.raw(summary);
    if (this.signal.aborted || statistics.received === statistics.sent) return;
    this.exitWith(this.flags['all-nodes'] ? 'unhealthy' : 'unreachable');
  }

  /** One client per server; a single one that cannot be reached ends the command. */
  async #targets() {
    if (!this.flags['all-nodes']) {
      const client = await this.client({ login: false });
      return [{ node: nodeOf(client), client }];
    }
    return await Promise.all(
      this.settings.servers.map(async (node) => {
        try {
          const client = await this.openClient({ login: false, servers: [node] });
          return { node, client };
        } catch (error) {
          return { node, client: undefined, error: reportOf(error).message };
        }
      }),
    );
  }

  async #ping(
    seq: number,
    target: { node: string; client: IggyClient | undefined; error?: string },
  ): Promise<PingSample> {
    const { node, client, error = '' } = target;
    if (client === undefined) return { seq, node, rtt_us: null, ok: false, error };
    const started = performance.now();
    try {
      const { size } = this.flags;
      if (size === 0) await client.ping({ signal: this.signal });
      else await client.request(commands.ping.code, new Uint8Array(size), { signal: this.signal });
      const rtt = Math.round((performance.now() - started) * 1000);
      return { seq, node, rtt_us: rtt, ok: true, error: null };
    } catch (problem) {
      return { seq, node, rtt_us: null, ok: false, error: reportOf(problem).message };
    }
  }
}

function nodeOf(client: IggyClient): string {
  const { endpoint } = client.session;
  return endpoint === undefined ? '' : `${endpoint.host}:${endpoint.port}`;
}
