// House rules that no linter knows, checked on the text of the repository.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { version } from '../src/version.js';
import { filesUnder, packageRoot, readJson, readText } from './helpers/package-files.js';

const sources = filesUnder('src', '.ts');
const tests = filesUnder('test', '.ts').filter((file) => file !== 'test/tidy.test.ts');
const folders = ['.ci', 'bench', 'bin', 'docs', 'examples', 'scripts', 'src', 'test'];
const texts = [
  ...folders
    .filter((folder) => existsSync(join(packageRoot, folder)))
    .flatMap((f) => filesUnder(f)),
  ...readdirSync(packageRoot).filter((name) => /\.(md|json|js|mjs|ts)$/.test(name)),
].filter((file) => file !== 'test/tidy.test.ts' && !/\.(bin|pcap|pcapng|png)$/.test(file));

/** `file:line` of every line of the files that matches. */
function findLines(files: readonly string[], pattern: RegExp): string[] {
  return files.flatMap((file) =>
    readText(file)
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [],
      ),
  );
}

function lineCount(file: string): number {
  return readText(file).trimEnd().split('\n').length;
}

describe('sources', () => {
  test('leave nothing to do', () => {
    expect(findLines(sources, /\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
  });

  test('do not look away from types', () => {
    expect(findLines(sources, /\bas any\b|@ts-(ignore|expect-error|nocheck)/)).toEqual([]);
  });

  test('give a reason for every rule that is switched off', () => {
    expect(findLines(sources, /eslint-disable(?!.* -- \S)/)).toEqual([]);
  });

  test('are files of at most 400 lines, tables aside', () => {
    const code = sources.filter((file) => !file.endsWith('.data.ts'));
    expect(code.filter((file) => lineCount(file) > 400)).toEqual([]);
  });

  test('are named after what they hold', () => {
    const vague = /\/(utils?|helpers?|common|misc|types|shared)\.ts$/;
    expect(sources.filter((file) => vague.test(file))).toEqual([]);
  });
});

describe('layers', () => {
  test('are the folders of src, each with a face', async () => {
    const table = pathToFileURL(join(packageRoot, 'scripts/lib/layers.mjs')).href;
    const { layers } = (await import(table)) as { layers: Record<string, unknown> };
    const used = new Set(
      sources.flatMap((file) => (/^src\/([^/]+)\//.exec(file) ?? []).slice(1, 2)),
    );
    for (const layer of used) {
      expect(Object.keys(layers), `src/${layer} has no row in scripts/lib/layers.mjs`).toContain(
        layer,
      );
      if (layer !== 'commands' && layer !== 'cli') {
        expect(sources, `src/${layer} has no face`).toContain(`src/${layer}/index.ts`);
      }
    }
  });
});

describe('tests', () => {
  test('all run', () => {
    expect(findLines(tests, /\b(test|it|describe|suite)\.(only|skip|todo)\b/)).toEqual([]);
  });

  test('are files of at most 800 lines', () => {
    expect(tests.filter((file) => lineCount(file) > 800)).toEqual([]);
  });
});

describe('the repository', () => {
  test('names no folder of the machine it was written on', () => {
    expect(
      findLines(texts, /(^|[\s"'`(=:])\/(work|root|home\/(?!you\b|me\b|user\b)\w+)\/\w/),
    ).toEqual([]);
  });

  test('locks packages without naming a registry', () => {
    expect(findLines(['package-lock.json'], /"resolved":/)).toEqual([]);
  });

  test('locks the optional packages of every platform', () => {
    interface Locked {
      readonly optionalDependencies?: Readonly<Record<string, string>>;
    }
    const { packages } = readJson<{ packages: Record<string, Locked> }>('package-lock.json');
    const missing = Object.entries(packages).flatMap(([where, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          !(`${where}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages),
      ),
    );
    expect(missing, 'npm ci would refuse this lock file').toEqual([]);
  });

  test('has one version', () => {
    expect(readJson<{ version: string }>('package.json').version).toBe(version);
    expect(readJson<{ version: string }>('package-lock.json').version).toBe(version);
  });

  test('has a licence', () => {
    expect(readText('LICENSE')).toContain('Apache License');
  });
});
