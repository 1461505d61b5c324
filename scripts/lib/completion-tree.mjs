import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes dist/bin/completion.json, what completion has to know of each command, from the manifest. */
export async function writeCompletionTree(stage) {
  const { commands } = JSON.parse(await readFile(join(stage, 'oclif.manifest.json'), 'utf8'));
  const all = Object.values(commands).filter(({ hidden }) => !hidden);
  const isGlobal = (name) => all.every(({ flags }) => flags[name] !== undefined);
  const globals = Object.entries(all[0].flags).filter(([name]) => isGlobal(name));
  const own = (command) =>
    Object.entries(command.flags).filter(([name, flag]) => !isGlobal(name) && !flag.hidden);
  const tree = {
    flags: Object.fromEntries(globals.map(flagOf)),
    commands: Object.fromEntries(
      all.map((command) => [
        command.id,
        {
          summary: command.summary ?? '',
          args: Object.values(command.args).map(({ name, options }) => ({ name, options })),
          flags: Object.fromEntries(own(command).map(flagOf)),
        },
      ]),
    ),
  };
  await writeFile(join(stage, 'dist/bin/completion.json'), JSON.stringify(tree));
}

function flagOf([name, { char, summary = '', type, options }]) {
  return [name, { char, summary, takesValue: type === 'option', options }];
}
