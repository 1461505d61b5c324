import {
  batchEntriesMax,
  batchFrameBytes,
  batchHeaderSize,
  headerSize,
  indexEntrySize,
  messageHeaderSize,
  offsetFile,
  prepareHeaderBytes,
  suffixMax,
} from '../../wire/index.js';

const row = (name: string, value: number, unit: string, meaning: string) => ({
  ...{ name, value, unit, meaning },
});

/** Sizes and limits that inspections and frames go by. */
export const storageConstants = [
  row('header_size', headerSize, 'bytes', 'header of every consensus frame'),
  row('frame_max', 64 * 1024 * 1024, 'bytes', 'largest frame a client may send or get'),
  row('correlated_header_size', 16, 'bytes', 'header of a correlated frame'),
  row('journal_entry_min', prepareHeaderBytes, 'bytes', 'a log entry without a body'),
  row('journal_entry_max', 64 * 1024 * 1024, 'bytes', 'largest log entry'),
  row('journal_batch_frame', batchFrameBytes, 'bytes', 'frame in front of a batch of entries'),
  row('journal_batch_entries', batchEntriesMax, 'entries', 'entries of a batch at most'),
  row('superblock_overhead', 36, 'bytes', 'header and checksum of a superblock file'),
  row('superblock_payload_official', 66, 'bytes', 'record of an official server'),
  row('superblock_payload_max', 36_864, 'bytes', 'largest record of ours'),
  row('superblock_view_headers', 128, 'headers', 'view headers of a record at most'),
  row('view_change_suffix', suffixMax, 'headers', 'headers in a view-change frame at most'),
  row('snapshot_version', 3, '', 'version of the snapshot payload'),
  row('snapshot_trailer', 20, 'bytes', 'magic and checksum at the end of a snapshot'),
  row('batch_header', batchHeaderSize, 'bytes', 'header of a batch of messages'),
  row('message_header', messageHeaderSize, 'bytes', 'header of a message'),
  row('index_entry', indexEntrySize, 'bytes', 'entry of a segment index'),
  row('offset_file', offsetFile.size, 'bytes', 'stored offset and its checksum'),
  row('reply_ring_entries', 64, 'replies', 'replies kept per session'),
  row('reply_ring_bytes', 256 * 1024, 'bytes', 'bytes of replies kept per session'),
  row('client_table_default', 8192, 'sessions', 'sessions of the client table'),
  row('retired_default', 65_536, 'sessions', 'sessions kept after they were pushed out'),
] as const;
