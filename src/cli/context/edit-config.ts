import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { CliError } from '../cli-error.js';
import { parseConfig } from '../config/config-file.js';
import { readTextIfPresent, writePrivateFile } from '../config/private-file.js';

/**
 * Lets an editor change a copy of the config file, and replaces the file when the copy is valid.
 * Gives false when nothing was changed.
 *
 * @throws CliError E_CONFIG, E_FAILED
 */
export function editConfig(path: string, editor: string): boolean {
  const before = readTextIfPresent(path) ?? 'version = 1\n';
  const copy = `${path}.edit-${process.pid}.toml`;
  writePrivateFile(copy, before);
  try {
    const [program = '', ...args] = editor.split(' ').filter((part) => part !== '');
    const { status, error } = spawnSync(program, [...args, copy], { stdio: 'inherit' });
    if (error !== undefined || status !== 0) {
      throw new CliError('E_FAILED', `the editor ${program} failed; nothing was changed`);
    }
    const after = readTextIfPresent(copy) ?? before;
    parseConfig(copy, after);
    if (after === before) return false;
    writePrivateFile(path, after);
    return true;
  } finally {
    rmSync(copy, { force: true });
  }
}
