import { arch, platform } from 'node:os';
import { commit } from '../cli/run/build-facts.js';
import { ServerCommand } from '../cli/server-command.js';
import { version } from '../version.js';
import { formatVersion, protocolVersion } from '../wire/packed-version.js';

export default class Version extends ServerCommand<typeof Version> {
  static override summary = 'Show the version of iggyctl, of Node.js and of the protocol.';
  static override description =
    'With --server also that of the server, which tells it at login: of the chosen context with ' +
    '--server alone, else of the one that is named.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --server --json',
  ];
  static override resultKind = 'version';
  static override usesSettings = false;

  #isServerWanted = false;

  protected override async init(): Promise<void> {
    this.#isServerWanted = this.argv.some((word) => /^(-s.*|--server(=.*)?)$/.test(word));
    this.argv = withoutBareServer(this.argv);
    await super.init();
  }

  protected override async execute(): Promise<void> {
    const server = this.#isServerWanted ? await this.#server() : null;
    const value = {
      tool: version,
      commit: commit(),
      node: process.version,
      platform: `${platform()}-${arch()}`,
      protocol_version: formatVersion(protocolVersion),
      server,
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
        ...(server === null
          ? []
          : [
              { label: 'Server', value: server.version },
              { label: 'Server protocol', value: server.protocol_version },
            ]),
      ],
    });
  }

  async #server() {
    const { serverVersion, serverProtocolVersion } = (await this.client()).session;
    const protocol =
      serverProtocolVersion === undefined ? '' : formatVersion(serverProtocolVersion);
    return { version: serverVersion ?? '', protocol_version: protocol };
  }
}

/** `--server` without a value means the server that would be talked to anyway. */
function withoutBareServer(argv: readonly string[]): string[] {
  return argv.filter((word, at) => {
    const next = argv[at + 1];
    return word !== '--server' || (next !== undefined && !next.startsWith('-'));
  });
}
