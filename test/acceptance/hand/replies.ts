// Reply payloads by hand.
import { hash64, Reader } from './bytes.js';
import { batchChecksum, globalRights } from './requests.js';

const hex = (bytes: Buffer): string => bytes.toString('hex');

/** Options as `key: kind bytes` in hexadecimal. */
function options(bytes: Buffer): Record<string, string> {
  const reader = new Reader(bytes);
  const pairs = reader.all((r) => {
    r.u8();
    const key = r.text32();
    const kind = r.u8();
    return [key, `${kind} ${hex(r.raw(r.u32()))}`] as const;
  });
  return Object.fromEntries(pairs);
}

const block = (reader: Reader): Record<string, string> => options(reader.raw(reader.u32()));

function streamRecord(r: Reader) {
  return {
    id: r.u32(),
    created: r.u64(),
    topics: r.u32(),
    size: r.count(),
    messages: r.count(),
    name: r.text8(),
    options: block(r),
  };
}

function topicRecord(r: Reader) {
  return {
    id: r.u32(),
    created: r.u64(),
    partitions: r.u32(),
    expiry: r.u64(),
    compression: r.u8(),
    cap: r.u64(),
    size: r.count(),
    messages: r.count(),
    name: r.text8(),
    explicit: block(r),
    derived: block(r),
  };
}

function partitionRecord(r: Reader) {
  return {
    id: r.u32(),
    created: r.u64(),
    segments: r.u32(),
    offset: r.count(),
    size: r.count(),
    messages: r.count(),
  };
}

export const readStreams = (body: Buffer) => new Reader(body).all(streamRecord);
export const readStream = (body: Buffer) => {
  const r = new Reader(body);
  const stream = streamRecord(r);
  return { ...stream, list: r.all(topicRecord) };
};
export const readTopics = (body: Buffer) => {
  const r = new Reader(body);
  const topics = r.times(r.u32(), topicRecord);
  if (!r.isAtEnd) throw new Error('bytes after the topics');
  return topics;
};
export const readTopic = (body: Buffer) => {
  const r = new Reader(body);
  const topic = topicRecord(r);
  return { ...topic, list: r.all(partitionRecord) };
};

const userRecord = (r: Reader) => ({
  id: r.u32(),
  created: r.u64(),
  status: r.u8(),
  name: r.text8(),
  options: block(r),
});
export const readUsers = (body: Buffer) => new Reader(body).all(userRecord);
export const readUser = (body: Buffer) => {
  const r = new Reader(body);
  const user = userRecord(r);
  const isPresent = r.u8() !== 0;
  const permissions = isPresent ? r.raw(r.u32()) : undefined;
  if (!isPresent) r.raw(3);
  if (!r.isAtEnd) throw new Error('bytes after the user');
  return { ...user, permissions };
};
/** Global rights that are set. */
export const rightsOf = (permissions: Buffer | undefined): string[] =>
  globalRights.filter((_, i) => permissions?.[i] === 1);

export const readTokens = (body: Buffer) =>
  new Reader(body).all((r) => ({ name: r.text8(), expiry: r.u64() }));

/** Messages of a poll; checks both levels of checksums. */
export function readPoll(body: Buffer) {
  const r = new Reader(body);
  const partition = r.u32();
  const current = r.count();
  const count = r.u32();
  const batches = r.all((reader) => {
    const header = reader.raw(256);
    const frames: Buffer[] = [];
    const end = reader.at - 256 + Number(header.readBigUInt64LE(32));
    while (reader.at < end) frames.push(readFrame(reader));
    if (header.readBigUInt64LE(40) !== batchChecksum(header, frames)) throw new Error('batch sum');
    const base = Number(header.readBigUInt64LE(8));
    return {
      base,
      time: header.readBigUInt64LE(16),
      count: header.readUInt32LE(48),
      first: frames[0]?.readUInt32LE(24),
      frames,
      offsets: frames.map((frame) => base + frame.readUInt32LE(24)),
    };
  });
  const offsets = batches.flatMap((batch) => batch.offsets);
  if (offsets.length !== count) throw new Error(`${count} announced, ${offsets.length} came`);
  const texts = batches.flatMap(({ frames }) => frames.map((frame) => frame.toString('utf8', 48)));
  return { partition, current, count, batches, offsets, texts };
}

function readFrame(r: Reader): Buffer {
  const length = 48 + r.bytes.readUInt32LE(r.at + 32) + r.bytes.readUInt32LE(r.at + 36);
  const frame = r.raw(length);
  if (frame.readBigUInt64LE() !== hash64(frame.subarray(8))) throw new Error('frame checksum');
  return frame;
}

export const readConfirmations = (body: Buffer) => {
  const r = new Reader(body);
  const list = r.times(r.u32(), (each) => ({
    stream: each.u32(),
    topic: each.u32(),
    partition: each.u32(),
    base: each.count(),
  }));
  if (!r.isAtEnd) throw new Error('bytes after the confirmations');
  return list;
};

/** `undefined` = nothing stored. */
export const readOffset = (body: Buffer) => {
  if (body.length === 0) return undefined;
  const r = new Reader(body);
  return { partition: r.u32(), current: r.count(), stored: r.count() };
};

const groupRecord = (r: Reader) => ({
  id: r.u32(),
  partitions: r.u32(),
  members: r.u32(),
  name: r.text8(),
});
export const readGroup = (body: Buffer) => {
  const r = new Reader(body);
  const group = groupRecord(r);
  const list = r.all((each) => ({ id: each.u32(), owns: each.times(each.u32(), (x) => x.u32()) }));
  return { ...group, list };
};
/** `undefined` = not a member. */
export const readSync = (body: Buffer) => {
  if (body.length === 0) return undefined;
  const r = new Reader(body);
  return { generation: r.count(), partitions: r.times(r.u32(), (each) => each.u32()) };
};

const clientRecord = (r: Reader) => ({
  id: r.u32(),
  user: r.u32(),
  transport: r.u8(),
  address: r.text32(),
  groups: r.u32(),
});
export const readClients = (body: Buffer) => new Reader(body).all(clientRecord);
export const readMe = (body: Buffer) => {
  const r = new Reader(body);
  const me = clientRecord(r);
  const list = r.all((each) => ({ stream: each.u32(), topic: each.u32(), group: each.u32() }));
  return { ...me, list };
};

export const readCluster = (body: Buffer) => {
  const r = new Reader(body);
  const name = r.text32();
  const nodes = r.times(r.u32(), (each) => ({
    name: each.text32(),
    ip: each.text32(),
    ports: each.times(4, (port) => port.u16()),
    role: each.u8(),
    status: each.u8(),
  }));
  if (!r.isAtEnd) throw new Error('bytes after the roster');
  return { name, nodes };
};

export const readOptions = (body: Buffer) => {
  const r = new Reader(body);
  return r.times(r.u32(), (each) => ({
    key: each.text8(),
    kind: each.u8(),
    standard: hex(each.raw(each.u32())),
    description: each.text32(),
  }));
};

export function readStats(body: Buffer) {
  const r = new Reader(body);
  const head = { process: r.u32(), cpu: r.f32(), totalCpu: r.f32() };
  r.raw(7 * 8);
  const size = r.count();
  const counts = { streams: r.u32(), topics: r.u32(), partitions: r.u32(), segments: r.u32() };
  const more = { messages: r.count(), clients: r.u32(), groups: r.u32() };
  const at = r.at;
  const texts = r.times(5, (each) => each.text32());
  const tail = { semver: r.u32(), caches: r.u32(), threads: r.u32(), free: r.u64(), disk: r.u64() };
  if (!r.isAtEnd) throw new Error('bytes after the statistics');
  return { ...head, size, ...counts, ...more, numericBytes: at, texts, ...tail };
}
