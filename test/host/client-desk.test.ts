import { describe, expect, it } from 'vitest';
import { setU32 } from '../../src/base/index.js';
import { ClientDesk } from '../../src/host/client-desk.js';

const frame = (mark: number, size = 256) => {
  const bytes = new Uint8Array(size).fill(mark, 200, 201);
  setU32(bytes, 48, size);
  return bytes;
};

class Rig {
  readonly taken: number[] = [];
  readonly closed: number[] = [];
  readonly paused: boolean[] = [];
  queued = 0;
  /** Called with every frame the server takes. */
  onFrame: (mark: number) => void = () => undefined;
  readonly desk = new ClientDesk(
    {
      send: () => undefined,
      close: (connection) => this.closed.push(connection),
      pause: (_connection, paused) => this.paused.push(paused),
      queuedBytes: () => this.queued,
    },
    (_connection, bytes) => {
      const mark = bytes[200] ?? 0;
      this.taken.push(mark);
      this.onFrame(mark);
    },
  );

  constructor() {
    this.desk.open(1, 'consensus');
  }

  receive(...marks: number[]): void {
    this.desk.receive(1, Buffer.concat(marks.map((mark) => frame(mark))));
  }
}

describe('ClientDesk', () => {
  it('hands whole frames on in order', () => {
    const rig = new Rig();
    const bytes = Buffer.concat([frame(1), frame(2)]);
    rig.desk.receive(1, bytes.subarray(0, 100));
    rig.desk.receive(1, bytes.subarray(100, 300));
    expect(rig.taken).toEqual([1]);
    rig.desk.receive(1, bytes.subarray(300));

    expect(rig.taken).toEqual([1, 2]);
  });

  it('holds frames back while the server is paused, and gives them when it resumes', () => {
    const rig = new Rig();
    rig.onFrame = (mark) => {
      if (mark === 1) rig.desk.pause(1, true);
    };
    rig.receive(1, 2, 3);
    expect(rig.taken).toEqual([1]);
    expect(rig.paused).toEqual([true]);

    expect(rig.desk.pause(1, false)).toBe(true);
    rig.desk.feed(1);
    expect(rig.taken).toEqual([1, 2, 3]);
    expect(rig.paused).toEqual([true, false]);
  });

  it('looks at no more requests of a peer that does not take its answers', () => {
    const rig = new Rig();
    rig.onFrame = (mark) => {
      if (mark === 2) rig.queued = 100 * 1024 * 1024;
    };
    rig.receive(1, 2, 3, 4);
    expect(rig.taken).toEqual([1, 2]);
    expect(rig.paused).toEqual([true]);

    rig.queued = 0;
    expect(rig.desk.drained(1)).toBe(true);
    rig.desk.feed(1);
    expect(rig.taken).toEqual([1, 2, 3, 4]);
    expect(rig.paused).toEqual([true, false]);
  });

  it('serves what came before an impossible length, then closes once', () => {
    const rig = new Rig();
    const bad = frame(9);
    setU32(bad, 48, 10);
    rig.onFrame = (mark) => {
      if (mark === 1) rig.desk.pause(1, true);
    };
    rig.desk.receive(1, Buffer.concat([frame(1), frame(2), bad, frame(3)]));
    expect(rig.closed).toEqual([]);

    rig.desk.pause(1, false);
    rig.desk.feed(1);
    rig.receive(4);
    expect(rig.taken).toEqual([1, 2]);
    expect(rig.closed).toEqual([1]);
  });

  it('knows nothing of connections that are not open', () => {
    const rig = new Rig();
    rig.desk.receive(7, frame(1));
    rig.desk.feed(7);

    expect(rig.desk.drained(7)).toBe(false);
    expect(rig.desk.close(7)).toBe(false);
    expect(rig.desk.close(1)).toBe(true);
    expect(rig.taken).toEqual([]);
  });
});
