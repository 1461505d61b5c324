import { setTimeout as sleep } from 'node:timers/promises';
import { Flags } from '@oclif/core';
import { reportOf } from '../cli/output/report-error.js';
import { type PingSample, pingStatistics, pingText } from '../cli/ping-statistics.js';
import { ServerCommand } from '../cli/server-command.js';
import { parseDuration } from '../cli/values.js';
import type { IggyClient } from '../client/index.js';
import { commands } from '../wire/index.js';

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
    for (let seq = 1; count === 0 || seq <= count; seq++) {
      for (const target of targets) samples.push(await this.#ping(seq, target));
      if (seq === count || this.signal.aborted) break;
      await sleep(pause, undefined, { signal: this.signal }).catch(() => undefined);
    }
    const statistics = pingStatistics(samples);
    this.out.object({ kind: 'ping', value: statistics, text: pingText(samples, statistics) });
    const isPartial = statistics.received < statistics.sent;
    if (isPartial) this.exitWith(this.flags['all-nodes'] ? 'unhealthy' : 'unreachable');
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
