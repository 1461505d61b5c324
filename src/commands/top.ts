import { setTimeout as sleep } from 'node:timers/promises';
import { Flags } from '@oclif/core';
import { usageError } from '../cli/cli-error.js';
import { reportOf } from '../cli/output/report-error.js';
import { ServerCommand } from '../cli/server-command.js';
import { Screen } from '../cli/top/screen.js';
import { lookAt, type TopLook } from '../cli/top/top-source.js';
import { topView } from '../cli/top/top-view.js';
import { parseDuration } from '../cli/values.js';
import type { IggyClient } from '../client/index.js';

export default class Top extends ServerCommand<typeof Top> {
  static override summary = 'Watch a node: figures, roster and streams with their rates.';
  static override description = 'On a terminal until q is pressed; elsewhere with --once only.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --once',
    '<%= config.bin %> <%= command.id %> --once --json',
  ];
  static override resultKind = 'top';
  static override stopsItself = true;
  static override flags = {
    interval: Flags.string({ char: 'i', summary: 'Pause between two looks.', default: '1s' }),
    once: Flags.boolean({ summary: 'Print one look and end.' }),
  };

  protected override async execute(): Promise<void> {
    const millis = parseDuration(this.flags.interval, '--interval') / 1000;
    const isScreen = process.stdin.isTTY && this.out.isTerminal && !this.out.isJson;
    if (!this.flags.once && !isScreen) {
      throw usageError('top needs a terminal', 'iggyctl top --once, or iggyctl stats --watch');
    }
    const client = await this.client();
    if (this.flags.once) this.#print(await lookAt(client, this.signal));
    else await this.#watch(client, millis);
  }

  #print(look: TopLook): void {
    const { width, style } = this.out.options;
    const { atMillis: _at, runTimeMicros, memory, messages, clients, ...rest } = look;
    this.out.object({
      kind: 'top',
      value: {
        ...{ node: rest.node, server_version: rest.version, hostname: rest.hostname },
        ...{ cpu_usage: rest.cpu, memory_bytes: memory, run_time_us: runTimeMicros },
        ...{ clients_count: clients, messages_count: messages },
        ...{ nodes: rest.nodes, streams: rest.streams },
      },
      text: topView(look, undefined, { columns: width, rows: 0 }, style).join('\n'),
    });
  }

  async #watch(client: IggyClient, millis: number): Promise<void> {
    const { style } = this.out.options;
    const ended = new AbortController();
    const either = AbortSignal.any([this.signal, ended.signal]);
    let [now, before]: (TopLook | undefined)[] = [];
    let problem = 'looking …';
    const lines = (size: { columns: number; rows: number }) => {
      const view =
        now === undefined ? [] : topView(now, before, { ...size, rows: size.rows - 2 }, style);
      const bottom = problem === '' ? style('dim', 'q quit') : style('warn', problem);
      return [...view, '', bottom];
    };
    const screen = new Screen({ input: process.stdin, output: process.stdout }, lines, () =>
      ended.abort(),
    );
    this.onEnd(() => screen.close());
    while (!either.aborted) {
      screen.draw();
      try {
        const look = await lookAt(client, either);
        [before, now] = [now, look];
        problem = '';
      } catch (error) {
        // The server may come back; until then the last figures stay.
        problem = reportOf(error).message;
      }
      screen.draw();
      await sleep(millis, undefined, { signal: either }).catch(() => undefined);
    }
    screen.close();
  }
}
