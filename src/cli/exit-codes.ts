/** Exit status of every command, the same with and without `--json`. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  unauthenticated: 5,
  forbidden: 6,
  unreachable: 7,
  timeout: 8,
  unhealthy: 9,
  malformed: 10,
  rejected: 11,
  incomplete: 12,
  evicted: 13,
  incompatible: 14,
  checkFailed: 15,
  needsConfirmation: 16,
  config: 17,
  io: 18,
  unsupported: 19,
  internal: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/** The class of an outcome; its number is in {@link exitCodes}. */
export type ExitClass = keyof typeof exitCodes;

const classesOfServerCodes: readonly (readonly [ExitClass, readonly number[]])[] = [
  ['notFound', [20, 100, 1009, 1010, 1011, 2010, 2011, 3007, 3021, 4000, 5000, 5003, 5006]],
  ['conflict', [46, 51, 1012, 2013, 5004]],
  ['unauthenticated', [40, 42, 47, 53, 54]],
  ['forbidden', [41]],
  ['unreachable', [8, 9, 31, 32, 33, 34, 61, 206, 400, 401, 402, 403, 404]],
  ['timeout', [12_001]],
  ['unhealthy', [57, 58]],
  ['unsupported', [5]],
  ['evicted', [30, 14_000, 14_001]],
  ['incompatible', [14_003]],
];

const byServerCode = new Map(
  classesOfServerCodes.flatMap(([name, codes]) => codes.map((code) => [code, name] as const)),
);

/** The exit class of an error code that a server answered with. */
export function exitClassOfServerCode(code: number): ExitClass {
  return byServerCode.get(code) ?? 'rejected';
}

/** The exit class of an eviction, by what it means and not by the error code it surfaces as. */
export function exitClassOfEviction(reason: number): ExitClass {
  if (reason === 9 || reason === 10 || reason === 11) return 'unauthenticated';
  if (reason === 14) return 'incompatible';
  if (reason === 15 || (reason >= 4 && reason <= 6)) return 'rejected';
  return 'evicted';
}
