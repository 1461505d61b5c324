// What a user installs, as the build leaves it: complete, small, and quick to start. Start-up is held by
// counting what is loaded, since milliseconds on a busy machine say little.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Config } from '@oclif/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesUnder, packageRoot, readJson, readText } from '../helpers/package-files.js';
import { runCli } from '../helpers/run-cli.js';

interface Manifest {
  readonly version: string;
  readonly commands: Record<string, { readonly relativePath?: readonly string[] }>;
}

const megabyte = 1_000_000;

/** Files of dist that a built file loads before its first statement runs, itself included. */
function loadedWith(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const imports = /(?:^|[;}\n])\s*(?:import|export)\b[^'"`;()]*?["'](\.[^"']+)["']/g;
  for (const [, target] of readText(entry).matchAll(imports)) {
    loadedWith(posix.join(dirname(entry), target ?? ''), seen);
  }
  return seen;
}

function sizeOf(files: Iterable<string>): number {
  return [...files].reduce((sum, file) => sum + statSync(join(packageRoot, file)).size, 0);
}

beforeAll(() => {
  expect(existsSync(join(packageRoot, 'dist')), 'run npm run build first').toBe(true);
});

describe('the fast path', () => {
  test('prints the version as oclif would', async () => {
    const { userAgent } = await Config.load(packageRoot);

    const { code, stdout, stderr } = await runCli(['--version']);

    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${userAgent}\n`, stderr: '' });
  });

  test.each([
    { line: ['version', '--json'] },
    { line: ['stream', 'create', '--help'] },
    { line: [] },
    { line: ['stream', 'list', '--bogus', '--json'] },
    { line: ['stram'] },
  ])('answers $line from compiled code as from modules', async ({ line }) => {
    const main = pathToFileURL(join(packageRoot, 'dist/bin/main.js')).href;
    const root = pathToFileURL(join(packageRoot, 'package.json')).href;
    const script = `(await import('${main}')).main(${JSON.stringify(line)}, '${root}')`;
    const fromModules = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { PATH: process.env['PATH'], NO_COLOR: '1', COLUMNS: '100' },
    });

    const { code, stdout, stderr } = await runCli(line);

    expect({ code, stdout, stderr }).toEqual({
      code: fromModules.status,
      stdout: fromModules.stdout.toString(),
      stderr: fromModules.stderr.toString(),
    });
  });
});

describe('the build', () => {
  test('bundles no compiler', () => {
    const notices = readText('dist/THIRD-PARTY-NOTICES.txt');
    expect(notices).toMatch(/^@oclif\/core \d/m);
    expect(notices).not.toMatch(/^(typescript|ts-node|tsx) \d/m);
  });

  test('stays small', () => {
    expect(sizeOf(filesUnder('dist', '.js'))).toBeLessThan(6.5 * megabyte);
    expect(sizeOf(filesUnder('dist/bin', '.script'))).toBeLessThan(5 * megabyte);
    expect(sizeOf(filesUnder('dist/bin', '.cache'))).toBeLessThan(3 * megabyte);
  });

  test('loads little before a command runs', () => {
    const loaded = loadedWith('dist/commands/version.js', loadedWith('dist/bin/main.js'));
    expect(loaded.size).toBeGreaterThan(2);
    expect(loaded.size).toBeLessThan(40);
    expect(sizeOf(loaded)).toBeLessThan(1.2 * megabyte);
  });

  test.each([
    { line: ['version'], protocol: false },
    { line: ['topic', 'create', '--help'], protocol: false },
    { line: ['topic', '--help'], protocol: false },
    { line: [], protocol: false },
    // So that this test notices when scripts get other names.
    { line: ['errors', '57'], protocol: true },
  ])('loads the protocol only for commands that speak it: $line', ({ line, protocol }) => {
    const root = pathToFileURL(join(packageRoot, 'package.json')).href;
    const program = `
      const loader = require(${JSON.stringify(join(packageRoot, 'dist/bin/all.cjs'))});
      const all = loader.load();
      const names = () => loader.createCaches().map(([name]) => name).join(' ');
      process.on('exit', () => require('node:fs').writeSync(2, names()));
      all.main(${JSON.stringify(line)}, ${JSON.stringify(root)});`;
    const { stderr, stdout } = spawnSync(process.execPath, ['-e', program], {
      env: { PATH: process.env['PATH'], NO_COLOR: '1' },
      encoding: 'utf8',
    });
    expect(stdout).not.toBe('');
    expect(/iggyctl-part-(protocol|nodes)/.test(stderr)).toBe(protocol);
  });

  test('has a manifest with every command', () => {
    const { commands, version } = readJson<Manifest>('oclif.manifest.json');
    const ids = filesUnder('src/commands', '.ts').map((file) =>
      file
        .replace(/^src\/commands\//, '')
        .replace(/(\/index)?\.ts$/, '')
        .replaceAll('/', ':'),
    );
    expect(Object.keys(commands).sort()).toEqual(ids.sort());
    expect(version).toBe(readJson<{ version: string }>('package.json').version);
    for (const { relativePath } of Object.values(commands)) {
      expect(existsSync(join(packageRoot, ...(relativePath ?? ['missing'])))).toBe(true);
    }
  });
});

describe('the SDK', () => {
  test('is importable by name, with types, and loads no command framework', async () => {
    const files = loadedWith('dist/index.js');
    expect(
      [...files].filter((file) => /@oclif|dist\/(cli|commands|bin|chunks)\//.test(file)),
    ).toEqual([]);
    for (const file of files) expect(readText(file)).not.toContain('@oclif/');
    expect(existsSync(join(packageRoot, 'dist/index.d.ts'))).toBe(true);
    const name = 'iggyctl';
    expect(await import(name)).toHaveProperty('version');
  });
});

describe('the package', () => {
  test('contains what it needs and nothing else', () => {
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const output = execFileSync('npm', args, {
      cwd: packageRoot,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [tarball] = JSON.parse(output.toString()) as { files: { path: string }[] }[];
    const paths = (tarball?.files ?? []).map(({ path }) => path);
    const expected = [
      'bin/run.js',
      'bin/package.json',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/bin/main.js',
    ];
    const legal = ['LICENSE', 'NOTICE', 'dist/THIRD-PARTY-NOTICES.txt'];
    expect(paths).toEqual(expect.arrayContaining([...expected, ...legal, 'oclif.manifest.json']));
    expect(paths.filter((path) => /^(src|test|scripts)\/|mutants|\.stamp$/.test(path))).toEqual([]);
  });
});
