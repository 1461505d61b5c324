import type { Command } from '@oclif/core';
import { Flags } from '@oclif/core';
import type { IggyClient } from '../../client/index.js';
import type { Column, Row } from '../../render/index.js';
import { envValue } from '../config/places.js';
import { reportOf } from '../output/report-error.js';
import type { Fields, ListColumn } from '../output/result.js';
import { ServerCommand } from '../server-command.js';
import {
  type ActionRecord,
  calling,
  nodeActionColumns,
  ruleColumns,
  ruleRow,
  withoutPrimary,
} from './actions.js';
import {
  checkClusterName,
  clusterVariable,
  defaultClusterName,
  type OpenCluster,
  withLocalCluster,
} from './local-clusters.js';
import { chooseNodes, type NodeChoice } from './nodes.js';
import { remoteStatus, saysUndecided, statusOfServers } from './remote-status.js';
import { type HealthRules, type StatusRecord, statusOfControl } from './status-record.js';
import { healthLine, statusColumnsFor, statusRow } from './status-tables.js';

/** The flag that names a local cluster. */
export const localFlag = {
  local: Flags.string({
    summary: 'Local cluster to act on; that of the active context, or dev.',
    helpValue: 'NAME',
  }),
};

/** What commands on local clusters share. */
export abstract class ClusterCommand<
  T extends typeof Command = typeof Command,
> extends ServerCommand<T> {
  /** The cluster that was named, the one this process runs in, that of the context, or `dev`. */
  protected clusterName(named?: string): string {
    const { local_cluster: ofContext } = this.settings.context;
    const flag: unknown = (this.flags as Readonly<Record<string, unknown>>)['local'];
    const around = envValue(this.settings.env, clusterVariable);
    if (named !== undefined) return checkClusterName(named);
    if (typeof flag === 'string') return checkClusterName(flag);
    if (around !== undefined) return checkClusterName(around);
    return typeof ofContext === 'string' ? checkClusterName(ofContext) : defaultClusterName;
  }

  /** Runs `use` with a connection to the cluster. @throws CliError E_NOT_FOUND */
  protected withCluster<R>(use: (open: OpenCluster) => Promise<R>, named?: string): Promise<R> {
    return withLocalCluster(this.settings.places, this.clusterName(named), use);
  }

  /** True when a server is meant and not a local cluster. */
  protected isRemote(named?: string): boolean {
    const { server, node } = this.flags as Readonly<Record<string, unknown>>;
    const { context, contextName, env } = this.settings;
    if (named !== undefined || this.flags['local'] !== undefined) return false;
    if (server !== undefined || node !== undefined) return true;
    if (envValue(env, clusterVariable) !== undefined) return false;
    if (this.settings.namesServer) return true;
    return contextName.value !== 'default' && context['local_cluster'] === undefined;
  }

  /** Looks at the cluster that the flags and settings mean, again and again if need be. */
  protected withStatus<R>(
    rules: HealthRules,
    use: (look: () => Promise<StatusRecord>) => Promise<R>,
    named?: string,
  ): Promise<R> {
    if (!this.isRemote(named)) {
      return this.withCluster((open) => use(() => this.statusOf(open, rules)), named);
    }
    const open = (server: string) =>
      this.openClient({ login: false, servers: [server], followLeader: false });
    let client: IggyClient | undefined;
    return use(async () => {
      try {
        client ??= await this.openClient();
        return await remoteStatus(client, open, rules);
      } catch (error) {
        if (!saysUndecided(error)) throw error;
        this.detail(reportOf(error).message);
        return statusOfServers(this.settings.servers, open, rules);
      }
    });
  }

  /** Asks a cluster how it is. */
  protected async statusOf({ control }: OpenCluster, rules?: HealthRules): Promise<StatusRecord> {
    const start = performance.now();
    const answer = await calling(() => control.call('status'));
    const rtt = Math.round((performance.now() - start) * 1000);
    return statusOfControl(answer, rules, rtt);
  }

  /** The nodes that the arguments and flags name. */
  protected async nodesOf(open: OpenCluster, choice: NodeChoice): Promise<readonly number[]> {
    return chooseNodes(choice, await this.statusOf(open));
  }

  protected printStatus(status: StatusRecord): void {
    if (this.out.isJson || this.out.options.quiet) {
      this.out.object({ kind: status.kind, value: status, name: healthWord(status) });
      return;
    }
    this.out.list({
      kind: 'cluster.node',
      items: status.nodes,
      columns: listColumns(this.#statusColumns(status), statusRow),
      nameKey: 'id',
    });
    if (!status.healthy) this.notice(healthLine(status));
  }

  /** All columns unless the table would not fit the terminal. */
  #statusColumns({ nodes }: StatusRecord): readonly Column[] {
    const { format, width, columns } = this.out.options;
    const isFitted = format === 'table' && columns === undefined;
    return statusColumnsFor(nodes, isFitted ? width : 0);
  }

  /** Prints what happened to nodes. */
  protected printAction(record: ActionRecord): void {
    if (this.out.isJson) this.out.object({ kind: record.kind, value: record });
    else if (!this.out.options.quiet) {
      const { nodes, view, primary } = record;
      const items = nodes.map((node) => ({ ...node, view, primary }));
      this.out.list({
        kind: record.kind,
        items,
        columns: listColumns(
          primary === null ? withoutPrimary : nodeActionColumns,
          ({ id, was, now }: ActionRecord['nodes'][number]) => ({
            ...{ id, was, now, view, primary },
          }),
        ),
      });
    }
  }

  /** Prints the link rules that are in force, or those that were removed. */
  protected printRules(record: ActionRecord, isRemoved = false): void {
    if (this.out.isJson) this.out.object({ kind: record.kind, value: record });
    else if (!this.out.options.quiet) {
      this.out.list({
        kind: record.kind,
        items: record.rules,
        columns: listColumns(ruleColumns, (rule: ActionRecord['rules'][number]) => ({
          ...ruleRow(rule),
          ...(isRemoved ? { state: 'removed' } : {}),
        })),
      });
    }
  }
}

/** Columns of a table as columns of a list. */
export function listColumns<T extends Fields>(
  columns: readonly Column[],
  rowOf: (item: T) => Row,
): readonly ListColumn<T>[] {
  return columns.map(({ key, title, align }) => ({
    key,
    title,
    cell: (item: T) => rowOf(item)[key],
    ...(align !== undefined && { align }),
  }));
}

function healthWord({ healthy }: StatusRecord): string {
  return healthy ? 'healthy' : 'unhealthy';
}
