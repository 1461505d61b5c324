import { checkFile } from './check-file.js';
import { type DataFile, dataFiles, requireFolder } from './data-files.js';
import { chainBreaks } from './segment-chain.js';

export interface IntegrityCounts {
  readonly checked: number;
  readonly ok: number;
  readonly unsealed: number;
  readonly torn: number;
  readonly damaged: number;
}

/** One line per file of a data directory, and how many of each kind there are. */
export function checkIntegrity(directory: string) {
  requireFolder(directory);
  const all: readonly DataFile[] = [...dataFiles(directory)];
  const breaks = new Map(chainBreaks(all).map(({ file, detail }) => [file.path, detail]));
  const files = all.map((file) => {
    const broken = breaks.get(file.path);
    const check =
      broken === undefined
        ? checkFile(file)
        : { verdict: 'damaged' as const, detail: broken, offset: 0 };
    return {
      verdict: check?.verdict ?? '-',
      file: file.name,
      file_kind: file.kind,
      size_bytes: BigInt(file.size),
      offset: check?.offset === undefined ? null : BigInt(check.offset),
      op: check?.op === undefined ? null : BigInt(check.op),
      detail: check?.detail ?? 'not checked',
    };
  });
  const count = (wanted: string) => files.filter(({ verdict }) => verdict === wanted).length;
  const [ok, unsealed] = [count('ok'), count('unsealed')];
  const [torn, damaged] = [count('torn'), count('damaged')];
  const counts: IntegrityCounts = {
    ...{ checked: ok + unsealed + torn + damaged, ok, unsealed, torn, damaged },
  };
  return { files, counts };
}

export function countsText({ checked, ok, unsealed, torn, damaged }: IntegrityCounts): string {
  const parts = [
    ...[`${checked} files checked: ${ok} ok`, `${unsealed} unsealed`, `${torn} torn`],
    `${damaged} damaged`,
  ];
  return parts.join(', ');
}
