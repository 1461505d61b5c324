// Runs built command lines one after the other in one process, which takes a fraction of a process for each.
// Told by messages: { args, env, cwd }. Answers each with { code, stdout, stderr }.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = process.argv[2];
const { main } = await import(pathToFileURL(join(root, 'dist/bin/main.js')).href);
// What commands start again is the program itself.
process.argv[1] = join(root, 'bin/run.js');
process.setMaxListeners(0);
process.stdout.setMaxListeners(0);
process.stderr.setMaxListeners(0);

class Ended extends Error {}
const ownListeners = new Map(
  ['uncaughtException', 'unhandledRejection', 'SIGINT', 'SIGTERM'].map((name) => [
    name,
    process.listeners(name),
  ]),
);

function captured(stream) {
  const chunks = [];
  const write = stream.write.bind(stream);
  stream.write = (chunk, encoding, done) => {
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk));
    const callback = typeof encoding === 'function' ? encoding : done;
    if (callback !== undefined) queueMicrotask(callback);
    return true;
  };
  return () => {
    stream.write = write;
    return Buffer.concat(chunks).toString();
  };
}

async function run({ args, env, cwd }) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.exitCode = undefined;
  const exit = process.exit;
  let code;
  process.exit = (status) => {
    code ??= status ?? process.exitCode ?? 0;
    throw new Ended();
  };
  const [stdout, stderr] = [captured(process.stdout), captured(process.stderr)];
  try {
    await main(args, pathToFileURL(join(root, 'package.json')).href);
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
  } finally {
    process.exit = exit;
    process.exitCode = undefined;
    for (const [name, listeners] of ownListeners) {
      process.removeAllListeners(name);
      for (const listener of listeners) process.on(name, listener);
    }
  }
  return { code, stdout: stdout(), stderr: stderr() };
}

let before = Promise.resolve();
process.on('message', (message) => {
  before = before.then(async () => process.send(await run(message)));
});
process.on('disconnect', () => process.exit(0));
process.send('ready');
