// The parts of the command line that are scripts of their own, as reading and linking the code of all
// commands takes longer than most commands do. What is in no part starts every command.
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { root } from './files.mjs';

/** A source is in the first part of which it loads a layer as soon as it is loaded itself. */
const parts = {
  nodes: /^src\/(cluster|simulator|host|server|machine|consensus|storage)\//,
  protocol: /^src\/(wire\/(?!packed-version\.)|client\/|decoder\/)/,
};

/**
 * The part of each source that others import only when they need it, by its path; of those in none there
 * is no entry. `metafile` is esbuild's description of the same code as modules.
 */
export function partsOf({ inputs }) {
  const sources = Object.keys(inputs).filter((path) => path.startsWith('src/'));
  const later = sources.flatMap((path) =>
    inputs[path].imports.filter(({ kind }) => kind === 'dynamic-import').map((each) => each.path),
  );
  const commands = sources.filter((path) => path.startsWith('src/commands/'));
  const found = new Map();
  for (const path of [...later, ...commands]) {
    if (!path.startsWith('src/')) continue;
    const loaded = [...loadedWith(path, inputs)];
    const is = Object.keys(parts).find((part) => loaded.some((each) => parts[part].test(each)));
    if (is !== undefined) found.set(path, is);
  }
  return found;
}

/** The modules that are loaded with one, itself included. */
function loadedWith(path, inputs) {
  const loaded = new Set([path]);
  for (const each of loaded) {
    for (const { kind, path: next } of inputs[each]?.imports ?? []) {
      if (kind !== 'dynamic-import') loaded.add(next);
    }
  }
  return loaded;
}

/** An expression that promises the exports of a source, whichever part it is in. */
export function laterExpression(path, partOf) {
  const part = partOf.get(path);
  return part === undefined
    ? `Promise.resolve().then(() => require(${JSON.stringify(join(root, path))}))`
    : `import('iggyctl-part-${part}').then((part) => part.load(${JSON.stringify(path)}))`;
}

/** Makes each `await import(…)` of a source load from the part that has what is imported. */
export const laterImports = (partOf) => ({
  name: 'later-imports',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^iggyctl-part-/ }, ({ path }) => ({ path, namespace: 'part' }));
    esbuild.onLoad({ filter: /.*/, namespace: 'part' }, ({ path: name }) => {
      const lines = [...partOf]
        .filter(([, part]) => name === `iggyctl-part-${part}`)
        .map(
          ([path]) =>
            `${JSON.stringify(path)}: () => require(${JSON.stringify(join(root, path))}),`,
        );
      const contents = `const modules = {${lines.join('\n')}};
        export const load = (path) => modules[path]();`;
      return { contents, resolveDir: root };
    });
    esbuild.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes('await import(')) return undefined;
      const contents = text.replace(/await import\('(\.[^']+)\.js'\)/g, (_, target) => {
        const source = relative(root, join(dirname(path), `${target}.ts`)).replaceAll('\\', '/');
        return `await ${laterExpression(source, partOf)}`;
      });
      return { contents, loader: 'ts' };
    });
  },
});
