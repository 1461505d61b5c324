import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Places } from '../config/places.js';
import { Settings } from '../config/settings.js';
import { cacheFile, freshMillis, readNames, type ServerNames } from './cache.js';
import type { Lookup } from './suggest.js';

/** A key press is answered within 300 ms of the start of the process; some of it is for the answer. */
const budgetMillis = 260;
const lookMillis = 15;

/** The names that are looked for; none rather than late ones, and none rather than an error. */
export async function lookUp(
  lookup: Lookup,
  connection: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const settings = new Settings(connection, process.env, process.cwd());
  if (lookup.kind === 'contexts') return [...settings.config.contexts.keys()];
  if (lookup.kind === 'clusters') return clusterNames(settings.places);
  const names = await serverNames(settings, connection);
  if (lookup.kind === 'streams') return names?.streams.map(({ name }) => name) ?? [];
  const stream = names?.streams.find(({ name }) => name === lookup.stream);
  if (lookup.kind === 'topics') return stream?.topics.map(({ name }) => name) ?? [];
  return stream?.topics.find(({ name }) => name === lookup.topic)?.groups ?? [];
}

function clusterNames(places: Places): readonly string[] {
  const run = places.clusterRun('x');
  const folder = basename(run) === 'run' ? dirname(dirname(run)) : dirname(run);
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Names from the cache. When they are old, another process asks the server and is waited for as long
 * as the key press allows; the next one finds what it brought.
 */
async function serverNames(
  settings: Settings,
  connection: Readonly<Record<string, string>>,
): Promise<ServerNames | undefined> {
  const path = cacheFile(settings);
  const known = readNames(path);
  if (known !== undefined && Date.now() - known.at < freshMillis) return known;
  const flags = Object.entries(connection).flatMap(([name, value]) => [`--${name}`, value]);
  const args = [process.argv[1] ?? '', 'completion', '--refresh', ...flags];
  spawn(process.execPath, args, { detached: true, stdio: 'ignore' }).unref();
  while (performance.now() < budgetMillis) {
    await sleep(lookMillis);
    const now = readNames(path);
    if (now !== undefined && now.at !== known?.at) return now;
  }
  return known;
}
