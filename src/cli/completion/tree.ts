import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A flag, as far as completion needs it. */
export interface TreeFlag {
  readonly char?: string;
  readonly summary: string;
  readonly takesValue: boolean;
  readonly options?: readonly string[];
}

/** A command, as far as completion needs it. */
interface TreeCommand {
  readonly summary: string;
  readonly args: readonly { readonly name: string; readonly options?: readonly string[] }[];
  /** Those that not all commands have. */
  readonly flags: Readonly<Record<string, TreeFlag>>;
}

/** All commands by id with colons, and the flags that all of them have. Made by the build. */
export interface CommandTree {
  readonly flags: Readonly<Record<string, TreeFlag>>;
  readonly commands: Readonly<Record<string, TreeCommand>>;
}

/** The tree that was built together with this code; nothing when it is missing. */
export function readTree(): CommandTree | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (; dirname(folder) !== folder; folder = dirname(folder)) {
    const path = join(folder, 'bin', 'completion.json');
    // Written by the build in just this form.
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as CommandTree;
  }
  return undefined;
}
