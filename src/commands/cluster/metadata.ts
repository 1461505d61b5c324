import { Flags } from '@oclif/core';
import { disagreements, metadataFields } from '../../cli/cluster-metadata.js';
import { listFlags } from '../../cli/flags.js';
import { reportOf } from '../../cli/output/report-error.js';
import { ServerCommand } from '../../cli/server-command.js';

const right = (key: string, title: string) => ({ key, title, align: 'right' as const });
const columns = [
  { key: 'name', title: 'Name' },
  { key: 'ip', title: 'IP' },
  ...[right('tcp', 'TCP'), right('quic', 'QUIC'), right('http', 'HTTP')],
  right('websocket', 'WebSocket'),
  { key: 'role', title: 'Role' },
  { key: 'status', title: 'Status' },
  { key: 'self', title: 'Self' },
];

export default class ClusterMetadata extends ServerCommand<typeof ClusterMetadata> {
  static override summary = 'Show the nodes that a cluster announces, and who leads.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --all-nodes --json',
  ];
  static override resultKind = 'cluster.metadata';
  static override flags = {
    ...listFlags,
    'all-nodes': Flags.boolean({ summary: 'Ask each node and compare what they say.' }),
  };

  protected override async execute(): Promise<void> {
    const client = await this.client();
    const { endpoint } = client.session;
    const self = `${endpoint?.host}:${endpoint?.port}`;
    const seen = metadataFields(await client.system.clusterMetadata(), self);
    const disagreement = this.flags['all-nodes'] ? await this.#compare(seen) : [];
    const rows = seen.nodes.map(({ name, ip, endpoints, role, status, self: isSelf }) => ({
      ...{ name, ip, ...endpoints, role, status, self: isSelf },
    }));
    const { format, quiet } = this.out.options;
    const isTable = !quiet && (format === 'table' || format === 'wide');
    if (this.out.isJson) {
      this.out.object({ kind: 'cluster.metadata', value: { ...seen, disagreement } });
    } else {
      if (isTable) this.out.raw(`Cluster: ${seen.name}\n`);
      this.out.list({ kind: 'cluster.node', items: rows, columns });
      const notes = disagreement.map((each) => `${each.node} says ${each.field} ${each.value}\n`);
      if (isTable) this.out.raw(notes.join(''));
    }
    if (disagreement.length > 0) this.exitWith('unhealthy');
  }

  async #compare(seen: ReturnType<typeof metadataFields>) {
    const found = [];
    for (const { ip, endpoints, name } of seen.nodes) {
      const server = `${ip}:${endpoints.tcp}`;
      try {
        const client = await this.openClient({ servers: [server], followLeader: false });
        const other = metadataFields(await client.system.clusterMetadata(), server);
        found.push(...disagreements(seen, other, name));
      } catch (error) {
        found.push({ node: name, field: 'answer', value: `none: ${reportOf(error).message}` });
      }
    }
    return found;
  }
}
