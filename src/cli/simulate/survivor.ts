import type { RunRecord } from './report.js';

/**
 * What the last run of a test of a planted fault counts as, after all runs passed: the fault survived,
 * and whoever relied on the rules to find it has to know.
 */
export function survivorRecord(last: RunRecord, mutant: string, seeds: number): RunRecord {
  const detail = `${mutant} is planted and ${seeds} seeds did not find it`;
  const failure = { class: 'M', invariant: mutant, detail, tick: last.ticks, event: last.events };
  return {
    ...last,
    result: 'failed',
    failure,
    fields: { ...last.fields, result: 'failed', failure },
  };
}

/** A worker knows its own seeds only: whether a fault survived is said by who started it. */
export function withoutSurvivor(record: RunRecord): RunRecord {
  if (record.failure?.class !== 'M') return record;
  const { failure: _found, ...rest } = record;
  const { failure: _told, ...fields } = record.fields;
  return { ...rest, result: 'ok', fields: { ...fields, result: 'ok' } };
}
