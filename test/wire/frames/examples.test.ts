import { describe, expect, it } from 'vitest';
import { fromHex, setU32, toHex } from '../../../src/base/index.js';
import {
  buildFrame,
  buildPrepare,
  EvictionReason,
  type Frame,
  type FrameKind,
  METADATA_GROUP,
  Operation,
  parseFrame,
  parseFrameAs,
  sealPrepare,
  verifyPrepareBody,
  verifyPrepareIdentity,
  verifySeal,
  verifySuffixBody,
  xxh3,
} from '../../../src/wire/index.js';
import { example, golden } from '../helpers/golden.js';

const cluster = 0x462da7e87bc20e8db8ba2787c805bb21n;
const client = 0x0f0e0d0c0b0a09080706050403020100n;

/** Encodes what was decoded, with the checksums it had. */
function again(frame: Frame): Uint8Array {
  const header = frame.header as Parameters<typeof buildFrame>[1];
  return buildFrame(frame.kind as FrameKind, header, frame.body);
}

describe('worked examples of the protocol', () => {
  it('reads a ping before login', () => {
    const frame = parseFrame(example('ping before login'), 'client');
    expect(frame.header).toMatchObject({
      client,
      operation: Operation.NonReplicated,
      commandCode: 1,
      request: 1n,
      session: 0n,
    });
    expect(frame.body.length).toBe(0);
  });

  it('reads a login and its stamp', () => {
    const frame = parseFrameAs('Request', example('login'));
    expect(frame.header.operation).toBe(Operation.Register);
    expect(frame.header.requestChecksum).toBe(0x8fde203c2a3f8095n);
    expect(xxh3(frame.body)).toBe(0x8fde203c2a3f8095n);
    expect(frame.body.length).toBe(34);
  });

  it('builds the StartViewChange with its seal', () => {
    const built = buildFrame('StartViewChange', {
      cluster,
      view: 3,
      replica: 1,
      group: METADATA_GROUP,
    });
    expect(toHex(built)).toBe(toHex(example('StartViewChange of view 3')));
    expect(parseFrameAs('StartViewChange', built).header.checksum).toBe(0x95f10525a6852225n);
  });

  it('builds the metadata prepare with body checksum and identity', () => {
    const built = buildPrepare(
      {
        cluster,
        view: 3,
        client,
        parent: 0x1111222233334444n,
        requestChecksum: 0x327d5d19644d82d7n,
        op: 7n,
        commit: 6n,
        timestamp: 1700000000000000n,
        request: 1n,
        operation: Operation.CreateStream,
        group: METADATA_GROUP,
        userId: 1,
      },
      fromHex('066f7264657273'),
    );
    expect(toHex(built)).toBe(toHex(example('metadata Prepare of op 7')));
    const { header } = parseFrameAs('Prepare', built);
    expect(header.checksum).toBe(0x29dbdf5401e9ed53n);
    expect(header.checksumBody).toBe(0x327d5d19644d82d7n);
  });

  it('keeps the identity of a prepare when only the view changes', () => {
    const frame = example('metadata Prepare of op 7');
    setU32(frame, 52, 9);
    expect(verifyPrepareIdentity(frame)).toBe('valid');
    frame[208] = Operation.DeleteStream;
    expect(verifyPrepareIdentity(frame)).toBe('mismatch');
    frame.fill(0, 0, 16);
    expect(verifyPrepareIdentity(frame)).toBe('unsealed');
  });

  it('verifies a repaired prepare as the prepare it was', () => {
    const frame = example('metadata Prepare of op 7');
    frame[60] = 19;
    expect(verifyPrepareIdentity(frame)).toBe('valid');
    expect(verifyPrepareBody(frame)).toBe('valid');
    expect(parseFrame(frame, 'replica').kind).toBe('RepairPrepare');
  });

  it('reads the DoViewChange, its seal and the checksum of its suffix', () => {
    const bytes = example('DoViewChange of two entries');
    const { header, body } = parseFrameAs('DoViewChange', bytes);
    expect(header).toMatchObject({
      checksum: 0x3627c336efbfd1d3n,
      checksumBody: 0x63513ac5d5e730fcn,
      view: 4,
      logView: 3,
      op: 7n,
      commit: 6n,
      nackBitset: 0n,
      presentBitset: 3n,
      replica: 2,
    });
    expect(body.length).toBe(512);
    expect(verifySuffixBody(bytes)).toBe(true);
    expect(verifyPrepareIdentity(bytes, 256)).toBe('valid');
    expect(verifyPrepareIdentity(bytes, 512)).toBe('valid');
    expect(toHex(again(parseFrame(bytes, 'replica')))).toBe(toHex(bytes));
  });

  it('reads the eviction for an incompatible protocol', () => {
    const { header } = parseFrameAs('Eviction', example('Eviction for an incompatible protocol'));
    expect(header).toMatchObject({
      client,
      reason: EvictionReason.IncompatibleProtocol,
      serverProtocolVersion: 11264,
      serverProtocolVersionMin: 11264,
    });
  });

  it('re-encodes every example byte for byte', () => {
    for (const [name, plane] of [
      ['ping before login', 'client'],
      ['login', 'client'],
      ['login accepted', 'server'],
      ['login refused for now', 'server'],
      ['StartViewChange of view 3', 'replica'],
      ['metadata Prepare of op 7', 'replica'],
      ['Eviction for an incompatible protocol', 'server'],
    ] as const) {
      const bytes = example(name);
      expect(toHex(again(parseFrame(bytes, plane))), name).toBe(toHex(bytes));
    }
  });
});

describe('frames of the official client', () => {
  interface Captured {
    readonly operation: number;
    readonly code: number;
    readonly request: string;
    readonly session: string;
    readonly size: number;
    readonly hex: string;
  }

  it('decode to what was captured and re-encode byte for byte', () => {
    for (const captured of golden<readonly Captured[]>('frames.json')) {
      const bytes = fromHex(captured.hex);
      const frame = parseFrameAs('Request', bytes);
      expect(frame.header).toMatchObject({
        size: captured.size,
        operation: captured.operation,
        commandCode: captured.code,
        request: BigInt(captured.request),
        session: BigInt(captured.session),
      });
      expect(toHex(buildFrame('Request', frame.header, frame.body))).toBe(captured.hex);
    }
  });
});

describe('prepares of partition groups', () => {
  it('take over the checksum of their batch', () => {
    const body = new Uint8Array(300).fill(7);
    const frame = buildFrame('Prepare', { operation: Operation.SendMessages, group: 1n }, body);
    sealPrepare(frame);
    expect(toHex(frame, 16, 32)).toBe(`${'07'.repeat(8)}${'00'.repeat(8)}`);
    expect(verifyPrepareBody(frame)).toBe('valid');
    frame[296] = 8;
    expect(verifyPrepareBody(frame)).toBe('mismatch');
  });

  it('hash the body of an offset operation', () => {
    const body = fromHex('0102');
    const input = { operation: Operation.StoreConsumerOffset, group: 1n } as const;
    const frame = buildPrepare(input, body);
    expect(parseFrameAs('Prepare', frame).header.checksumBody).toBe(xxh3(body));
  });

  it('are called unsealed when they come from an official node', () => {
    const frame = buildFrame('Prepare', { operation: Operation.SendMessages, group: 1n });
    expect(verifyPrepareBody(frame)).toBe('unsealed');
  });

  it('refuse a message body that is no batch', () => {
    const input = { operation: Operation.SendMessages, group: 1n } as const;
    expect(() => buildPrepare(input, fromHex('01'))).toThrow(/too short/);
  });
});

describe('seals', () => {
  it('fail for every single changed byte of the header', () => {
    const frame = example('StartViewChange of view 3');
    for (let i = 0; i < 256; i++) {
      frame[i] = (frame[i] ?? 0) ^ 0x40;
      expect(verifySeal(frame)).toBe(false);
      frame[i] = (frame[i] ?? 0) ^ 0x40;
    }
    expect(verifySeal(frame)).toBe(true);
  });
});
