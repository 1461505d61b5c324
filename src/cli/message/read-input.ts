import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  createReadStream,
  existsSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError, usageError } from '../cli-error.js';
import { ioError } from '../config/private-file.js';
import type { InputRecord } from './input-record.js';
import { jsonElements, jsonProblem } from './json-input.js';
import { splitRecords } from './split-records.js';

/** Forms of the input of `message send`. */
export const inputForms = ['lines', 'json', 'ndjson', 'binary', 'hex', 'base64'] as const;
export type InputForm = (typeof inputForms)[number];

/** Where payloads come from. */
export interface InputSource {
  /** Absent = standard input. */
  readonly file: string | undefined;
  readonly form: InputForm;
  readonly delimiter: Uint8Array | undefined;
  /** Told what is wrong with a record that is then left out; absent = the first one is an error. */
  readonly skip?: (line: number, problem: string) => void;
}

/** Runs when the command ends, to remove what was put aside. */
export type OnEnd = (cleanUp: () => void) => void;

/**
 * The payloads of the input, streamed. Forms that can be wrong are read twice, so that nothing is
 * sent of an input that is wrong anywhere; standard input is put aside in a private file for that.
 *
 * @throws CliError E_USAGE with line and column, E_IO
 */
export async function openInput(
  source: InputSource,
  onEnd: OnEnd,
): Promise<AsyncIterable<InputRecord>> {
  const { file, form, skip } = source;
  if (file !== undefined) checkInputFile(file);
  const mayBeWrong = form !== 'lines' && form !== 'binary';
  if (!mayBeWrong || skip !== undefined) return recordsOf(source, file);
  const kept = file ?? (await putAside(onEnd));
  for await (const { line } of recordsOf(source, kept)) void line;
  return recordsOf(source, kept);
}

/** @throws CliError E_USAGE, E_IO when it is no file that can be read */
export function checkInputFile(path: string): void {
  if (!existsSync(path)) throw usageError(`--file: there is no file ${path}`);
  if (statSync(path).isDirectory()) throw usageError(`--file: ${path} is a folder`);
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw ioError('read', path, error);
  }
}

async function* recordsOf(
  source: InputSource,
  file: string | undefined,
): AsyncGenerator<InputRecord, void, undefined> {
  const { form, delimiter, skip } = source;
  const input = file === undefined ? process.stdin : createReadStream(file);
  if (form === 'json') {
    yield* jsonElements(await whole(input), skip);
    return;
  }
  if (form === 'binary' && delimiter === undefined) {
    const payload = await whole(input);
    if (payload.length > 0) yield { payload, line: 1 };
    return;
  }
  let line = 0;
  for await (const record of splitRecords(input, delimiter ?? Buffer.from('\n'))) {
    line += 1;
    const read = decoded(record, form);
    if (read === undefined) continue;
    if ('payload' in read) {
      yield { payload: read.payload, line };
      continue;
    }
    if (skip === undefined) throw wrongInput(form, line, read);
    skip(line, read.problem);
  }
}

interface Problem {
  readonly problem: string;
  readonly column: number;
}

/** The payload of one record; nothing for a blank one where those mean nothing. */
function decoded(
  record: Buffer,
  form: InputForm,
): { readonly payload: Buffer } | Problem | undefined {
  if (form === 'lines' || form === 'binary') return { payload: record };
  const text = record.toString('utf8').trim();
  if (text === '') return undefined;
  if (form === 'ndjson') {
    const problem = jsonProblem(text);
    return problem === undefined ? { payload: Buffer.from(text) } : problem;
  }
  const compact = text.replace(/\s+/g, '');
  if (form === 'hex') {
    const digits = compact.replace(/^0x/i, '');
    const bad = digits.search(/[^0-9a-f]/i);
    if (bad >= 0) return { problem: 'not a hex digit', column: bad + 1 };
    if (digits.length % 2 === 1)
      return { problem: 'an odd number of hex digits', column: digits.length };
    return { payload: Buffer.from(digits, 'hex') };
  }
  const bad = compact.search(/[^0-9a-z+/=_-]/i);
  if (bad >= 0) return { problem: 'not base64', column: bad + 1 };
  return { payload: Buffer.from(compact, 'base64') };
}

function wrongInput(form: string, line: number, { problem, column }: Problem): CliError {
  return usageError(
    `the input is not ${form}: line ${line}, column ${column}: ${problem}; nothing was sent`,
    'mend it, or add --on-error continue to leave such lines out',
  );
}

async function whole(input: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

/** Copies standard input to a file that only its owner can read and that is removed at the end. */
async function putAside(onEnd: OnEnd): Promise<string> {
  const path = join(tmpdir(), `iggyctl-${randomBytes(8).toString('hex')}.input`);
  const file = openSync(path, 'wx', 0o600);
  onEnd(() => rmSync(path, { force: true }));
  try {
    for await (const chunk of process.stdin) writeSync(file, chunk as Uint8Array);
  } catch (cause) {
    throw new CliError('E_IO', `cannot keep the input in ${path}`, { cause });
  } finally {
    closeSync(file);
  }
  return path;
}
