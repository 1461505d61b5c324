import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { isRunning, startOf } from '../../src/cluster/process-state.js';

describe('the state of a process', () => {
  it('is that it runs, for this one', () => {
    expect(isRunning(process.pid)).toBe(true);
    expect(isRunning(0)).toBe(false);
    expect(startOf(process.pid) === '').toBe(!existsSync('/proc/self/stat'));
  });

  it.runIf(existsSync('/proc/self/stat'))(
    'is that it has ended, also while nobody has waited for it',
    async () => {
      // The shell becomes a program that never waits for what it started before.
      const parent = spawn('sh', ['-c', 'sleep 1 & echo $!; exec sleep 60']);
      try {
        const pid = await new Promise<number>((resolve) => {
          parent.stdout.once('data', (line) => resolve(Number(String(line))));
        });
        await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 60_000);
        expect(() => process.kill(pid, 0)).not.toThrow();
      } finally {
        parent.kill('SIGKILL');
      }
    },
  );
});
