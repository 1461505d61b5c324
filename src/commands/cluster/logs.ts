import { Args, Flags } from '@oclif/core';
import { CliError } from '../../cli/cli-error.js';
import { ClusterCommand, listColumns, localFlag } from '../../cli/cluster/cluster-command.js';
import { type EventRecord, eventRecord } from '../../cli/cluster/event-record.js';
import { findLocalCluster } from '../../cli/cluster/local-clusters.js';
import {
  eventsOfFile,
  logColumns,
  logLevels,
  logLine,
  logRow,
  matcherOf,
  recordsOf,
} from '../../cli/cluster/logs.js';
import { nodeNumber } from '../../cli/cluster/nodes.js';
import { sinceMicros } from '../../cli/cluster/since.js';
import { watchReader } from '../../cli/output/reader-watch.js';
import type { Json } from '../../cluster/index.js';

const maxNodes = 7;

export default class ClusterLogs extends ClusterCommand<typeof ClusterLogs> {
  static override summary = 'Show what happened in a local cluster.';
  static override description =
    'Elections and their reasons, nodes that stopped, faults. With --level debug also every step ' +
    'of consensus: from the moment of the call, or all of them if the cluster was started with -v. ' +
    'A cluster that died is read from its log file.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --tail 20',
    '<%= config.bin %> <%= command.id %> 1 --grep view --json',
  ];
  static override args = {
    node: Args.string({ description: 'Only events of this node.' }),
  };
  static override flags = {
    ...localFlag,
    follow: Flags.boolean({ char: 'f', summary: 'Wait for more events.' }),
    since: Flags.string({
      summary: 'Only events from this time on, or from so long ago.',
      helpValue: 'TIME|DURATION',
    }),
    level: Flags.string({ summary: 'Lowest level.', options: [...logLevels], default: 'info' }),
    grep: Flags.string({ summary: 'Only events that match.', helpValue: 'REGEX' }),
    plane: Flags.string({ summary: 'Only this plane.', options: ['metadata', 'partitions'] }),
    tail: Flags.integer({ summary: 'Only the last ones.', min: 0, helpValue: 'N' }),
  };
  static override resultKind = 'cluster.event';

  protected override async execute(): Promise<void> {
    const { follow, since, level, grep, plane } = this.flags;
    const found = findLocalCluster(this.settings.places, this.clusterName());
    const count = found.ready?.nodes.length ?? maxNodes;
    const matches = matcherOf({
      node: this.args.node === undefined ? undefined : nodeNumber(this.args.node, count),
      sinceMicros: since === undefined ? undefined : sinceMicros(since, Date.now()),
      ...{ level, grep, plane },
    });
    if (found.state !== 'ready') {
      if (follow)
        throw new CliError('E_NOT_FOUND', `${found.name} does not run: nothing to follow`);
      this.#print(recordsOf(eventsOfFile(found), matches));
      return;
    }
    await this.withCluster(async ({ control }) => {
      if (level === 'debug') {
        await control.call('tracing', { on: true });
        this.onEnd(() => void control.call('tracing', { on: false }).catch(() => undefined));
      }
      const events = await control.events();
      if (follow) await this.#follow(control, events, matches);
      else this.#print(recordsOf(events, matches));
    });
  }

  async #follow(
    control: { follow(since: number, event: (event: Json) => void): Promise<void> },
    past: readonly Json[],
    matches: (record: EventRecord) => boolean,
  ): Promise<void> {
    for (const record of this.#tail(recordsOf(past, matches))) this.#printOne(record);
    const last = past.at(-1);
    const since = typeof last === 'object' && last !== null && 'sequence' in last ? last : {};
    const { sequence = 0 } = since as { sequence?: number };
    if (this.out.isJson) this.onEnd(watchReader(process.stdout));
    await Promise.race([
      control.follow(sequence, (event) => {
        const record = eventRecord(event);
        if (matches(record)) this.#printOne(record);
      }),
      new Promise<void>((resolve) => this.signal.addEventListener('abort', () => resolve())),
    ]);
  }

  #tail(records: readonly EventRecord[]): readonly EventRecord[] {
    const { tail } = this.flags;
    return tail === undefined
      ? records
      : records.slice(records.length - Math.min(tail, records.length));
  }

  #printOne(record: EventRecord): void {
    this.out.event(record.kind, record, logLine(record));
  }

  #print(records: readonly EventRecord[]): void {
    const shown = this.#tail(records);
    if (this.out.isJson) for (const record of shown) this.#printOne(record);
    else {
      this.out.list({
        kind: 'cluster.event',
        items: shown,
        columns: listColumns(logColumns, logRow),
        nameKey: 'event',
        empty: 'no events',
      });
    }
  }
}
