/**
 * Source of a CommonJS module that runs scripts. A script is a function with the parameters of a CommonJS
 * module; beside `NAME.script` lies `NAME.cache`, the code that V8 compiled of it. Scripts require each
 * other as `./NAME.js`.
 */
export const loaderOf = (entry, names) => `'use strict';
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { constants, Script } = require('node:vm');

const builtBy = ${JSON.stringify([process.version, process.arch])};
const names = ${JSON.stringify(Object.fromEntries(names.map((name) => [`./${name}.js`, name])))};
const modules = {};
const scripts = {};

/** The exports of the script, or undefined when the compiled code is of no use here. */
exports.load = () => {
  if (process.version !== builtBy[0] || process.arch !== builtBy[1]) return undefined;
  const files = filesOf('${entry}');
  const isOfUse = files.cachedData !== undefined || process.env.IGGYCTL_BUILD === '1';
  return isOfUse ? run('${entry}', files) : undefined;
};

/** What V8 has compiled of each script so far. */
exports.createCaches = () =>
  Object.entries(scripts).map(([name, script]) => [name, script.createCachedData()]);

function filesOf(name) {
  const path = join(__dirname, name);
  let cachedData;
  try {
    if (process.env.IGGYCTL_BUILD !== '1') cachedData = readFileSync(path + '.cache');
  } catch {
    // None was made of a script that seldom runs.
  }
  return { cachedData, source: readFileSync(path + '.script', 'latin1') };
}

function run(name, { cachedData, source }) {
  const filename = join(__dirname, name + '.script');
  // For optional packages that are not in the bundle.
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const script = new Script(source, { filename, cachedData, importModuleDynamically });
  scripts[name] = script;
  const module = { exports: {} };
  modules[name] = module;
  script.runInThisContext()(requireHere, module, module.exports, filename, __dirname);
  return module.exports;
}

function requireHere(path) {
  const name = names[path];
  if (name === undefined) return require(path);
  return modules[name]?.exports ?? run(name, filesOf(name));
}
`;
