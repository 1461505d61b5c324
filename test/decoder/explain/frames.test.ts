// What a frame is said to be: verdicts, names, extensions, the layout of the origin.
import { describe, expect, it } from 'vitest';
import {
  originLogin,
  originReply,
  originRequest,
} from '../../../src/decoder/explain/origin-headers.js';
import { describeFrame, type FieldRow } from '../../../src/decoder/index.js';
import {
  buildFrame,
  type Codec,
  encode,
  METADATA_GROUP,
  Operation,
  Reader,
  sealFrame,
} from '../../../src/wire/index.js';
import { type DecodeSettings, decodeAll } from '../../helpers/decoded.js';
import * as frames from '../../helpers/sample-frames.js';

const { fields: _, ...rest } = originReply();

function rowsOf(bytes: Uint8Array, settings: DecodeSettings = {}): Record<string, FieldRow> {
  let rows: readonly FieldRow[] = [];
  decodeAll(bytes, {
    ...settings,
    onFrame: (view) => {
      rows = describeFrame(view);
    },
  });
  return Object.fromEntries(rows.map((row) => [row.path, row]));
}

describe('verdicts', () => {
  it('06-S43 show what a broken seal should have been', () => {
    const frame = Uint8Array.from(frames.commitFrame(3n));
    frame[150] = 1;
    const { frames: found, counts } = decodeAll(frame);
    expect(found[0]?.checks).toMatchObject({ frame: 'mismatch', reserved: 'ok' });
    const mismatches = found[0]?.checks['mismatches'] ?? [];
    const [mismatch] = mismatches as { expected: string; found: string }[];
    expect(mismatch?.expected).toMatch(/^0x[0-9a-f]{32}$/);
    expect(mismatch?.found).toBe(
      `0x${Buffer.from(frame.subarray(0, 16)).reverse().toString('hex')}`,
    );
    expect(counts.malformed).toBe(1);
    expect(rowsOf(frame)['checksum']).toMatchObject({
      meaning: `MISMATCH expected 0x${mismatch?.expected.slice(-16) ?? ''}`,
      state: 'bad',
    });
    expect(decodeAll(frame, { verify: false }).frames[0]?.problems).toEqual([]);
  });

  it('tell seals, identities, stamps and their absence apart', () => {
    expect(decodeAll(frames.prepareFrame(3n)).frames[0]?.checks).toMatchObject({
      ...{ frame: 'ok', body: 'ok', reserved: 'ok' },
    });
    expect(decodeAll(frames.createStream('a')).frames[0]?.checks).toMatchObject({
      ...{ frame: 'unsealed', body: 'ok' },
    });
    expect(decodeAll(frames.getStream(1)).frames[0]?.checks).toMatchObject({ body: 'unsealed' });
    const wrong = Uint8Array.from(frames.createStream('abc'));
    wrong[258] = 0x7a;
    expect(decodeAll(wrong).frames[0]).toMatchObject({
      checks: { body: 'mismatch' },
      problems: ['the body checksum does not match'],
    });
  });

  it('name the rule that a header breaks', () => {
    const body = new Uint8Array(0);
    const bad = frames.request(Operation.Register, body, { session: 1n, request: 0n });
    expect(decodeAll(bad).frames[0]?.problems[0]).toBe(
      'InvalidField: a Register request must have session 0',
    );
  });

  it('warn about reserved bytes that are not zero', () => {
    const frame = Uint8Array.from(frames.getStream(1));
    frame[210] = 9;
    const [found] = decodeAll(frame).frames;
    expect(found?.warnings).toEqual(['bytes 201..256 (reserved) are not zero']);
    expect(found?.header['reserved']).toMatch(/^0*09/);
    expect(found?.problems).toEqual([]);
  });
});

describe('names', () => {
  it('are given to statuses, results and evictions, and numbers stay when there is none', () => {
    expect(decodeAll(frames.statusReply(40)).frames[0]?.['status']).toEqual({
      ...{ code: 40, name: 'Unauthenticated' },
    });
    expect(decodeAll(frames.statusReply(4099)).frames[0]).toMatchObject({
      status: { code: 4099, name: 'unknown error 4099' },
      warnings: expect.arrayContaining(['status 4099 is no known error code']),
    });
    const refused = frames.metadataReply(Operation.CreateStream, { result: 1012 });
    expect(decodeAll(refused).frames[0]).toMatchObject({
      results: [{ index: 0, result: 1012, name: 'StreamNameAlreadyExists' }],
      body: { count: 1, index: 0, result: 1012 },
    });
    expect(decodeAll(frames.evictionFrame(7)).frames[0]?.['reason']).toEqual({
      ...{ code: 7, name: 'SessionTooLow' },
    });
  });

  it('of operations that do not exist are numbers', () => {
    const frame = Uint8Array.from(frames.getStream(1));
    frame[176] = 250;
    const { frames: found } = decodeAll(frame, { framing: 'vsr' });
    expect(found[0]?.operation).toMatchObject({ code: 250, name: 'unknown(250)' });
    expect(found[0]?.problems.join()).toContain('Operation has no value 250');
  });
});

describe('extensions', () => {
  it('of a commit are labelled, and are no warning', () => {
    const zero = rowsOf(frames.commitFrame(2n));
    expect(zero['commit_checksum']?.meaning).toBe('not given');
    const header = { group: METADATA_GROUP, commit: 4n, commitChecksum: 99n, groupIncarnation: 5n };
    const ours = buildFrame('Commit', { ...header, timestampMonotonic: 1n });
    expect(rowsOf(ours)['commit_checksum']?.meaning).toContain('extension');
    expect(rowsOf(ours)['group_incarnation']?.state).toBe('extension');
    expect(decodeAll(ours).frames[0]?.warnings).toEqual([]);
  });

  it('of votes and announcements tell where the offsets of a lost log go on', () => {
    for (const kind of ['DoViewChange', 'StartView'] as const) {
      const header = { group: 5n, op: 0n, commit: 0n };
      expect(rowsOf(buildFrame(kind, header))['offset_floor']?.meaning).toBe('zero');
      const ours = buildFrame(kind, { ...header, offsetFloor: 65_536n });
      const row = rowsOf(ours)['offset_floor'];
      expect(row).toMatchObject({ offset: 216, state: 'extension' });
      expect(decodeAll(ours).frames[0]?.warnings).toEqual([]);
    }
  });

  it('of a commit are compared with the prepare that they name', () => {
    const prepare = frames.prepareFrame(4n);
    const identity = Buffer.from(prepare.subarray(0, 8)).readBigUInt64LE();
    const commit = (commitChecksum: bigint) =>
      buildFrame('Commit', {
        ...{ group: METADATA_GROUP, commit: 4n, timestampMonotonic: 1n, commitChecksum },
      });
    const all = decodeAll(frames.joined([commit(identity), prepare, commit(identity), commit(5n)]));
    expect(all.frames.map((frame) => frame.checks['commit'])).toEqual([
      ...['none', 'none', 'ok', 'mismatch'],
    ]);
    expect(all.frames[3]?.warnings).toEqual([
      'commit_checksum is not the identity of the prepare at commit',
    ]);
  });

  it('say what their numbers are made of', () => {
    const incarnation = (0xabcn << 64n) | (1n << 63n) | 5n;
    const probe = buildFrame('RequestStartView', { group: METADATA_GROUP, incarnation });
    expect(rowsOf(probe)['incarnation']?.parts).toBe('probe 5, boot 0xabc, journal lost');
    const context = (7n << 64n) | 42n;
    const reply = buildFrame('Reply', { client: 1n, operation: Operation.Logout, context });
    expect(rowsOf(reply)['context']?.parts).toBe('watermark 41, origin 7');
  });

  it('make a sealed Pong a heartbeat answer, and leave an unsealed one alone', () => {
    const answer = buildFrame('HeartbeatAnswer', { timestampMonotonic: 9n, commit: 3n });
    expect(decodeAll(answer).frames[0]).toMatchObject({
      header: { timestamp_monotonic: '9', commit: '3' },
      checks: { frame: 'ok' },
    });
    const plain = Uint8Array.from(answer);
    plain.fill(0, 0, 16);
    expect(decodeAll(plain).frames[0]).toMatchObject({ checks: { frame: 'unsealed' } });
    expect(decodeAll(plain).frames[0]?.header).not.toHaveProperty('commit');
    const broken = Uint8Array.from(answer);
    broken[3] = 1;
    expect(decodeAll(broken, { framing: 'vsr' }).frames[0]?.warnings.join()).toMatch(
      /heartbeat answer/,
    );
  });

  it('of a login between nodes are shown when they are used', () => {
    const header = { nonce: 1n, client: 2n, epoch: 3n, watermark: 4n };
    const ours = buildFrame('ForwardRegisterResult', { ...header, origin: 5n });
    expect(rowsOf(ours)['origin']?.meaning).toContain('official nodes refuse');
    expect(decodeAll(ours).frames[0]?.problems).toEqual([]);
  });
});

describe('the layout of the origin', () => {
  function originFrame(
    structure: ReturnType<typeof originReply> | ReturnType<typeof originRequest>,
    fields: Record<string, unknown>,
    body: Uint8Array = new Uint8Array(0),
  ): Uint8Array {
    const zero = structure.read(new Reader(new Uint8Array(256)));
    const value = { ...zero, size: 256 + body.length, ...fields };
    return Buffer.concat([encode(structure as Codec<unknown>, value), body]);
  }

  it('06-S73 shows the namespace, and is hinted at without its flag', () => {
    const fields = { command: 8, op: 7n, commit: 7n, request: 3n, operation: 128 };
    const frame = originFrame(originReply(), { ...fields, namespace: 0x0000_0001_0020_0003n });
    const [today] = decodeAll(frame).frames;
    expect(today?.warnings.join('; ')).toContain('--layout origin');
    expect(today?.warnings.join('; ')).toContain('is no known error code');
    const [origin] = decodeAll(frame, { layout: 'origin' }).frames;
    expect(origin).toMatchObject({ header: { namespace: '4297064451' }, warnings: [] });
    expect(rowsOf(frame, { layout: 'origin' })['namespace']?.meaning).toBe('partition 1/2/3');
  });

  it('has the session behind the namespace, and its own login body', () => {
    const login = encode(originLogin(), {
      client_id: 5n,
      username: 'iggy',
      password: 'hidden-word',
      version: '0.10.0',
      context: null,
    });
    const frame = originFrame(originRequest(), { command: 5, client: 5n, operation: 1 }, login);
    const [found] = decodeAll(frame, { layout: 'origin' }).frames;
    expect(found).toMatchObject({
      body: { username: 'iggy', password: '********', version: '0.10.0' },
      problems: [],
    });
    expect(found?.body_hex).not.toContain(Buffer.from('hidden-word').toString('hex'));

    const numbers = { command: 5, client: 5n, operation: 128, request: 2n, session: 9n };
    const create = originFrame(originRequest(), numbers, Buffer.from([1, 0x61]));
    expect(decodeAll(create).frames[0]?.warnings.join()).toContain('--layout origin');
    expect(decodeAll(create, { layout: 'origin' }).frames[0]).toMatchObject({
      header: { session: '9', namespace: '0' },
      body: { name: 'a' },
      problems: [],
    });
  });

  it('knows control frames without a seal', () => {
    const frame = Uint8Array.from(frames.commitFrame(1n));
    frame.fill(0, 0, 16);
    expect(decodeAll(frame).frames[0]?.warnings.join()).toContain('--layout origin');
    expect(decodeAll(frame, { layout: 'origin' }).frames[0]?.problems).toEqual([]);
    sealFrame(frame);
    expect(decodeAll(frame).frames[0]?.problems).toEqual([]);
    expect(rest).toBeDefined();
  });
});
