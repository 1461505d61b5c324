import { existsSync } from 'node:fs';
import { type ClusterHome, finished, program } from './cluster-home.js';

/** True where commands can be given a terminal. */
export const hasTerminals = ['/usr/bin/script', '/bin/script'].some(existsSync);

/** A command on a terminal of 80 columns and 40 lines. */
export interface TerminalRun {
  /** Waits until the screen has shown this. */
  shown(pattern: RegExp): Promise<void>;
  type(text: string): void;
  /** Waits for the end; all that was shown, and the exit status. */
  end(): Promise<{ readonly screen: string; readonly code: number }>;
}

/** Runs the program on a terminal of its own; what it writes to both outputs is on one screen. */
export function inTerminal(home: ClusterHome, command: string): TerminalRun {
  const line = `stty cols 80 rows 40; "${process.execPath}" "${program}" ${command}; echo "status $?"`;
  const child = home.startProgram('script', '-qfec', line, '/dev/null');
  let screen = '';
  child.stdout?.on('data', (data) => {
    screen += String(data);
  });
  const ended = finished(child);
  return {
    async shown(pattern) {
      while (!pattern.test(screen)) {
        if (child.exitCode !== null) throw new Error(`it ended before ${pattern}: ${screen}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    type: (text) => void child.stdin?.write(text),
    async end() {
      await ended;
      const code = Number(/status (\d+)\s*$/.exec(screen)?.[1] ?? Number.NaN);
      return { screen: screen.replaceAll('\r\n', '\n'), code };
    },
  };
}
