import { failureFields, type RunRecord } from './report.js';

/**
 * What the last run of a test of a planted fault counts as, after all runs passed: the fault survived,
 * and whoever relied on the rules to find it has to know.
 */
export function survivorRecord(last: RunRecord, mutant: string, seeds: number): RunRecord {
  const detail = `${mutant} is planted and ${seeds} seeds did not find it`;
  const { ticks: tick, events: event } = last;
  const failure = { class: 'M', invariant: mutant, detail, tick, event } as const;
  return {
    ...last,
    result: 'failed',
    failure,
    fields: { ...last.fields, result: 'failed', failure: failureFields(failure) },
  };
}

/** A worker knows its own seeds only: whether a fault survived is said by who started it. */
export function withoutSurvivor(record: RunRecord): RunRecord {
  if (record.failure?.class !== 'M') return record;
  const { failure: _found, ...rest } = record;
  return { ...rest, result: 'ok', fields: { ...record.fields, result: 'ok', failure: null } };
}
