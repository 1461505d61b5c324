import { describe, expect, it } from 'vitest';
import { fromHex, isIggyctlError } from '../../src/base/index.js';
import type { CrashableDisk } from '../../src/platform/index.js';
import type { DiskFailure } from '../../src/ports/index.js';

const text = (value: string) => new TextEncoder().encode(value);
const shown = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The call's completion as a promise, which also proves that it did not come from inside the call. */
export function completion(
  start: (done: (failure?: DiskFailure) => void) => void,
): Promise<DiskFailure | undefined> {
  return new Promise((resolve, reject) => {
    let inside = true;
    let calls = 0;
    start((failure) => {
      calls += 1;
      if (inside) reject(new Error('completed from inside the call'));
      else if (calls > 1) reject(new Error('completed twice'));
      else resolve(failure);
    });
    inside = false;
  });
}

const whole = (disk: CrashableDisk, path: string) =>
  shown(disk.read(path, 0, disk.size(path) ?? 0));

/** What every disk promises; run on the real files and on the memory. */
export function diskConformance(name: string, make: () => CrashableDisk): void {
  describe(`${name} as a disk`, () => {
    it('reads back what was appended, in order, before any sync', () => {
      const disk = make();

      disk.append('a/b/file', [text('one'), text('two')]);
      disk.append('a/b/file', [text('three')]);

      expect(disk.size('a/b/file')).toBe(11);
      expect(whole(disk, 'a/b/file')).toBe('onetwothree');
      expect(shown(disk.read('a/b/file', 3, 3))).toBe('two');
    });

    it('gives fewer bytes at the end of a file, and none beyond it', () => {
      const disk = make();
      disk.append('file', [text('abc')]);

      expect(shown(disk.read('file', 2, 100))).toBe('c');
      expect(disk.read('file', 7, 5)).toHaveLength(0);
    });

    it('has no size and no content for a file that does not exist', () => {
      const disk = make();

      expect(disk.size('none')).toBeUndefined();
      expect(() => disk.read('none', 0, 1)).toThrow(
        expect.objectContaining({
          code: 'DISK_FAILED',
          failure: expect.objectContaining({ code: 'ENOENT' }),
        }),
      );
      expect(disk.list('none')).toEqual([]);
    });

    it('lists names in ascending byte order', async () => {
      const disk = make();
      for (const path of ['d/b', 'd/a', 'd/ä', 'd/B', 'd/sub/x', 'd/10', 'd/9']) {
        disk.append(path, [text('x')]);
      }

      expect(disk.list('d')).toEqual(['10', '9', 'B', 'a', 'b', 'sub', 'ä']);
      expect(disk.list('')).toContain('d');
    });

    it('keeps synced bytes through a crash and loses the others', async () => {
      const disk = make();
      disk.append('wal', [text('kept')]);
      expect(await completion((done) => disk.sync('wal', done))).toBeUndefined();
      disk.append('wal', [text('lost')]);
      disk.append('never', [text('synced')]);

      disk.crash();
      await disk.settled();

      expect(whole(disk, 'wal')).toBe('kept');
      expect(disk.size('never')).toBeUndefined();
    });

    it('keeps a synced empty file through a crash', async () => {
      const disk = make();
      disk.append('empty', []);
      await completion((done) => disk.sync('empty', done));

      disk.crash();
      await disk.settled();

      expect(disk.size('empty')).toBe(0);
    });

    it('covers only what was appended before the sync', async () => {
      const disk = make();
      disk.append('wal', [text('first')]);
      const synced = completion((done) => disk.sync('wal', done));
      disk.append('wal', [text('second')]);
      await synced;

      disk.crash();
      await disk.settled();

      expect(whole(disk, 'wal').startsWith('first')).toBe(true);
    });

    it('reports no completion of calls made before a crash', async () => {
      const disk = make();
      const reported: string[] = [];
      disk.append('wal', [text('x')]);
      disk.sync('wal', () => reported.push('sync'));
      disk.replace('file', text('y'), () => reported.push('replace'));

      disk.crash();
      await disk.settled();
      await new Promise((resolve) => setTimeout(resolve, 20));

      expect(reported).toEqual([]);
    });

    it('can be used again after a crash', async () => {
      const disk = make();
      disk.append('wal', [text('a')]);
      disk.crash();
      await disk.settled();

      disk.append('wal', [text('b')]);
      expect(await completion((done) => disk.sync('wal', done))).toBeUndefined();

      expect(whole(disk, 'wal')).toBe('b');
    });

    it('replaces a whole file durably, also one that is appended to', async () => {
      const disk = make();
      disk.append('dir/wal', [text('old content')]);
      await completion((done) => disk.sync('dir/wal', done));

      expect(
        await completion((done) => disk.replace('dir/wal', text('new'), done)),
      ).toBeUndefined();
      disk.append('dir/wal', [text('+')]);
      expect(whole(disk, 'dir/wal')).toBe('new+');
      disk.crash();
      await disk.settled();

      expect(whole(disk, 'dir/wal')).toBe('new');
      expect(disk.list('dir')).toEqual(['wal']);
    });

    it('shows the old content until a replace completed', async () => {
      const disk = make();
      await completion((done) => disk.replace('file', text('old'), done));

      const replaced = completion((done) => disk.replace('file', text('new'), done));
      expect(whole(disk, 'file')).toBe('old');
      await replaced;

      expect(whole(disk, 'file')).toBe('new');
    });

    it('runs two replaces of one path in the order of their calls', async () => {
      const disk = make();
      const order: number[] = [];

      await Promise.all([
        completion((done) => disk.replace('f', text('1'.repeat(100_000)), done)).then(() =>
          order.push(1),
        ),
        completion((done) => disk.replace('f', text('2'), done)).then(() => order.push(2)),
      ]);

      expect(order).toEqual([1, 2]);
      expect(whole(disk, 'f')).toBe('2');
    });

    it('cuts a file durably and appends at its new end', async () => {
      const disk = make();
      disk.append('wal', [text('abcdef')]);
      await completion((done) => disk.sync('wal', done));

      expect(await completion((done) => disk.truncate('wal', 4, done))).toBeUndefined();
      disk.append('wal', [text('X')]);

      expect(whole(disk, 'wal')).toBe('abcdX');
      disk.crash();
      await disk.settled();
      expect(whole(disk, 'wal')).toBe('abcd');
    });

    it('removes files and whole directories, and what is missing', async () => {
      const disk = make();
      disk.append('d/one', [text('1')]);
      disk.append('d/e/two', [text('2')]);
      disk.append('other', [text('3')]);

      expect(await completion((done) => disk.remove('d', done))).toBeUndefined();
      expect(await completion((done) => disk.remove('other', done))).toBeUndefined();
      expect(await completion((done) => disk.remove('nothing/here', done))).toBeUndefined();

      expect(disk.list('')).toEqual([]);
      expect(disk.size('d/e/two')).toBeUndefined();
    });

    it('moves files and whole directories, durably', async () => {
      const disk = make();
      disk.append('p/1/00.log', [text('data')]);
      disk.append('p/1/sub/x', [text('x')]);
      await completion((done) => disk.sync('p/1/00.log', done));
      await completion((done) => disk.sync('p/1/sub/x', done));

      expect(await completion((done) => disk.move('p/1', 'q/1.fenced', done))).toBeUndefined();
      expect(
        await completion((done) => disk.move('q/1.fenced/00.log', 'q/one', done)),
      ).toBeUndefined();
      disk.crash();
      await disk.settled();

      expect(whole(disk, 'q/one')).toBe('data');
      expect(whole(disk, 'q/1.fenced/sub/x')).toBe('x');
      expect(disk.size('p/1/00.log')).toBeUndefined();
      expect(disk.list('p')).toEqual([]);
    });

    it('does not move what is missing, nor onto what is there', async () => {
      const disk = make();
      disk.append('a', [text('a')]);
      disk.append('b', [text('b')]);

      expect(await completion((done) => disk.move('a', 'b', done))).toMatchObject({
        code: 'EEXIST',
      });
      expect(await completion((done) => disk.move('c', 'd', done))).toMatchObject({
        code: 'ENOENT',
      });
      expect(whole(disk, 'b')).toBe('b');
    });

    it('says that a file to sync or to cut is not there', async () => {
      const disk = make();

      expect(await completion((done) => disk.sync('none', done))).toMatchObject({ code: 'ENOENT' });
      expect(await completion((done) => disk.truncate('none', 0, done))).toMatchObject({
        code: 'ENOENT',
        operation: 'truncate',
      });
    });

    it('handles a megabyte in many chunks', () => {
      const disk = make();
      const chunk = fromHex('00112233445566778899aabbccddeeff');
      for (let i = 0; i < 8; i++)
        disk.append(
          'big',
          Array.from({ length: 8192 }, () => chunk),
        );

      expect(disk.size('big')).toBe(1 << 20);
      expect(disk.read('big', 524_288 - 16, 32)).toEqual(new Uint8Array([...chunk, ...chunk]));
    });

    it('handles small and large chunks in any order, cut at any place', async () => {
      const disk = make();
      let expected = new Uint8Array(0);
      const sizes = [10, 20_000, 5, 70_000, 3, 4, 17_000, 4096, 1, 300_000, 2];
      for (const [i, size] of sizes.entries()) {
        const chunk = new Uint8Array(size).fill(i + 1);
        disk.append('mixed', [chunk, chunk.subarray(0, 1)]);
        expected = new Uint8Array([...expected, ...chunk, i + 1]);
        if (i % 3 !== 2) continue;
        const length = expected.length - 2500;
        await completion((done) => disk.truncate('mixed', length, done));
        expected = expected.slice(0, length);
        expect(chunk.every((byte) => byte === i + 1)).toBe(true);
      }

      expect(disk.size('mixed')).toBe(expected.length);
      expect(Buffer.from(disk.read('mixed', 0, expected.length)).equals(expected)).toBe(true);
      for (const offset of [0, 9, 10, 20_009, expected.length - 3]) {
        const part = disk.read('mixed', offset, 5000);
        expect(Buffer.from(part).equals(expected.subarray(offset, offset + 5000))).toBe(true);
      }
    });

    it('throws errors that name the operation and the path', () => {
      const disk = make();
      let thrown: unknown;
      try {
        disk.read('missing', 0, 1);
      } catch (error) {
        thrown = error;
      }

      expect(isIggyctlError(thrown)).toBe(true);
      expect(thrown).toMatchObject({ details: { operation: 'read', path: 'missing' } });
    });
  });
}
