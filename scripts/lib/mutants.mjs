// Faults planted on purpose, for the test build only (scripts/build.mjs --mutants). Each is in effect
// while `simulate run --mutant ID` names it. An edit replaces a text that occurs exactly once; faults
// that share a place share the edit.
import { byteMutants } from './mutants/bytes.mjs';
import { commitMutants } from './mutants/commit.mjs';
import { repairMutants } from './mutants/repair.mjs';
import { sessionMutants } from './mutants/sessions.mjs';
import { viewMutants } from './mutants/views.mjs';

/**
 * All of them by number: what is wrong (`bug`), which rules find it (`caughtBy`), in how many seeds
 * (`budget`) of which runs (`run`, by the names of flags).
 */
export const mutants = [
  ...commitMutants,
  ...viewMutants,
  ...byteMutants,
  ...sessionMutants,
  ...repairMutants,
].sort((a, b) => (a.id < b.id ? -1 : 1));

/** How a run is set up that names a fault and leaves these flags out. */
export const mutantRuns = Object.fromEntries(
  mutants.map(({ id, run }) => [id, { workload: 'metadata', ...run }]),
);

const edits = [...new Set(mutants.flatMap((mutant) => mutant.edits))];

/**
 * The source of a file with its faults planted; `undefined` when it has none.
 * @throws when a text is not there exactly once, or two of them overlap
 */
export function withMutants(file, source) {
  const places = edits
    .filter((edit) => edit.file === file)
    .map(({ find, replace }) => {
      const at = source.indexOf(find);
      if (at < 0 || source.includes(find, at + 1)) {
        throw new Error(`not exactly once in ${file}: ${find}`);
      }
      return { at, end: at + find.length, replace };
    })
    .sort((a, b) => b.at - a.at);
  if (places.length === 0) return undefined;
  let patched = source;
  let limit = source.length;
  for (const { at, end, replace } of places) {
    if (end > limit) throw new Error(`planted faults overlap in ${file}`);
    patched = patched.slice(0, at) + replace + patched.slice(end);
    limit = at;
  }
  return patched;
}
