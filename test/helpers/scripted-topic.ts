import { ok, op, reply, result, type ScriptedRequest, status } from './scripted-frames.js';
import { answerWell, type Script } from './scripted-server.js';

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};

/** A server with one topic, "s"/"t" or by any other name, in memory, spoken by hand. */
export class ScriptedTopic {
  /** Batches by partition, as they were sent. */
  readonly partitions: {
    readonly batch: Buffer;
    readonly base: number;
    readonly count: number;
  }[][];
  readonly stored = new Map<number, number>();
  readonly polls: { readonly partition: number; readonly kind: number; readonly value: number }[] =
    [];
  topicReads = 0;
  member = false;
  groupExists = true;
  assignment: readonly number[];
  generation = 1;

  constructor(count: number) {
    this.partitions = Array.from({ length: count }, () => []);
    this.assignment = this.partitions.map((_, id) => id);
  }

  readonly script: Script = (request) => {
    if (request.operation === op.sendMessages) return this.#send(request);
    if (request.operation === op.createTopic) {
      return ok(request, this.#describe(), { operation: op.createTopicWithAssignments });
    }
    if (request.operation === 161) {
      const at = request.body.length - 9;
      const partition = request.body.readUInt32LE(at - 4);
      this.stored.set(partition, Number(request.body.readBigUInt64LE(at)));
      return result(request, 0, {});
    }
    if (request.operation === 148) {
      if (!this.groupExists) return result(request, 5000);
      this.member = true;
    }
    if (request.operation === 149) this.member = false;
    if (request.operation === 139) this.groupExists = true;
    if (request.operation === 139) {
      const payload = Buffer.concat([u32(0), u32(1), u32(0), Buffer.from('\x01g')]);
      return reply(request, { body: Buffer.concat([u32(0), payload]) });
    }
    switch (request.operation === 2 ? request.code : 0) {
      case 300:
        this.topicReads += 1;
        return reply(request, { body: this.#describe() });
      case 100:
        return this.#poll(request);
      case 600:
        return reply(request);
      case 606:
        return this.member
          ? reply(request, {
              body: Buffer.concat([
                u64(this.generation),
                u32(this.assignment.length),
                ...this.assignment.map(u32),
              ]),
            })
          : reply(request);
      default:
        return answerWell(request);
    }
  };

  get sizes(): number[] {
    return this.partitions.map((batches) => batches.reduce((sum, { count }) => sum + count, 0));
  }

  #describe(): Buffer {
    const records = this.partitions.map((_, id) => Buffer.concat([u32(id), Buffer.alloc(36)]));
    const head = Buffer.concat([
      u32(1),
      u64(0),
      u32(this.partitions.length),
      u64(0),
      Buffer.from([1]),
      Buffer.alloc(24),
      Buffer.from('\x01t'),
      u32(0),
      u32(0),
    ]);
    return Buffer.concat([head, ...records]);
  }

  #send(request: ScriptedRequest): Buffer {
    const size = request.body.readUInt32LE(0);
    const routing = request.body.subarray(4, 4 + size);
    // The last fields: partitioning kind, length, partition id, count of messages.
    if (routing.readUInt8(size - 10) !== 2) throw new Error('no partition was chosen');
    const partition = routing.readUInt32LE(size - 8);
    const batch = Buffer.from(request.body.subarray(4 + size));
    const batches = this.partitions[partition];
    if (batches === undefined) return status(request, 20);
    const base = this.sizes[partition] ?? 0;
    batch.writeBigUInt64LE(BigInt(partition), 0);
    batch.writeBigUInt64LE(BigInt(base), 8);
    batches.push({ batch, base, count: batch.readUInt32LE(48) });
    return reply(request, {
      body: Buffer.concat([u32(1), u32(1), u32(1), u32(partition), u64(base)]),
    });
  }

  #poll(request: ScriptedRequest): Buffer {
    const at = request.body.length - 19;
    const [partition, kind] = [request.body.readUInt32LE(at + 1), request.body.readUInt8(at + 5)];
    const value = Number(request.body.readBigUInt64LE(at + 6));
    this.polls.push({ partition, kind, value });
    const isGroup = request.body.readUInt8(0) === 2;
    if (isGroup && !(this.member && this.assignment.includes(partition))) {
      return reply(request, { body: Buffer.concat([u32(0xffff_ffff), u64(0), u32(0)]) });
    }
    const from = kind === 1 ? value : kind === 5 ? (this.stored.get(partition) ?? -1) + 1 : 0;
    const batches = (this.partitions[partition] ?? []).filter(({ base }) => base >= from);
    const count = batches.reduce((sum, each) => sum + each.count, 0);
    const end = Math.max(0, (this.sizes[partition] ?? 0) - 1);
    if (request.body.readUInt8(at + 18) === 1 && count > 0) this.stored.set(partition, end);
    const body = Buffer.concat([
      u32(partition),
      u64(end),
      u32(count),
      ...batches.map((each) => each.batch),
    ]);
    return reply(request, { body });
  }
}
