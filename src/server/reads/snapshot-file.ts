import { commands, frameSizeMax, headerSize } from '../../wire/index.js';
import { abandon, denyRead, replyRead } from '../core/answer.js';
import type { Core } from '../core/core.js';
import { decodeBody } from '../core/decode-body.js';
import type { Done } from '../core/done.js';
import type { Request } from '../core/request.js';
import { requestBody } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';

/** Section code that stands for all sections but the test one. */
const allSections = 100;
const expandedSections = [1, 2, 3, 5, 6] as const;

/** Has the host collect an archive; one collection runs at a time. */
export function beginSnapshot(core: Core, request: Request): Done {
  const asked = decodeBody(commands.get_snapshot, requestBody(request.frame));
  if (asked === undefined) return denyRead(core, request, statusCode.invalidCommand);
  const wanted: readonly number[] = asked.snapshot_types;
  if (wanted.includes(allSections) && wanted.length > 1) {
    return denyRead(core, request, statusCode.invalidCommand);
  }
  if (core.collection !== undefined) return denyRead(core, request, statusCode.snapshotFailed);
  const job = core.nextToken();
  core.collection = { job, request };
  const sections = wanted.includes(allSections) ? expandedSections : [...new Set(wanted)];
  const { compression } = asked;
  core.out.push({ kind: 'collect-snapshot', job, request: { compression, sections } });
}

/** The archive is there, or could not be made. */
export function onSnapshotCollected(
  core: Core,
  job: number,
  archive: Uint8Array | undefined,
): Done {
  const { collection } = core;
  if (collection?.job !== job) return;
  core.collection = undefined;
  const { request } = collection;
  if (request.connection.gone) return abandon(request);
  if (archive === undefined || archive.length + headerSize > frameSizeMax) {
    return denyRead(core, request, statusCode.snapshotFailed);
  }
  replyRead(core, request, archive);
}
