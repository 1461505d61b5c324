import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setU64 } from '../../src/base/index.js';
import { routeFrame } from '../../src/host/frame-route.js';
import { Command, frameSpecs } from '../../src/wire/index.js';

function frameOf(command: number, groupAt?: number, group = 0n): Uint8Array {
  const bytes = new Uint8Array(256);
  bytes[60] = command;
  if (groupAt !== undefined) setU64(bytes, groupAt, group);
  return bytes;
}

/** Where the layouts of the wire layer have the group of each command. */
const groupOffsets = Object.values(frameSpecs).flatMap((spec) => {
  const offsets = Object.entries(Reflect.get(spec.codec, 'offsetOf') as Record<string, number>);
  const offset = offsets.find(([field]) => field === 'group')?.[1];
  const commands: readonly number[] = spec.commands;
  return offset === undefined ? [] : commands.map((command) => [command, offset] as const);
});

describe('routeFrame', () => {
  it('finds the group of every command where the layouts have it', () => {
    const routed = groupOffsets.filter(([command]) => command !== Command.Request);
    expect(routed.length).toBeGreaterThan(12);
    for (const [command, offset] of routed) {
      expect(routeFrame(frameOf(command, offset, 0x0000_0001_0020_0003n))).toEqual({
        to: 'partition',
        group: 0x0000_0001_0020_0003,
      });
      expect(routeFrame(frameOf(command, offset, 1n << 63n))).toEqual({ to: 'metadata' });
    }
  });

  it('hands forwarded logins and handed-on requests to the server', () => {
    const forServer = [
      Command.Request,
      Command.Reply,
      Command.ForwardRegister,
      Command.ForwardRegisterResult,
      Command.ForwardLogout,
      Command.ForwardLogoutResult,
    ];
    for (const command of forServer) {
      expect(routeFrame(frameOf(command))).toEqual({ to: 'server' });
    }
  });

  it('drops what is for nobody, and never throws', () => {
    for (const command of [Command.Ping, Command.Eviction, Command.ReplicaHello, 30, 255]) {
      expect(routeFrame(frameOf(command))).toEqual({ to: 'nowhere' });
    }
    expect(routeFrame(frameOf(Command.Prepare).subarray(0, 200))).toEqual({ to: 'nowhere' });
    expect(routeFrame(frameOf(Command.Commit, 168, (1n << 63n) + 5n))).toEqual({ to: 'nowhere' });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        routeFrame(bytes);
      }),
    );
  });
});
