import { createHash } from 'node:crypto';
import { Flags } from '@oclif/core';
import { usageError } from '../cli/cli-error.js';
import { ServerCommand } from '../cli/server-command.js';
import { placeOf, writeArchive } from '../cli/system/archive-file.js';
import { zipNames } from '../cli/system/zip-names.js';
import { humanSize } from '../render/index.js';
import { snapshotCompression, snapshotType } from '../wire/index.js';

const standardTypes = 'filesystem_overview,process_list,resource_usage,server_logs';

export default class Snapshot extends ServerCommand<typeof Snapshot> {
  static override summary = 'Fetch an archive of facts about a node, for support.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --types all --out - > facts.zip',
  ];
  static override resultKind = 'snapshot';
  static override flags = {
    compression: Flags.string({
      summary: 'How the archive is compressed.',
      options: Object.keys(snapshotCompression.table),
      default: 'deflated',
    }),
    types: Flags.string({
      summary: `Sections: ${Object.keys(snapshotType.table).join(', ')}.`,
      default: standardTypes,
      helpValue: 'A,B',
    }),
    out: Flags.string({
      summary: 'File or folder to write to; - = standard output.',
      default: '.',
      helpValue: 'FILE|DIR|-',
    }),
    force: Flags.boolean({ summary: 'Overwrite the file.' }),
  };

  protected override async execute(): Promise<void> {
    const { compression, types, out, force } = this.flags;
    const sections = types.split(',').map((name) => sectionOf(name.trim()));
    // Looked at before the server works for nothing.
    const place = out === '-' ? undefined : placeOf(out, force);
    const client = await this.client();
    const data = await client.system.snapshot(
      { compression: compressionOf(compression), sections },
      { signal: this.signal },
    );
    if (place === undefined) {
      this.out.raw(data);
      return;
    }
    writeArchive(place, data, force);
    const sha256 = createHash('sha256').update(data).digest('hex');
    const entries = zipNames(data);
    this.out.object({
      kind: 'snapshot',
      name: place,
      value: { path: place, size_bytes: BigInt(data.length), entries, sha256 },
      pairs: [
        { label: 'Path', value: place },
        { label: 'Size', value: humanSize(data.length) },
        { label: 'Entries', value: entries.join(', ') },
        { label: 'SHA-256', value: sha256 },
      ],
    });
  }
}

type Section = keyof typeof snapshotType.table;
type Compression = keyof typeof snapshotCompression.table;

function sectionOf(name: string): Section {
  const known = Object.keys(snapshotType.table) as Section[];
  const found = known.find((each) => each === name);
  if (found !== undefined) return found;
  throw usageError(`--types: "${name}" is none of ${known.join(', ')}`);
}

function compressionOf(name: string): Compression {
  const known = Object.keys(snapshotCompression.table) as Compression[];
  return known.find((each) => each === name) ?? 'deflated';
}
