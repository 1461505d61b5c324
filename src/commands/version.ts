import { arch, platform } from 'node:os';
import { BaseCommand } from '../cli/base-command.js';
import { commit } from '../cli/run/build-facts.js';
import { version } from '../version.js';

export default class Version extends BaseCommand<typeof Version> {
  static override summary = 'Show the version of iggyctl, of Node.js and of the protocol.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override resultKind = 'version';
  static override usesSettings = false;

  protected override async execute(): Promise<void> {
    const { formatVersion, protocolVersion } = await import('../wire/index.js');
    const value = {
      tool: version,
      commit: commit(),
      node: process.version,
      platform: `${platform()}-${arch()}`,
      protocol_version: formatVersion(protocolVersion),
      server: null,
    };
    this.out.object({
      kind: 'version',
      value,
      name: version,
      pairs: [
        { label: 'iggyctl', value: value.tool },
        { label: 'Commit', value: value.commit },
        { label: 'Node.js', value: value.node },
        { label: 'Platform', value: value.platform },
        { label: 'Protocol', value: value.protocol_version },
      ],
    });
  }
}
