import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Reads a file of the package as text; the path is relative to its root. */
export function readText(path: string): string {
  return readFileSync(join(packageRoot, path), 'utf8');
}

/** Reads a JSON file of the package. The caller names the shape; nothing checks it. */
export function readJson<T>(path: string): T {
  return JSON.parse(readText(path)) as T;
}

/** The files below a folder of the package, sorted, relative to its root, with slashes. */
export function filesUnder(folder: string, suffix = ''): string[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => relative(packageRoot, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
