import { filesUnder, root } from './files.mjs';
import { laterExpression } from './script-parts.mjs';

/** Source of a table that tells how each file of src/commands is loaded: by `load(path)`. */
async function table(load) {
  const files = await filesUnder('src/commands', '.ts');
  const lines = files.map((file) => {
    // As the framework has it, a file called index is the command of its folder.
    const path = file.slice('src/commands/'.length, -'.ts'.length).replace(/\/index$/, '');
    const id = path.replaceAll('/', ':');
    return `  ${JSON.stringify(id)}: () => ${load(file)},`;
  });
  return ['const commands = {', ...lines, '};'].join('\n');
}

async function moduleEntry() {
  return `
    import { run } from './src/cli/main.ts';
    ${await table((file) => `import(${JSON.stringify(`./${file}`)})`)}
    export const main = (argv, root) => run(argv, { commands, root });
  `;
}

/** The same for scripts, which are in several parts. */
export async function scriptEntry(parts) {
  return `
    ${await table((file) => laterExpression(file, parts))}
    const program = () => ${laterExpression('src/cli/main.ts', parts)};
    export const main = async (argv, root) => (await program()).run(argv, { commands, root });
    // For the build: what comes of a command line, without the end of the process.
    export const warmUp = async (argv, root) =>
      (await program()).dispatch(argv, { commands, root }).catch(() => undefined);
  `;
}

/** Makes `iggyctl-entry` an entry point with that source. */
export const entry = {
  name: 'entry',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^iggyctl-entry$/ }, ({ path }) => ({ path, namespace: 'entry' }));
    esbuild.onLoad({ filter: /.*/, namespace: 'entry' }, async () => ({
      contents: await moduleEntry(),
      resolveDir: root,
      loader: 'ts',
    }));
  },
};
